"""A plan restricted to some alternatives: what a sampler or a decision leaves out is not run at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from hypercuboid.diagnostics import error
from hypercuboid.graph.conditions import FOLDS
from hypercuboid.network.steps import Mix, Plan, Slot, Step, pruned

if TYPE_CHECKING:
    import numpy as np


def restrict(plan: Plan, kept: Mapping[str, np.ndarray]) -> Plan:
    """The plan in which only the entries stay that are true in `kept`, decision name -> mask of its array's shape.

    A decision that `kept` does not name stays whole. A state without an alternative into it is missing (ruling 14):
    folds drop it, other ops that read it are missing too. Raises HC5004 where the output is missing.
    """
    flat = {name: mask.reshape(-1) for name, mask in kept.items()}
    values: dict[Slot, Slot | None] = {slot: slot for slot in range(plan.arity)}
    steps: list[Step] = []
    for step in plan.steps:
        if isinstance(step, Mix):
            mask = flat.get(step.decision)
            chosen = [(at, values[slot]) for at, slot in step.entries if mask is None or bool(mask[at])]
            entries = tuple((at, slot) for at, slot in chosen if slot is not None)
            values[step.output] = step.output if entries else None
            if entries:
                steps.append(replace(step, entries=entries))
            continue
        present = tuple(slot for one in step.inputs if (slot := values[one]) is not None)
        if len(present) == len(step.inputs):
            values[step.output] = step.output
            steps.append(replace(step, inputs=present))
        elif step.op not in FOLDS or not present:
            values[step.output] = None
        elif len(present) == 1:
            values[step.output] = present[0]
        else:
            values[step.output] = step.output
            steps.append(replace(step, inputs=present, input_types=step.input_types[: len(present)]))
    output = values[plan.output]
    if output is None:
        raise error("HC5004", "what is kept does not reach the output", help="keep a path that does")
    return pruned(Plan(tuple(steps), plan.arity, output, None if plan.aux is None else values[plan.aux]))
