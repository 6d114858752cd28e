"""Chains: batch norm, ReLU and up to two convolutions as one step that keeps little for backward.

It keeps its input, and what is between two convolutions where the weights of the second want a gradient. The batch norm
under the statistics of forward and the ReLU are computed again; so is what is between two convolutions (in separable
ones, the output of the depthwise) where the second narrows, for there it is the largest value, and under the pass
`recompute` everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from hypercuboid.network.plan import Running, run_parts, run_step
from hypercuboid.network.plans.base import PASSES
from hypercuboid.network.plans.convolution import Geometry, convolve, convolve_backward, geometry_of
from hypercuboid.network.plans.norms import NORM, Norm, batch_statistics, is_norm, norm_backward, normalised
from hypercuboid.network.plans.rewriting import in_bodies, readers, uses
from hypercuboid.network.precision import is_mixed
from hypercuboid.network.steps import Fused, Plan, RunOp, Slot, Step

RELU, CONVOLUTIONS = "relu", ("conv", "dwconv")


class _Chain(torch.autograd.Function):
    """`norm`, where there is one, and ReLU, where `relu`, before convolutions of `geometries`."""

    @staticmethod
    def forward(
        ctx: Any,
        norm: Norm | None,
        relu: bool,
        keeps: bool,
        geometries: tuple[Geometry, ...],
        x: Tensor,
        scale: Tensor | None,
        shift: Tensor | None,
        *weights: Tensor,
    ) -> Tensor:
        ctx.relu, ctx.geometries, ctx.eps = relu, geometries, norm.eps if norm is not None else 0.0
        statistics = (None, None) if norm is None else batch_statistics(norm, x)
        value = convolve(_before(ctx, x, scale, shift, *statistics), weights[0], geometries[0])
        needed = keeps and len(weights) == 2 and ctx.needs_input_grad[8]
        ctx.save_for_backward(x, scale, shift, *statistics, value if needed else None, *weights)
        return value if len(weights) == 1 else convolve(value, weights[1], geometries[1])

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        x, scale, shift, mean, variance, between, *weights = ctx.saved_tensors
        wanted = ctx.needs_input_grad[7:]
        value = _before(ctx, x, scale, shift, mean, variance) if ctx.relu or any(wanted) else x
        of_weights: list[Tensor | None] = [None] * len(weights)
        if len(weights) == 2:
            first, second = ctx.geometries
            if between is None:
                between = convolve(value, weights[0], first) if wanted[1] else _shaped(value, weights[0], first)
            of_between, of_weights[1] = convolve_backward(gradient, between, weights[1], second, (True, wanted[1]))
            assert of_between is not None
            gradient = of_between
        of_value, of_weights[0] = convolve_backward(gradient, value, weights[0], ctx.geometries[0], (True, wanted[0]))
        assert of_value is not None
        if ctx.relu:
            of_value = torch.ops.aten.threshold_backward(of_value, value, 0)
        if mean is None:
            return (None, None, None, None, of_value, None, None, *of_weights)
        of_norm = norm_backward(of_value, x, scale, mean, variance, ctx.eps)
        affine = of_norm[1:] if scale is not None else (None, None)
        return (None, None, None, None, of_norm[0], *affine, *of_weights)


def _before(
    ctx: Any, x: Tensor, scale: Tensor | None, shift: Tensor | None, mean: Tensor | None, variance: Tensor | None
) -> Tensor:
    """What the first convolution reads."""
    if mean is None or variance is None:
        return x.relu() if ctx.relu else x
    value = normalised(x, scale, shift, mean, variance, ctx.eps)
    return value.relu_() if ctx.relu else value


def _shaped(value: Tensor, weight: Tensor, of: Geometry) -> Tensor:
    """Without numbers, in the shape of what is between two convolutions: its gradient does not depend on them."""
    size = [
        (length + 2 * pad - spread * (kernel - 1) - 1) // step + 1
        for length, pad, spread, kernel, step in zip(
            value.shape[2:], of.padding, of.dilation, weight.shape[2:], of.stride, strict=True
        )
    ]
    shape = (value.shape[0], weight.shape[0], *size)
    layout = torch.channels_last if value.is_contiguous(memory_format=torch.channels_last) else torch.contiguous_format
    return torch.empty(shape, dtype=value.dtype, device=value.device, memory_format=layout)


@dataclass(frozen=True)
class Chain(Fused):
    """`parts` are a batch norm or none, a ReLU or none, and one or two convolutions; whether it `keeps` what is between
    these.
    """

    keeps: bool = True

    @cached_property
    def ops(self) -> tuple[RunOp, ...]:
        return tuple(part for part in self.parts if isinstance(part, RunOp))


@run_step.register
def _chain(step: Chain, inputs: Sequence[Any], running: Running) -> Sequence[Any]:
    (x,) = inputs
    modules = [running.modules[one.name] for one in step.ops if one.op != RELU]
    norm = modules[0] if step.ops[0].op == NORM else None
    convolutions = modules if norm is None else modules[1:]
    geometries = tuple(geometry_of(one) for one in convolutions if isinstance(one, nn.Conv2d))
    known = tuple(one for one in geometries if one is not None)
    runs = (norm is None or is_norm(norm)) and len(known) == len(convolutions)
    if not runs or is_mixed(x) or (norm is not None and x.numel() == x.shape[1]):
        return run_parts(step, inputs, running)
    relu = any(one.op == RELU for one in step.ops)
    affine = (None, None) if norm is None else (norm.weight, norm.bias)
    return (_Chain.apply(norm, relu, step.keeps, known, x, *affine, *(one.weight for one in convolutions)),)


@PASSES.entry("chains")
def in_chains(plan: Plan) -> Plan:
    """The plan in which each convolution is one step with the batch norm and the ReLU before it that nothing else
    reads, and with a second convolution behind it.
    """
    plan = in_bodies(in_chains, plan)
    read, used = readers(plan), uses(plan)
    chains: dict[Slot, tuple[RunOp, ...]] = {}
    steps: dict[Slot, Step] = {}
    for step in plan.steps:
        if not isinstance(step, RunOp) or not _fits(step) or used[step.name] > 1:
            steps[step.outputs[0]] = step
            continue
        before = chains.get(step.inputs[0], ()) if read[step.inputs[0]] == 1 else ()
        if not _follows(before, step):
            before = ()
        if before:
            del steps[before[-1].output]
        chains[step.output] = parts = (*before, step)
        narrows = step.type.channels < step.input_types[0].channels
        steps[step.output] = Chain(parts, (step.output,), keeps=not narrows)
    return replace(plan, steps=tuple(one for step in steps.values() for one in _opened(step)))


def _fits(step: RunOp) -> bool:
    """Whether the op may stand in a chain."""
    return step.op in (NORM, RELU) or (step.op in CONVOLUTIONS and not step.arguments["bias"])


def _follows(before: tuple[RunOp, ...], step: RunOp) -> bool:
    """Whether the op may stand behind a chain."""
    if not before or step.op == NORM:
        return False
    last, convolutions = before[-1].op, sum(one.op in CONVOLUTIONS for one in before)
    if step.op == RELU:
        return last == NORM
    return convolutions < 2


def _opened(step: Step) -> Sequence[Step]:
    """The ops one by one where a chain has no convolution."""
    if isinstance(step, Chain) and not any(one.op in CONVOLUTIONS for one in step.ops):
        return step.parts
    return (step,)


@PASSES.entry("recompute")
def recomputing(plan: Plan) -> Plan:
    """The plan whose chains compute again what is between two convolutions: a little more time, less memory."""
    plan = in_bodies(recomputing, plan)
    return replace(plan, steps=tuple(replace(s, keeps=False) if isinstance(s, Chain) else s for s in plan.steps))
