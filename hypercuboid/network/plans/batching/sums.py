"""Weighted sums: found in a plan, and which values each product of matrices takes part of them from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hypercuboid.network.plans.batching.kinds import made_by, ops_of
from hypercuboid.network.plans.batching.steps import Total
from hypercuboid.network.plans.mixes import mixes_of
from hypercuboid.network.plans.rewriting import readers
from hypercuboid.network.steps import Mix, Plan, RunOp, Slot
from hypercuboid.ops.base import TensorType


@dataclass(frozen=True)
class Product:
    """The matrix product that gives to each of `totals` its part from `columns`: values of one type."""

    totals: tuple[Total, ...]
    columns: tuple[Slot, ...]
    type: TensorType


def with_totals(plan: Plan) -> Plan:
    """The plan in which mixes of images, and sums of nothing but mixes that nothing else reads, are one step each."""
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
    return replace(plan, steps=tuple(totals.get(made_by(step), step) for step in left))


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
        """Of values in `made`, in the order of that, by the types of the totals that are `wanted` now."""
        products = []
        for type in dict.fromkeys(self.types[total.outputs[0]] for total in wanted):
            there = [slot for slot in self._left if slot in made and self.types[slot] == type]
            columns = tuple(sorted(there, key=lambda slot: made[slot]))
            rows = {total.outputs[0] for slot in columns for total in self.reading[slot]}
            if columns:
                totals = tuple(total for total in self.totals if total.outputs[0] in rows)
                products.append(Product(totals, columns, type))
            for slot in columns:
                del self._left[slot]
        return products


def mixes_in(total: Total) -> list[Mix]:
    return [part for part in total.parts if isinstance(part, Mix)]


Places = tuple[tuple[tuple[str, int] | None, ...], ...]


def places_of(product: Product) -> tuple[tuple[Slot, ...], Places]:
    """The columns, one twice where a total takes it twice, and for each total its coefficients of them."""
    entries = [
        [
            (slot, (mix.decision, place))
            for mix in mixes_in(total)
            for place, slot in mix.entries
            if slot in product.columns
        ]
        for total in product.totals
    ]
    columns: list[Slot] = []
    for slot in product.columns:
        columns += [slot] * max(sum(one == slot for one, _ in row) for row in entries)
    return tuple(columns), tuple(_row(columns, row) for row in entries)


def _row(
    columns: Sequence[Slot], entries: Sequence[tuple[Slot, tuple[str, int]]]
) -> tuple[tuple[str, int] | None, ...]:
    left: dict[Slot, list[tuple[str, int]]] = {}
    for slot, place in entries:
        left.setdefault(slot, []).append(place)
    return tuple(left[slot].pop(0) if left.get(slot) else None for slot in columns)
