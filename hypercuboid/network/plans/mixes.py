"""Mixes of what is normalised: batch norms, the weighted sum and the sum over edges as one step.

Forward never writes a normalised term: the sum of c_i (x_i - m_i) / s_i is one pass over each x_i. What backward needs
of a batch norm, the sums over (x_i - m_i) / s_i times the gradient, is the gradient of its coefficient too, so each x_i
is all that is kept; terms without a norm are kept where their coefficients want a gradient.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from hypercuboid.network.plan import Running, run_parts, run_step
from hypercuboid.network.plans.base import PASSES
from hypercuboid.network.plans.norms import NORM, Norm, batch_statistics, is_norm, norm_backward
from hypercuboid.network.plans.rewriting import in_bodies, readers, uses
from hypercuboid.network.precision import is_mixed
from hypercuboid.network.steps import Fused, Mix, Plan, RunOp, Slot

SUM = "sum"


class _WeightedSum(torch.autograd.Function):
    """The inputs behind `norms` and `coefficients` are x, scale and shift of each term; a norm may be None."""

    @staticmethod
    def forward(ctx: Any, norms: tuple[Norm | None, ...], coefficients: Tensor, *tensors: Tensor | None) -> Tensor:
        ctx.eps = [0.0 if norm is None else norm.eps for norm in norms]
        numbers = _numbers(coefficients)
        total, offset_c = None, None
        kept: list[tuple[Tensor | None, ...]] = []
        for at, (norm, number) in enumerate(zip(norms, numbers, strict=True)):
            x, scale, shift = tensors[3 * at : 3 * at + 3]
            assert x is not None
            if norm is None:
                total = number * x if total is None else total.add_(x, alpha=number)
                kept.append((x if ctx.needs_input_grad[1] else None, None, None, None, None))
                continue
            mean_c, variance_c = batch_statistics(norm, x)
            factor_c = number * (variance_c + norm.eps).rsqrt()
            factor_c = factor_c if scale is None else factor_c * scale
            moved_c = -mean_c * factor_c if shift is None else number * shift - mean_c * factor_c
            offset_c = moved_c if offset_c is None else offset_c + moved_c
            spread = _spread(factor_c, x)
            total = x * spread if total is None else total.addcmul_(x, spread)
            kept.append((x, scale, shift, mean_c, variance_c))
        assert total is not None
        ctx.save_for_backward(coefficients, *(one for term in kept for one in term))
        return total if offset_c is None else total.add_(_spread(offset_c, total))

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        coefficients, *kept = ctx.saved_tensors
        of_coefficients: list[Tensor] = []
        of_tensors: list[Tensor | None] = []
        for at, (number, eps) in enumerate(zip(_numbers(coefficients), ctx.eps, strict=True)):
            x, scale, shift, mean_c, variance_c = kept[5 * at : 5 * at + 5]
            if mean_c is None:
                of_tensors += [number * gradient, None, None]
                of_coefficients += [(gradient * x).sum()] if x is not None else []
                continue
            weight_c = torch.full_like(mean_c, number) if scale is None else number * scale
            of_x, of_scale, of_shift = norm_backward(gradient, x, weight_c, mean_c, variance_c, eps)
            of_tensors.append(of_x)
            of_tensors += [None, None] if scale is None else [number * of_scale, number * of_shift]
            if ctx.needs_input_grad[1]:
                own = of_scale.sum() if scale is None else of_scale.dot(scale) + of_shift.dot(shift)
                of_coefficients.append(own)
        stacked = torch.stack(of_coefficients) if ctx.needs_input_grad[1] else None
        return (None, stacked, *of_tensors)


def _numbers(coefficients: Tensor) -> list[float]:
    """Their values; where only shapes are computed with, any."""
    if coefficients.is_meta:
        return [1.0] * len(coefficients)
    numbers: list[float] = coefficients.tolist()
    return numbers


def _spread(vector_c: Tensor, like: Tensor) -> Tensor:
    """(c) so that it multiplies an image or a vector of each example."""
    return vector_c.view(1, -1, *[1] * (like.dim() - 2))


@dataclass(frozen=True)
class NormedMix(Fused):
    """`parts` are batch norms, mixes that read them, and the sum of these mixes where there are several."""

    @cached_property
    def terms(self) -> tuple[tuple[str, int, Slot, str | None], ...]:
        """Decision, place in its array, value and the name of the batch norm of each term."""
        norms = {part.output: part for part in self.parts if isinstance(part, RunOp) and part.op == NORM}
        found: list[tuple[str, int, Slot, str | None]] = []
        for part in self.parts:
            if not isinstance(part, Mix):
                continue
            for place, slot in part.entries:
                norm = norms.get(slot)
                own = (slot, None) if norm is None else (norm.inputs[0], norm.name)
                found.append((part.decision, place, *own))
        return tuple(found)


@run_step.register
def _normed_mix(step: NormedMix, inputs: Sequence[Any], running: Running) -> Sequence[Any]:
    values = dict(zip(step.inputs, inputs, strict=True))
    norms, tensors = [], []
    for _, _, slot, name in step.terms:
        norm = None if name is None else running.modules[name]
        x = values[slot]
        if norm is not None and (not is_norm(norm) or x.numel() == x.shape[1]):
            return run_parts(step, inputs, running)
        norms.append(norm)
        tensors += [x, None, None] if norm is None else [x, norm.weight, norm.bias]
    if is_mixed(inputs[0]):
        return run_parts(step, inputs, running)
    coefficients = torch.stack([running.scalars[decision][place] for decision, place, _, _ in step.terms])
    return (_WeightedSum.apply(tuple(norms), coefficients, *tensors),)


@PASSES.entry("mixes")
def normed_mixes(plan: Plan) -> Plan:
    """The plan in which each mix is one step with the batch norms that it alone reads, and with other mixes where
    nothing is done with them but to add them up.
    """
    plan = in_bodies(normed_mixes, plan)
    read, used = readers(plan), uses(plan)
    made = {step.output: step for step in plan.steps if isinstance(step, RunOp | Mix)}
    inside: set[Slot] = set()
    fused: dict[Slot, NormedMix] = {}
    for step in reversed(plan.steps):
        if not isinstance(step, RunOp | Mix) or step.output in inside:
            continue
        mixes = mixes_of(step, made, read)
        norms = [one for mix in mixes for one in _norms(mix, made, read, used)]
        if mixes:
            parts: tuple[RunOp | Mix, ...] = (*norms, *mixes, *(() if isinstance(step, Mix) else (step,)))
            fused[step.output] = NormedMix(parts, (step.output,))
            inside.update(part.output for part in parts[:-1])
    left = (step for step in plan.steps if inside.isdisjoint(step.outputs))
    return replace(plan, steps=tuple(fused.get(step.outputs[0], step) for step in left))


def mixes_of(step: RunOp | Mix, made: dict[Slot, RunOp | Mix], read: Any) -> list[Mix]:
    """The mix itself; or the mixes that a sum adds up where it reads nothing else and nothing else reads them."""
    if isinstance(step, Mix):
        return [step]
    if step.op != SUM:
        return []
    found = [made.get(slot) for slot in step.inputs]
    mixes = [one for one in found if isinstance(one, Mix) and read[one.output] == 1]
    return mixes if len({mix.output for mix in mixes}) == len(found) else []


def _norms(mix: Mix, made: dict[Slot, RunOp | Mix], read: Any, used: Any) -> list[RunOp]:
    found = [made.get(slot) for slot in dict.fromkeys(mix.inputs)]
    own = [one for one in found if isinstance(one, RunOp) and one.op == NORM]
    return [one for one in own if read[one.output] == 1 and used[one.name] == 1]
