"""The pass of the batched plan: steps of one kind as one, weighted sums as products of matrices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any

from hypercuboid.network.plans.base import PASSES
from hypercuboid.network.plans.batching.convolutions import apart, convolutions
from hypercuboid.network.plans.batching.fan import shared
from hypercuboid.network.plans.batching.kinds import Kinds, made_by, ops_of
from hypercuboid.network.plans.batching.layout import Layout
from hypercuboid.network.plans.batching.schedule import Together, scheduled
from hypercuboid.network.plans.batching.steps import (
    Batch,
    Coefficients,
    Contraction,
    Convolutions,
    Norms,
    Statistics,
    Taken,
    Total,
    Weights,
)
from hypercuboid.network.plans.batching.sums import Places, Product, Sums, with_totals
from hypercuboid.network.plans.rewriting import readers
from hypercuboid.network.steps import Plan, RunOp, Slot, Step
from hypercuboid.ops.base import TensorType


@PASSES.entry("batched")
def batched(plan: Plan) -> Plan:
    """The plan in which ops of one kind, weights, coefficients and running statistics are taken together."""
    return _Emitter(*with_totals(plan)).plan


class _Emitter:
    """Makes the steps in two turns: which values lie beside each other, then the steps that read and make them."""

    def __init__(self, plan: Plan, types: Mapping[Slot, TensorType]) -> None:
        self.types = types
        self.order = _Downstream(plan)
        self.fresh = count(
            1 + max((slot for step in plan.every_step() for slot in (*step.inputs, *step.outputs)), default=plan.arity)
        )
        self.batches: dict[Slot, Batch] = {}
        self.whole: set[Slot] = set()
        """Totals that one product gives."""
        drafts = list(self._drafts(scheduled(plan.steps)))
        packs = [found for one in drafts if (found := self._pack(one))]
        reads = [read for one in drafts for read in self._reads(one)]
        ends = [plan.output] if plan.aux is None else [plan.output, plan.aux]
        self.layout = Layout(packs, [*reads, *([slot] for slot in ends)], self.fresh)
        self.taken: dict[Slot, Taken] = {}
        self.matrices: dict[Slot, Places] = {}
        self.norms: dict[Slot, Norms] = {}
        self.partials: dict[tuple[Slot, ...], list[Slot]] = {}
        self.coming = [tuple(map(made_by, one.totals)) for one in drafts if isinstance(one, Product)]
        """The totals of the products that are still to come."""
        self.begun: dict[tuple[Slot, ...], list[Slot]] = {}
        """Parts of totals that the next product of just these is added to."""
        steps = [step for one in drafts for step in self._steps(one)]
        steps = [*self._before(), *steps, *self._behind()]
        self.plan = replace(plan, steps=tuple(shared(steps, ends, self.fresh)))

    def _drafts(self, order: Sequence[Together]) -> Iterator[Together | Product]:
        """Members in the order in which they go on, and products where the sums that want them are."""
        totals = [step for one in order for step in one.steps if isinstance(step, Total)]
        sums = Sums(totals, self.types)
        place: dict[Slot, tuple[int, int]] = {}
        for number, one in enumerate(part for together in order for part in _parted(together)):
            if one.kind is not None:
                one = replace(one, steps=tuple(sorted(one.steps, key=partial(self.order, place))))
                self.batches[made_by(one.steps[0])] = _batch(one, place)
            elif isinstance(one.steps[0], Total):
                wanted = tuple(step for step in one.steps if isinstance(step, Total))
                for product in sums.products(wanted, place):
                    if all(sums.is_whole(total, product) for total in product.totals):
                        self.whole.update(total.outputs[0] for total in product.totals)
                    yield product
            place |= {made_by(step): (number, at) for at, step in enumerate(one.steps)}
            yield one

    def _pack(self, one: Together | Product) -> list[Slot]:
        """The values that lie beside each other, if any."""
        if isinstance(one, Product):
            totals = [total.outputs[0] for total in one.totals]
            return totals if self.whole.issuperset(totals) else []
        return [made_by(step) for step in one.steps] if one.kind else []

    def _reads(self, one: Together | Product) -> list[list[Slot]]:
        """What is read in a row."""
        if isinstance(one, Product):
            return [list(one.read)]
        if one.kind is None:
            return [[slot] for step in one.steps if not isinstance(step, Total) for slot in step.inputs]
        return [list(self.batches[made_by(one.steps[0])].sources)]

    def _steps(self, one: Together | Product) -> Iterator[Step]:
        if isinstance(one, Product):
            yield self._contraction(one)
        elif one.kind is None:
            left = (step for step in one.steps if made_by(step) not in self.whole)
            yield from (self._total(step) if isinstance(step, Total) else step for step in left)
        else:
            first = made_by(one.steps[0])
            yield self._placed(self.batches[first], self.layout.place[first][0])

    def _placed(self, batch: Batch, number: int) -> Batch:
        """The batch with what it reads and gives."""
        outputs, whole, splits = self.layout.outputs(number, batch.channels)
        weights = tuple(self._take(taken) for taken in batch.taken)
        pieces = self.layout.pieces(batch.sources)
        if isinstance(batch, Norms):
            outputs = (*outputs, next(self.fresh))
            self.norms[outputs[-1]] = batch
        return replace(batch, outputs=outputs, pieces=pieces, weights=weights, whole=whole, splits=splits)

    def _take(self, taken: Taken) -> Slot:
        slot = next(self.fresh)
        self.taken[slot] = taken
        return slot

    def _contraction(self, product: Product) -> Contraction:
        matrix, totals = next(self.fresh), self.coming.pop(0)
        self.matrices[matrix] = product.places
        added = tuple(self.begun.pop(totals, ()))
        channels, pieces = [self.types[slot].channels for slot in totals], self.layout.pieces(product.read)
        if self.whole.issuperset(totals):
            outputs, whole, splits = self.layout.outputs(self.layout.place[totals[0]][0], channels)
            parts = tuple(part for total in product.totals for part in total.parts)
            return Contraction(parts, outputs, pieces, matrix, (), product.width, whole, splits)
        made, sizes, at = list[Slot](), list[int](), 0
        for run in self._runs(totals):
            made.append(next(self.fresh))
            sizes.append(sum(channels[at : at + len(run)]))
            at += len(run)
            (self.begun if run in self.coming else self.partials).setdefault(run, []).append(made[-1])
        return Contraction((), tuple(made), pieces, matrix, added, product.width, False, tuple(sizes))

    def _runs(self, totals: tuple[Slot, ...]) -> Iterator[tuple[Slot, ...]]:
        """Neighbours that are all the totals of the next product with any of them; others by themselves."""
        while totals:
            after = next((one for one in self.coming if totals[0] in one), ())
            run = after if after and after == totals[: len(after)] else totals[:1]
            yield run
            totals = totals[len(run) :]

    def _total(self, total: Total) -> Total:
        return replace(total, partials=tuple(self.partials[total.outputs]))

    def _before(self) -> Iterator[Step]:
        for placed in (False, True):
            taken = {slot: one for slot, one in self.taken.items() if (one.places is not None) == placed}
            if taken:
                yield Weights((), tuple(taken), tuple(taken.values()))
        if self.matrices:
            rows = (row for places in self.matrices.values() for row in places)
            decisions = dict.fromkeys(place[0] for row in rows for place in row if place is not None)
            yield Coefficients((), tuple(self.matrices), tuple(decisions), tuple(self.matrices.values()))

    def _behind(self) -> Iterator[Step]:
        if self.norms:
            yield Statistics((), (), tuple(self.norms), tuple(norms.members for norms in self.norms.values()))


class _Downstream:
    """The order of members: those that go the same way on, to the next weighted sum, stand beside each other, and among
    them those that lie beside each other in what they read.
    """

    def __init__(self, plan: Plan) -> None:
        self.kinds = Kinds(plan.steps)
        self.read = readers(plan)
        self.readers = {slot: step for step in plan.steps for slot in step.inputs}
        self._known: dict[Slot, tuple[str, ...]] = {}

    def __call__(self, place: Mapping[Slot, tuple[int, int]], step: Step) -> tuple[Any, ...]:
        """`place` says where values lie."""
        slot, (op, *_) = made_by(step), ops_of(step)
        return self._way(slot), op.type.channels, place.get(op.inputs[0], (-1, op.inputs[0])), slot

    def _way(self, slot: Slot) -> tuple[str, ...]:
        if slot not in self._known:
            reader = self.readers.get(slot) if self.read[slot] == 1 else None
            kind = None if reader is None else self.kinds(reader)
            self._known[slot] = () if reader is None or kind is None else (repr(kind), *self._way(made_by(reader)))
        return self._known[slot]


def _batch(one: Together, place: Mapping[Slot, tuple[int, int]]) -> Batch:
    """Without its slots."""
    assert one.kind is not None
    members = tuple(ops_of(step) for step in one.steps)
    if issubclass(one.kind.made, Convolutions):
        return convolutions(members, place)
    return one.kind.made(tuple(op for member in members for op in member), (), members)


def _parted(one: Together) -> Iterator[Together]:
    """Convolutions in parts that run as one."""
    ops = [step for step in one.steps if isinstance(step, RunOp)]
    if one.kind is None or not issubclass(one.kind.made, Convolutions):
        yield one
    else:
        yield from (replace(one, steps=tuple(part)) for part in apart(ops))
