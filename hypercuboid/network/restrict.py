"""A plan restricted to some alternatives: what a sampler or a decision leaves out is not run at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from hypercuboid.diagnostics import error
from hypercuboid.graph.conditions import FOLDS
from hypercuboid.network.steps import Fused, Mix, Plan, RunOp, Scan, Slot, Step, pruned

if TYPE_CHECKING:
    import numpy as np


def restrict(plan: Plan, kept: Mapping[str, np.ndarray]) -> Plan:
    """The plan in which only the entries stay that are true in `kept`, decision name -> mask of its array's shape.

    A decision that `kept` does not name stays whole. A state without an alternative into it is missing (ruling 14):
    folds drop it, other ops that read it are missing too. Raises HC5004 where the output is missing.
    """
    flat = {name: mask.reshape(-1) for name, mask in kept.items()}
    found = _Restriction(flat).run(plan, tuple(range(plan.arity)))
    if found is None:
        raise error("HC5004", "what is kept does not reach the output", help="keep a path that does")
    return pruned(found)


class _Restriction:
    """`kept` are flat masks by decision."""

    def __init__(self, kept: Mapping[str, np.ndarray]) -> None:
        self.kept = kept

    def run(self, plan: Plan, inputs: tuple[Slot | None, ...]) -> Plan | None:
        """The plan, or None where its output is missing; `inputs` are None where they are."""
        values: dict[Slot, Slot | None] = dict(enumerate(inputs))
        steps: list[Step] = []
        for step in plan.steps:
            assert not isinstance(step, Fused), "masks are applied before passes"
            found = self.mixed(step, values) if isinstance(step, Mix) else self.ran(step, values)
            values[step.output] = found if found is None or isinstance(found, int) else step.output
            if found is not None and not isinstance(found, int):
                steps.append(found)
        output = values[plan.output]
        if output is None:
            return None
        return Plan(tuple(steps), plan.arity, output, None if plan.aux is None else values[plan.aux])

    def mixed(self, step: Mix, values: Mapping[Slot, Slot | None]) -> Step | None:
        mask = self.kept.get(step.decision)
        chosen = [(at, values[slot]) for at, slot in step.entries if mask is None or bool(mask[at])]
        entries = tuple((at, slot) for at, slot in chosen if slot is not None)
        return replace(step, entries=entries) if entries else None

    def ran(self, step: RunOp | Scan, values: Mapping[Slot, Slot | None]) -> Step | Slot | None:
        """The step with what is present of its inputs; a slot where it only hands one on."""
        present = tuple(slot for one in step.inputs if (slot := values[one]) is not None)
        if isinstance(step, Scan):
            return self.scanned(step, values)
        if len(present) == len(step.inputs):
            return replace(step, inputs=present)
        if step.op not in FOLDS or not present:
            return None
        if len(present) == 1:
            return present[0]
        return replace(step, inputs=present, input_types=step.input_types[: len(present)])

    def scanned(self, step: Scan, values: Mapping[Slot, Slot | None]) -> Step | None:
        """Where something that the body reads besides is missing, so is what reads it inside."""
        outer = [values[one] for one in step.inputs]
        if outer[0] is None or outer[1] is None:
            return None
        body = self.run(step.body, tuple(None if slot is None else i for i, slot in enumerate(outer)))
        if body is None:
            return None
        inputs = tuple(outer[0] if slot is None else slot for slot in outer)  # what is missing is not read
        return replace(step, body=pruned(body), inputs=inputs)
