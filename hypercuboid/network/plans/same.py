"""Common subexpressions: what has no weights, no statistics and no chance runs once on each input."""

from __future__ import annotations

from hypercuboid.network.plans.base import PASSES
from hypercuboid.network.plans.rewriting import in_bodies, renamed, with_steps
from hypercuboid.network.steps import Plan, RunOp, Slot, Step
from hypercuboid.ops import OPS

ALIASES = ("identity", "drop_path")
"""Ops whose output is their input: only a training, which does without these plans, ever sets the probability of a drop
path."""


@PASSES.entry("same")
def shared(plan: Plan) -> Plan:
    """The plan in which one pure op on the same values runs once: ReLUs, pools, shifts and zeros of one state."""
    plan = in_bodies(shared, plan)
    names: dict[Slot, Slot] = {}
    known: dict[object, Slot] = {}
    steps: list[Step] = []
    for step in plan.steps:
        step = renamed(step, names)
        found = _known_as(step, known)
        if found is None:
            steps.append(step)
        else:
            names[step.outputs[0]] = found
    return with_steps(plan, steps, names)


def _known_as(step: Step, known: dict[object, Slot]) -> Slot | None:
    """The value that the step would make again."""
    if not isinstance(step, RunOp):
        return None
    if step.op in ALIASES:
        return step.inputs[0]
    if not OPS[step.op].pure:
        return None
    key = (step.op, tuple(sorted(step.arguments.items())), step.inputs)
    return None if known.setdefault(key, step.output) == step.output else known[key]
