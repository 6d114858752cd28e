"""What a plan is made of: steps over value slots, in the order in which they run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from hypercuboid.diagnostics import Span
    from hypercuboid.ops.base import TensorType, Value

Slot: TypeAlias = int
"""The number of a value of a plan."""


@dataclass(frozen=True)
class RunOp:
    """Runs the atomic op `op` on the values in `inputs`; `name` is the full name of the instance that holds weights."""

    op: str
    arguments: Mapping[str, Value]
    inputs: tuple[Slot, ...]
    output: Slot
    name: str
    input_types: tuple[TensorType, ...]
    type: TensorType
    span: Span | None = field(compare=False, default=None)

    @property
    def outputs(self) -> tuple[Slot, ...]:
        return (self.output,)


@dataclass(frozen=True)
class Mix:
    """The sum of values times coefficients, in the order of `entries`.

    An entry is a position in the array of `decision`, row-major, and the slot of the value that it multiplies.
    """

    decision: str
    entries: tuple[tuple[int, Slot], ...]
    output: Slot
    span: Span | None = field(compare=False, default=None)

    @property
    def inputs(self) -> tuple[Slot, ...]:
        return tuple(slot for _, slot in self.entries)

    @property
    def outputs(self) -> tuple[Slot, ...]:
        return (self.output,)


@dataclass(frozen=True)
class Scan:
    """Runs `body` at each position of a sequence (N, t, d), and stacks the states after them to (N, t, state).

    `inputs` are the sequence, the first state and what the body reads besides; the inputs of the body are the element
    at a position (N, d), the state before it (N, state) and that.
    """

    body: Plan
    inputs: tuple[Slot, ...]
    output: Slot
    span: Span | None = field(compare=False, default=None)

    @property
    def outputs(self) -> tuple[Slot, ...]:
        return (self.output,)


@dataclass(frozen=True)
class Fused:
    """The base of steps that do at once what `parts` do one after the other; passes make them, see `network.plans`.

    `outputs` are the values that something else reads. A kind of fused step is a dataclass of its own, with a function
    that is registered for it in `network.plan.run_step`.
    """

    parts: tuple[RunOp | Mix, ...]
    outputs: tuple[Slot, ...]

    @cached_property
    def inputs(self) -> tuple[Slot, ...]:
        """What the parts read and do not make, each once, in the order in which it is read."""
        made = {part.output for part in self.parts}
        return tuple(dict.fromkeys(slot for part in self.parts for slot in part.inputs if slot not in made))


Step: TypeAlias = RunOp | Mix | Scan | Fused


@dataclass(frozen=True)
class Plan:
    """Steps in the order in which they run. Slots 0 to `arity` - 1 hold the inputs of the network.

    `aux` is the slot of the training-only output.
    """

    steps: tuple[Step, ...]
    arity: int
    output: Slot
    aux: Slot | None = None

    def every_step(self) -> Iterator[Step]:
        """All steps, those of scans after the scan and those that are fused after what does their work."""
        for step in self.steps:
            yield step
            if isinstance(step, Scan):
                yield from step.body.every_step()
            elif isinstance(step, Fused):
                yield from step.parts

    @cached_property
    def released(self) -> tuple[tuple[Slot, ...], ...]:
        """Per step the values that nothing reads after it."""
        seen = {self.output} if self.aux is None else {self.output, self.aux}
        released: list[tuple[Slot, ...]] = []
        for step in reversed(self.steps):
            values = dict.fromkeys((*step.inputs, *step.outputs))
            last = tuple(slot for slot in values if slot not in seen)
            seen.update(last)
            released.append(last)
        return tuple(reversed(released))

    def without_aux(self) -> Plan:
        """The plan of what the main output needs."""
        return self if self.aux is None else pruned(Plan(self.steps, self.arity, self.output))


def pruned(plan: Plan) -> Plan:
    """The plan without the steps that neither output needs."""
    needed = {plan.output} if plan.aux is None else {plan.output, plan.aux}
    kept: list[Step] = []
    for step in reversed(plan.steps):
        if not needed.isdisjoint(step.outputs):
            needed.update(step.inputs)
            kept.append(step)
    return Plan(tuple(reversed(kept)), plan.arity, plan.output, plan.aux)
