"""One group in the compiled kernel, as a function with a gradient. Second derivatives it has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable


@dataclass(frozen=True)
class Layers:
    """The layers of a unit, read from the supernet while it runs."""

    moved: nn.Module | None
    product: nn.Module | None
    norm: nn.Module | None

    @property
    def weights(self) -> tuple[Tensor | None, ...]:
        """In the order of the kernel: depthwise, 1x1, and those of batch norm."""
        parts = ((self.moved, "weight"), (self.product, "weight"), (self.norm, "weight"), (self.norm, "bias"))
        return tuple(getattr(layer, name, None) for layer, name in parts)

    @property
    def statistics(self) -> tuple[Tensor | None, ...]:
        return tuple(getattr(self.norm, name, None) for name in ("running_mean", "running_var"))

    @property
    def training(self) -> bool:
        return self.norm is not None and self.norm.training

    @property
    def momentum(self) -> float:
        return float(getattr(self.norm, "momentum", 0.0))


class GroupFunction(torch.autograd.Function):
    """(source (N, C, H, W), coefficients (alternatives)) -> their weighted sum, channels last."""

    @staticmethod
    def forward(
        ctx: Any,
        kernel: Any,
        spec: Any,
        layers: Sequence[Layers],
        x_nchw: Tensor,
        coefficients: Tensor,
        *weights: Tensor,
    ) -> Tensor:
        training, momentum = [one.training for one in layers], [one.momentum for one in layers]
        statistics = [tensor for one in layers for tensor in one.statistics]
        state = kernel.State(list(weights), statistics, training, momentum)
        output: Tensor
        output, kept, norms = kernel.forward(spec, state, x_nchw, coefficients)
        ctx.kernel, ctx.spec, ctx.training = kernel, spec, training
        ctx.save_for_backward(x_nchw, coefficients, kept, norms, *weights)
        return output

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Any, ...]:
        x_nchw, coefficients, kept, norms, *weights = ctx.saved_tensors
        units = len(ctx.training)
        state = ctx.kernel.State(weights, [None] * (2 * units), ctx.training, [0.0] * units)
        given = gradient.contiguous(memory_format=torch.channels_last)
        _, _, _, to_source, to_coefficients, *wanted = ctx.needs_input_grad
        d_source, d_coefficients, d_weights = ctx.kernel.backward(
            ctx.spec, state, x_nchw, coefficients, kept, norms, given, to_source, wanted
        )
        return (None, None, None, d_source, d_coefficients if to_coefficients else None, *d_weights)
