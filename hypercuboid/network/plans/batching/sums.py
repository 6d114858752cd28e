"""Weighted sums: found in a plan, and which values each product of matrices takes part of them from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import gcd
from typing import TypeAlias

from hypercuboid.network.plans.batching.kinds import made_by, ops_of
from hypercuboid.network.plans.batching.steps import Total
from hypercuboid.network.plans.mixes import mixes_of
from hypercuboid.network.plans.rewriting import readers
from hypercuboid.network.steps import Mix, Plan, RunOp, Slot
from hypercuboid.ops.base import TensorType

Place: TypeAlias = tuple[str, int]
"""Of a coefficient: a decision, and the position in its array."""

Places: TypeAlias = tuple[tuple[Place | None, ...], ...]

ROWS = 32
"""The most rows of a product of values of several channels: each value meets zeros in all rows but its own."""


@dataclass(frozen=True)
class Product:
    """The matrix product that gives to each of `totals` its part from `values`; `types` are those of both.

    A row is a run of `width` channels of a total, and a column one of a value.
    """

    totals: tuple[Total, ...]
    values: tuple[Slot, ...]
    types: Mapping[Slot, TensorType]
    width: int

    @cached_property
    def entries(self) -> tuple[tuple[tuple[Slot, Place], ...], ...]:
        """For each total the values that it takes, and the places of their coefficients."""
        known = frozenset(self.values)
        return tuple(
            tuple(
                (slot, (mix.decision, place)) for mix in mixes_in(total) for place, slot in mix.entries if slot in known
            )
            for total in self.totals
        )

    @cached_property
    def read(self) -> tuple[Slot, ...]:
        """The values, one twice where a total takes it twice."""
        often: Counter[Slot] = Counter()
        for row in self.entries:
            often |= Counter(slot for slot, _ in row)
        return tuple(slot for slot in self.values for _ in range(often[slot]))

    @cached_property
    def places(self) -> Places:
        """Of the coefficients in the matrix."""
        return tuple(
            row for total, entries in zip(self.totals, self.entries, strict=True) for row in self._rows(total, entries)
        )

    def _rows(self, total: Total, entries: Sequence[tuple[Slot, Place]]) -> Iterator[tuple[Place | None, ...]]:
        left: dict[Slot, list[Place]] = {}
        for slot, place in entries:
            left.setdefault(slot, []).append(place)
        taken = [left[slot].pop(0) if left.get(slot) else None for slot in self.read]
        for row in range(self.runs(total.outputs[0])):
            yield tuple(
                place if row == column else None
                for slot, place in zip(self.read, taken, strict=True)
                for column in range(self.runs(slot))
            )

    def runs(self, slot: Slot) -> int:
        """How many runs of channels a value has."""
        return self.types[slot].channels // self.width


def with_totals(plan: Plan) -> tuple[Plan, Mapping[Slot, TensorType]]:
    """The plan in which mixes of images, and sums of nothing but mixes that nothing else reads, are one step each; and
    the types of what ops and these give.
    """
    read, types = readers(plan), dict[Slot, TensorType]()
    made = {step.output: step for step in plan.steps if isinstance(step, RunOp | Mix)}
    inside: set[Slot] = set()
    totals: dict[Slot, Total] = {}
    for step in plan.steps:
        mixes = mixes_of(step, made, read) if isinstance(step, RunOp | Mix) else []
        found = {types.get(slot) for mix in mixes for slot in mix.inputs}
        kind = found.pop() if len(found) == 1 else None
        if kind is not None and kind.kind == "image":
            assert isinstance(step, RunOp | Mix)
            parts: tuple[RunOp | Mix, ...] = (*mixes, *(() if isinstance(step, Mix) else (step,)))
            totals[step.output] = Total(parts, (step.output,))
            inside.update(part.output for part in parts[:-1])
            types[step.output] = kind
        elif ops := ops_of(step):
            types[made_by(step)] = ops[0].type
    left = [step for step in plan.steps if inside.isdisjoint(step.outputs)]
    return replace(plan, steps=tuple(totals.get(made_by(step), step) for step in left)), types


class Sums:
    """Which products a stage begins with: those of what is there and was in none, for all totals that ever read it."""

    def __init__(self, totals: Iterable[Total], types: Mapping[Slot, TensorType]) -> None:
        self.totals = tuple(totals)
        self.types = types
        self.reading: dict[Slot, list[Total]] = {}
        for total in self.totals:
            for slot in dict.fromkeys(slot for mix in mixes_in(total) for slot in mix.inputs):
                self.reading.setdefault(slot, []).append(total)
        self._left = dict.fromkeys(self.reading)

    def products(self, wanted: Sequence[Total], made: Mapping[Slot, tuple[int, int]]) -> list[Product]:
        """Of values in `made`, in the order of that, by the sizes of the totals that are `wanted` now."""
        found = (self._product(types, made) for types in self._together(wanted))
        return [product for product in found if product is not None]

    def is_whole(self, total: Total, product: Product) -> bool:
        """Whether a product gives all of a total."""
        return {slot for mix in mixes_in(total) for slot in mix.inputs} <= set(product.values)

    def _together(self, wanted: Sequence[Total]) -> Iterator[tuple[TensorType, ...]]:
        """Types whose sums are one product: those of one height and width, where this takes few rows."""
        by_size: dict[tuple[int, ...], dict[TensorType, int]] = {}
        for total in wanted:
            type = self.types[total.outputs[0]]
            found = by_size.setdefault(type.shape[1:], {})
            found[type] = found.get(type, 0) + 1
        for found in by_size.values():
            rows = sum(type.channels * count for type, count in found.items()) // _width(found)
            yield from [tuple(found)] if rows <= ROWS else [(type,) for type in found]

    def _product(self, types: Sequence[TensorType], made: Mapping[Slot, tuple[int, int]]) -> Product | None:
        there = [slot for slot in self._left if slot in made and self.types[slot] in types]
        values = tuple(sorted(there, key=lambda slot: made[slot]))
        rows = {total.outputs[0] for slot in values for total in self.reading[slot]}
        for slot in values:
            del self._left[slot]
        totals = tuple(total for total in self.totals if total.outputs[0] in rows)
        return Product(totals, values, self.types, _width(types)) if values else None


def _width(types: Iterable[TensorType]) -> int:
    return gcd(*(type.channels for type in types))


def mixes_in(total: Total) -> list[Mix]:
    return [part for part in total.parts if isinstance(part, Mix)]
