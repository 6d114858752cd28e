"""Convolutions as one: groups beside each other, and where channels and weights stand for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from math import prod
from typing import Any

import numpy as np

from hypercuboid.network.plans.batching.kinds import DEPTHWISE, spans
from hypercuboid.network.plans.batching.places import Places
from hypercuboid.network.plans.batching.steps import Convolutions
from hypercuboid.network.steps import RunOp, Slot
from hypercuboid.ops._shapes import Window, window

WASTE = 3.0
"""How many times the products that are needed one convolution may take, where windows or groups are filled up."""


def apart(ops: Sequence[RunOp]) -> Iterator[list[RunOp]]:
    """Ops of one kind in such parts as one convolution makes."""
    if ops[0].op == DEPTHWISE:
        for part in _wasting_little(ops, _spans, lambda op: op.type.channels * prod(_view(op).kernel), _embedded):
            often = Counter(op.inputs[0] for op in part)
            for count in sorted(set(often.values())):
                yield [op for op in part if often[op.inputs[0]] == count]
    elif _groups(ops[0]) == 1 and len({op.inputs for op in ops}) > 1:
        yield from _wasting_little(ops, _sizes, lambda op: prod(_sizes(op)), _filled)
    else:
        yield list(ops)


def _wasting_little(
    ops: Sequence[RunOp],
    shape: Callable[[RunOp], tuple[Any, ...]],
    needed: Callable[[RunOp], int],
    taken: Callable[[Sequence[RunOp]], int],
) -> Iterator[list[RunOp]]:
    """Ops of neighbouring shapes, smallest first, as long as they do not waste more than they may."""
    part: list[RunOp] = []
    for one in sorted({shape(op) for op in ops}):
        more = [op for op in ops if shape(op) == one]
        if part and taken([*part, *more]) > WASTE * sum(map(needed, [*part, *more])):
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


def _filled(ops: Sequence[RunOp]) -> int:
    given, made = zip(*map(_sizes, ops), strict=True)
    return int(len(ops) * max(made) * max(given))


def _around(ops: Sequence[RunOp]) -> Window:
    """The window that all of those of depthwise ones can be set into."""
    views = list(dict.fromkeys(map(_view, ops)))
    if len(views) == 1:
        return views[0]
    rows, columns = (max(found) for found in zip(*map(spans, views), strict=True))
    largest = [max(found) for found in zip(*(view.padding for view in views), strict=True)]
    return Window((rows, columns), views[0].stride, (largest[0], largest[1]), 1)


def convolutions(members: Sequence[tuple[RunOp, ...]]) -> Convolutions:
    """Members of one part, without their slots."""
    ops = tuple(op for (op,) in members)
    sources = {op.inputs[0]: op.input_types[0].channels for op in ops}
    if ops[0].op == DEPTHWISE:
        return _depthwise(ops, sources)
    if len(sources) == 1 and _groups(ops[0]) == 1:
        return _made(ops, sum(op.type.channels for op in ops), sum(sources.values()), _view(ops[0]), shares=True)
    if _groups(ops[0]) == 1:
        return _filled_up(ops)
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
    return _made(ops, len(row), 1, around, groups=size, shares=True, placing=placing, after=after)


def _inside(view: Window, around: Window) -> np.ndarray:
    """Where the weights of a window stand in a larger one around it."""
    if view == around:
        return np.arange(prod(view.kernel))
    sides = zip(view.kernel, spans(view), around.kernel, strict=True)
    rows, columns = ((whole - span) // 2 + view.dilation * np.arange(k) for k, span, whole in sides)
    return (rows[:, None] * around.kernel[1] + columns).reshape(-1)


def _filled_up(ops: tuple[RunOp, ...]) -> Convolutions:
    """Full ones of different values, a group each; what is missing to the channels of the largest is zero."""
    sizes, view = [_sizes(op) for op in ops], _view(ops[0])
    given, made = (max(one) for one in zip(*sizes, strict=True))
    if set(sizes) == {(given, made)}:
        return _made(ops, len(ops) * made, given, view, groups=len(ops))
    found, size = [], prod(view.kernel)
    for at, (columns, rows) in enumerate(sizes):
        row, column, inside = np.ogrid[:rows, :columns, :size]
        found.append((((at * made + row) * given + column) * size + inside).reshape(-1))
    placing = Places(np.concatenate(found), len(ops) * made * given * size)
    places = {"before": _filling([one for one, _ in sizes]), "after": _filling([one for _, one in sizes])}
    return _made(ops, len(ops) * made, given, view, groups=len(ops), placing=placing, **places)


def _filling(channels: Sequence[int]) -> Places | None:
    """Where channels stand in groups of the largest; None where all are as large."""
    most = max(channels)
    if set(channels) == {most}:
        return None
    return Places(np.concatenate([at * most + np.arange(one) for at, one in enumerate(channels)]), len(channels) * most)
