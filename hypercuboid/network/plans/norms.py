"""Batch norm without weights on one input: one output for all instances, each of which keeps its own statistics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeGuard

import torch
from torch import Tensor, nn

from hypercuboid.network.plan import Running, run_parts, run_step
from hypercuboid.network.plans.base import PASSES
from hypercuboid.network.plans.rewriting import renamed, uses, with_steps
from hypercuboid.network.steps import Fused, Plan, RunOp, Slot, Step

NORM = "bn"
"""The op that these passes know."""


Norm: TypeAlias = nn.BatchNorm1d | nn.BatchNorm2d


def is_norm(module: nn.Module) -> TypeGuard[Norm]:
    """Whether it is torch's own batch norm that is training: a replaced one, or one that evaluates, runs by itself.

    So does one without momentum, whose statistics are the mean over all batches.
    """
    return type(module) in (nn.BatchNorm1d, nn.BatchNorm2d) and module.training and module.momentum is not None


def take_statistics(norm: Norm, mean_c: Tensor, variance_c: Tensor, count: int) -> None:
    """Moves the running statistics as torch does, given the mean and the (biased) variance of `count` numbers."""
    assert norm.running_mean is not None and norm.running_var is not None and norm.momentum is not None
    assert norm.num_batches_tracked is not None
    with torch.no_grad():
        norm.running_mean.lerp_(mean_c.to(norm.running_mean), norm.momentum)
        unbiased_c = variance_c * (count / max(1, count - 1))
        norm.running_var.lerp_(unbiased_c.to(norm.running_var), norm.momentum)
        norm.num_batches_tracked.add_(1)


def batch_statistics(norm: Norm, x: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and (biased) variance per channel; the running statistics move."""
    assert norm.momentum is not None and norm.num_batches_tracked is not None
    norm.num_batches_tracked.add_(1)
    if x.is_meta:  # on which torch does not know the shapes of this op
        return x.new_empty(x.shape[1]), x.new_empty(x.shape[1])
    mean_c, variance_c = torch.batch_norm_update_stats(x, norm.running_mean, norm.running_var, norm.momentum)
    return mean_c, variance_c


def normalised(
    x: Tensor, scale: Tensor | None, shift: Tensor | None, mean_c: Tensor, variance_c: Tensor, eps: float
) -> Tensor:
    """Batch norm under given statistics: the same numbers each time."""
    output: Tensor = torch.native_batch_norm(x, scale, shift, mean_c, variance_c, False, 0.0, eps)[0]
    return output


def norm_backward(
    gradient: Tensor, x: Tensor, scale: Tensor | None, mean_c: Tensor, variance_c: Tensor, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Of x; and, per channel, the sums of the gradient times the normalised x and of the gradient: those of an affine
    map behind it.
    """
    inverse_c = (variance_c + eps).rsqrt()
    given = (gradient, x, scale, None, None, mean_c, inverse_c, True, eps, [True, True, True])
    of_x, of_scale, of_shift = torch.ops.aten.native_batch_norm_backward(*given)
    return of_x, of_scale, of_shift


@dataclass(frozen=True)
class SameNorm(Fused):
    """Batch norms without weights of one input and one eps; `outputs` is what the first of them gives."""


@run_step.register
def _same_norm(step: SameNorm, inputs: Sequence[Any], running: Running) -> Sequence[Any]:
    norms = [running.modules[part.name] for part in step.parts if isinstance(part, RunOp)]
    if not all(is_norm(one) for one in norms):
        return run_parts(step, inputs, running)
    (x,) = inputs
    first = norms[0]
    assert is_norm(first)
    output, mean_c, scale_c = torch.native_batch_norm(x, None, None, None, None, True, 0.0, first.eps)
    variance_c = scale_c.detach().pow(-2) - first.eps
    for norm in norms:
        assert is_norm(norm)
        take_statistics(norm, mean_c.detach(), variance_c, x.numel() // x.shape[1])
    return (output,)


@PASSES.entry("norms")
def shared_norms(plan: Plan) -> Plan:
    """The plan in which batch norms without weights on one value are one step."""
    used = uses(plan)
    names: dict[Slot, Slot] = {}
    known: dict[object, int] = {}
    steps: list[Step] = []
    for step in plan.steps:
        step = renamed(step, names)
        if not isinstance(step, RunOp) or step.op != NORM or step.arguments["affine"] or used[step.name] > 1:
            steps.append(step)
            continue
        at = known.setdefault((step.inputs, step.arguments["eps"]), len(steps))
        if at == len(steps):
            steps.append(SameNorm((step,), (step.output,)))
            continue
        before = steps[at]
        assert isinstance(before, SameNorm)
        names[step.output] = before.outputs[0]
        steps[at] = replace(before, parts=(*before.parts, step))
    return with_steps(plan, [_single(step) for step in steps], names)


def _single(step: Step) -> Step:
    """The op itself where nothing shares its output."""
    return step.parts[0] if isinstance(step, SameNorm) and len(step.parts) == 1 else step
