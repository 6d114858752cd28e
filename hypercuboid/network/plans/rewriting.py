"""What passes share: values under other names, plans inside of scans, and how often an instance is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from hypercuboid.network.steps import Fused, Mix, Plan, RunOp, Scan, Slot, Step

if TYPE_CHECKING:
    from hypercuboid.network.plans.base import Pass

AnyStep = TypeVar("AnyStep", bound=Step)


def renamed(step: AnyStep, names: Mapping[Slot, Slot]) -> AnyStep:
    """The step reading `names[slot]` in place of a slot that is there."""
    if isinstance(step, Mix):
        return replace(step, entries=tuple((at, names.get(slot, slot)) for at, slot in step.entries))
    if isinstance(step, Fused):
        return replace(step, parts=tuple(renamed(part, names) for part in step.parts))
    return replace(step, inputs=tuple(names.get(slot, slot) for slot in step.inputs))


def with_steps(plan: Plan, steps: list[Step], names: Mapping[Slot, Slot]) -> Plan:
    """The plan with other steps; its outputs under their new names."""
    aux = None if plan.aux is None else names.get(plan.aux, plan.aux)
    return Plan(tuple(steps), plan.arity, names.get(plan.output, plan.output), aux)


def in_bodies(of: Pass, plan: Plan) -> Plan:
    """The plan with the pass made on the bodies of its scans."""
    if not any(isinstance(step, Scan) for step in plan.steps):
        return plan
    steps = tuple(replace(step, body=of(step.body)) if isinstance(step, Scan) else step for step in plan.steps)
    return replace(plan, steps=steps)


def uses(plan: Plan) -> Counter[str]:
    """How often each instance runs. Of one that runs twice, the order of its runs decides its running statistics."""
    return Counter(step.name for step in plan.every_step() if isinstance(step, RunOp))


def readers(plan: Plan) -> Counter[Slot]:
    """How many steps read each value; outputs are read once more."""
    read = Counter(slot for step in plan.steps for slot in set(step.inputs))
    read[plan.output] += 1
    if plan.aux is not None:
        read[plan.aux] += 1
    return read
