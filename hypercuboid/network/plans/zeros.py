"""Terms that are zero leave sums, and what only they needed is not run."""

from __future__ import annotations

from dataclasses import replace

from hypercuboid.network.plans.base import PASSES
from hypercuboid.network.plans.rewriting import in_bodies
from hypercuboid.network.steps import Mix, Plan, RunOp, Slot, Step
from hypercuboid.ops import OPS


@PASSES.entry("zeros")
def without_zeros(plan: Plan) -> Plan:
    """The plan whose mixes lack the terms that are zero whatever comes in; one that has no other keeps one.

    Their coefficients have the gradient 0, as before.
    """
    plan = in_bodies(without_zeros, plan)
    zero = _zeros(plan)
    steps = tuple(_lighter(step, zero) if isinstance(step, Mix) else step for step in plan.steps)
    return without_unread(replace(plan, steps=steps))


def _zeros(plan: Plan) -> set[Slot]:
    """Values that are zero because an op without weights says so."""
    zero: set[Slot] = set()
    for step in plan.steps:
        if isinstance(step, RunOp) and OPS[step.op].pure:
            if OPS[step.op].is_zero(step.arguments, tuple(slot in zero for slot in step.inputs)):
                zero.add(step.output)
        elif isinstance(step, Mix) and zero.issuperset(step.inputs):
            zero.add(step.output)
    return zero


def _lighter(step: Mix, zero: set[Slot]) -> Mix:
    kept = tuple(entry for entry in step.entries if entry[1] not in zero)
    return replace(step, entries=kept or step.entries[:1])


def without_unread(plan: Plan) -> Plan:
    """The plan without pure steps that nothing reads; the others run on, they may have statistics."""
    needed = {plan.output} if plan.aux is None else {plan.output, plan.aux}
    kept: list[Step] = []
    for step in reversed(plan.steps):
        drops = isinstance(step, RunOp) and OPS[step.op].pure
        if not drops or not needed.isdisjoint(step.outputs):
            needed.update(step.inputs)
            kept.append(step)
    return replace(plan, steps=tuple(reversed(kept)))
