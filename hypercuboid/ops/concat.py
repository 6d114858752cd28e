"""`concat`: the fold `concat`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import channel_axis, need_tensor, with_channels
from hypercuboid.ops.base import AtomicOp, Expression, ShapeError, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class Concat(AtomicOp):
    name = "concat"
    doc = "its inputs side by side along the channel or feature axis"
    pure = True
    arity = None
    callable = False
    keeps_zero = True

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        for type in inputs:
            need_tensor("concat", type)
            if with_channels(type, 1) != with_channels(inputs[0], 1):
                message = f"`concat` needs equal sizes, not {inputs[0]} and {type}"
                raise ShapeError(message, "bring all to one size: `-> resize(2)`, or one stride", "HC3101")
        return with_channels(inputs[0], sum(type.channels for type in inputs))

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        import torch

        from hypercuboid.ops.layers.function import Function

        axis = channel_axis(inputs[0])
        return Function(lambda *xs: torch.cat(xs, dim=axis))

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Expression:
        if len(inputs) == 1:
            return Expression("{0}")
        places = ", ".join(f"{{{i}}}" for i in range(len(inputs)))
        return Expression(f"torch.cat(({places}), dim={channel_axis(inputs[0])})")


OP = Concat()
