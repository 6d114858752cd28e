"""Values that many steps read: their gradients are added up at once, not one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from hypercuboid.network.plans.batching.steps import Batch, Contraction, Shared
from hypercuboid.network.plans.rewriting import renamed
from hypercuboid.network.steps import Slot, Step

MANY = 4
"""Readers from which this takes fewer kernels: two, stacking and a sum, instead of one less than there are readers."""


def shared(steps: Sequence[Step], ends: Sequence[Slot], fresh: Iterator[Slot]) -> Iterator[Step]:
    """The steps, in which each reader of a value with many has it under a name of its own."""
    readers = Counter(slot for step in steps for slot in set(step.inputs))
    names: dict[Slot, list[Slot]] = {}
    for step in steps:
        yield _reading(step, {slot: names[slot].pop() for slot in set(step.inputs) if slot in names})
        for slot in step.outputs:
            if readers[slot] >= MANY and slot not in ends:
                names[slot] = [next(fresh) for _ in range(readers[slot])]
                yield Shared((), tuple(names[slot]), slot)


def _reading(step: Step, names: Mapping[Slot, Slot]) -> Step:
    if not names:
        return step
    if isinstance(step, Batch | Contraction):
        return replace(step, pieces=tuple(names.get(slot, slot) for slot in step.pieces))
    return renamed(step, names)
