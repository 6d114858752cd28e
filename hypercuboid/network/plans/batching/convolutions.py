"""Convolutions as one: groups beside each other, and where channels and weights stand for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from hypercuboid.network.plans.batching.kinds import DEPTHWISE, spans
from hypercuboid.network.plans.batching.places import Places
from hypercuboid.network.plans.batching.steps import Convolutions
from hypercuboid.network.steps import RunOp, Slot
from hypercuboid.ops._shapes import Window, window

WASTE = 3.0
"""How many times the products that are needed one full convolution may take, where groups are filled up."""

WASTE_OF_WINDOWS = 5.0
"""The same of depthwise ones, where small windows are set into large ones: memory is what limits these."""


def apart(ops: Sequence[RunOp]) -> Iterator[list[RunOp]]:
    """Ops of one kind in such parts as one convolution makes."""
    if ops[0].op == DEPTHWISE:
        for part in _wasting_little(ops, _spans, lambda op: op.type.channels * prod(_view(op).kernel), _embedded):
            often = Counter(op.inputs[0] for op in part)
            for count in sorted(set(often.values())):
                yield [op for op in part if often[op.inputs[0]] == count]
    elif _groups(ops[0]) == 1:
        yield from _wasting_little(ops, _sizes, lambda op: prod(_sizes(op)), lambda part: filled(part).products)
    else:
        yield list(ops)


def _wasting_little(
    ops: Sequence[RunOp],
    shape: Callable[[RunOp], tuple[Any, ...]],
    needed: Callable[[RunOp], int],
    taken: Callable[[Sequence[RunOp]], int],
) -> Iterator[list[RunOp]]:
    """All ops; or those of neighbouring shapes, smallest first, as long as they do not waste more than they may."""
    most = WASTE_OF_WINDOWS if ops[0].op == DEPTHWISE else WASTE
    if taken(ops) <= most * sum(map(needed, ops)):
        yield list(ops)
        return
    part: list[RunOp] = []
    for one in sorted({shape(op) for op in ops}):
        more = [op for op in ops if shape(op) == one]
        if part and taken([*part, *more]) > most * sum(map(needed, [*part, *more])):
            yield part
            part = []
        part = [*part, *more]
    yield part


def _view(op: RunOp) -> Window:
    return window(op.op, op.arguments)


def _spans(op: RunOp) -> tuple[tuple[int, int], int]:
    view = _view(op)
    return spans(view), view.dilation


def _sizes(op: RunOp) -> tuple[int, int]:
    return op.input_types[0].channels, op.type.channels


def _embedded(ops: Sequence[RunOp]) -> int:
    return prod(_around(ops).kernel) * sum(op.type.channels for op in ops)


def _around(ops: Sequence[RunOp]) -> Window:
    """The window that all of those of depthwise ones can be set into."""
    views = list(dict.fromkeys(map(_view, ops)))
    if len(views) == 1:
        return views[0]
    rows, columns = (max(found) for found in zip(*map(spans, views), strict=True))
    largest = [max(found) for found in zip(*(view.padding for view in views), strict=True)]
    return Window((rows, columns), views[0].stride, (largest[0], largest[1]), 1)


def convolutions(members: Sequence[tuple[RunOp, ...]], place: Mapping[Slot, tuple[int, int]]) -> Convolutions:
    """Members of one part, without their slots, given where values lie."""
    ops = tuple(op for (op,) in members)
    sources = {op.inputs[0]: op.input_types[0].channels for op in ops}
    if ops[0].op == DEPTHWISE:
        return _depthwise(ops, sources)
    if _groups(ops[0]) == 1:
        return _filled_up(ops, place)
    groups = sum(map(_groups, ops))
    inside = sum(op.input_types[0].channels for op in ops) // groups
    return _made(ops, sum(op.type.channels for op in ops), inside, _view(ops[0]), groups=groups)


def _made(ops: tuple[RunOp, ...], rows: int, inside: int, view: Window, **more: Any) -> Convolutions:
    shape = (rows, inside, *view.kernel)
    return Convolutions(ops, (), tuple((op,) for op in ops), shape=shape, window=view, **more)


def _groups(op: RunOp) -> int:
    groups = op.arguments["groups"]
    assert isinstance(groups, int)
    return groups


def _depthwise(ops: tuple[RunOp, ...], sources: dict[Slot, int]) -> Convolutions:
    """Group c gives all members that read channel c, one after another; small windows in the middle of the largest."""
    often, around = len(ops) // len(sources), _around(ops)
    starts = dict(zip(sources, np.cumsum([0, *sources.values()]), strict=False))
    turn, rows, places = dict.fromkeys(sources, 0), [], []
    for op in ops:
        source = op.inputs[0]
        rows.append((starts[source] + np.arange(op.type.channels)) * often + turn[source])
        places.append((rows[-1][:, None] * prod(around.kernel) + _inside(_view(op), around)).reshape(-1))
        turn[source] += 1
    row, size = np.concatenate(rows), sum(sources.values())
    straight = often == 1 and {around} == set(map(_view, ops))
    placing = None if straight else Places(np.concatenate(places), len(row) * prod(around.kernel))
    after = None if often == 1 else Places(row, len(row))
    return _made(ops, len(row), 1, around, groups=size, read=tuple(sources), placing=placing, after=after)


def _inside(view: Window, around: Window) -> np.ndarray:
    """Where the weights of a window stand in a larger one around it."""
    if view == around:
        return np.arange(prod(view.kernel))
    sides = zip(view.kernel, spans(view), around.kernel, strict=True)
    rows, columns = ((whole - span) // 2 + view.dilation * np.arange(k) for k, span, whole in sides)
    return (rows[:, None] * around.kernel[1] + columns).reshape(-1)


@dataclass
class Group:
    """Of a convolution: values that it reads, with their channels, and the ops that read them."""

    sources: dict[Slot, int]
    ops: list[RunOp]

    def takes(self, op: RunOp, inside: int, outside: int) -> bool:
        """Whether there is place for an op in a group of so many channels."""
        given = self.sources | {op.inputs[0]: op.input_types[0].channels}
        return sum(given.values()) <= inside and sum(one.type.channels for one in [*self.ops, op]) <= outside

    def add(self, op: RunOp) -> None:
        self.sources[op.inputs[0]] = op.input_types[0].channels
        self.ops.append(op)

    def turned(self) -> Group:
        """Its ops, and what they read, in the opposite order."""
        return Group(dict(reversed(self.sources.items())), self.ops[::-1])


@dataclass(frozen=True)
class Filled:
    """Groups of equal sizes: `inside` channels read and `outside` given, zeros where there are fewer."""

    groups: list[Group]
    inside: int
    outside: int

    @property
    def products(self) -> int:
        """Of one pixel."""
        return len(self.groups) * self.inside * self.outside


def filled(ops: Sequence[RunOp]) -> Filled:
    """Full convolutions in few groups: each value in one of them, where this wastes no more than it may."""
    inside = max(op.input_types[0].channels for op in ops)
    whole = Counter[Slot]()
    for op in ops:
        whole[op.inputs[0]] += op.type.channels
    once = _first_fit(ops, inside, max(whole.values()))
    if once.products <= WASTE * sum(prod(_sizes(op)) for op in ops):
        return once
    return _first_fit(ops, inside, max(op.type.channels for op in ops))


def _first_fit(ops: Sequence[RunOp], inside: int, outside: int) -> Filled:
    """Largest first, into the first group with place; all then in the order of the ops, smallest first."""
    groups: list[Group] = []
    for op in sorted(ops, key=_sizes)[::-1]:
        found = next((one for one in groups if one.takes(op, inside, outside)), None)
        if found is None:
            groups.append(found := Group({}, []))
        found.add(op)
    return Filled([one.turned() for one in reversed(groups)], inside, outside)


def _filled_up(ops: tuple[RunOp, ...], place: Mapping[Slot, tuple[int, int]]) -> Convolutions:
    """Weights stand in the rows of their op and the columns of its value, in the group that has both; values are read
    in the order in which they lie.
    """
    made, view = filled(ops), _view(ops[0])
    read, after, placing = list[tuple[Slot, np.ndarray]](), dict[Slot, np.ndarray](), dict[Slot, np.ndarray]()
    size = prod(view.kernel)
    for number, group in enumerate(made.groups):
        columns = _in_turn(group.sources, number * made.inside)
        rows = _in_turn({op.output: op.type.channels for op in group.ops}, number * made.outside)
        read += columns.items()
        after |= rows
        for op in group.ops:
            column = columns[op.inputs[0]] % made.inside
            at = (rows[op.output][:, None, None] * made.inside + column[:, None]) * size + np.arange(size)
            placing[op.output] = at.reshape(-1)
    read.sort(key=lambda one: place.get(one[0], (-1, one[0])))
    outside, inside = len(made.groups) * made.outside, len(made.groups) * made.inside
    return _made(
        ops,
        outside,
        made.inside,
        view,
        groups=len(made.groups),
        read=tuple(slot for slot, _ in read),
        placing=_unless_in_a_row([placing[op.output] for op in ops], outside * made.inside * size),
        before=_unless_in_a_row([at for _, at in read], inside, loose=True),
        after=_unless_in_a_row([after[op.output] for op in ops], outside, loose=True),
    )


def _in_turn(sizes: Mapping[Slot, int], begin: int) -> dict[Slot, np.ndarray]:
    """Places one after another."""
    starts = np.cumsum([begin, *sizes.values()])
    return {slot: start + np.arange(size) for (slot, size), start in zip(sizes.items(), starts, strict=False)}


def _unless_in_a_row(places: Sequence[np.ndarray], size: int, loose: bool = False) -> Places | None:
    """None where all stand one after another."""
    at = np.concatenate(places)
    return None if np.array_equal(at, np.arange(size)) else Places(at, size, loose)
