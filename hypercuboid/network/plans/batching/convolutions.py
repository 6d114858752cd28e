"""Convolutions as one: groups beside each other, and where channels and weights stand for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod

import numpy as np

from hypercuboid.network.plans.batching.places import Places
from hypercuboid.network.plans.batching.steps import Convolutions
from hypercuboid.network.steps import RunOp, Slot
from hypercuboid.ops._shapes import window

WASTE = 2.5
"""How many times the products that are needed one convolution may take, where its groups are filled up to one size."""


def apart(ops: Sequence[RunOp]) -> list[list[RunOp]]:
    """Full convolutions of different values in groups that may be filled up to the channels of the largest."""
    groups: list[list[RunOp]] = []
    for op in sorted(ops, key=lambda op: (op.input_types[0].channels, op.type.channels)):
        if groups and _filled([*groups[-1], op]) <= WASTE * sum(map(prod, _sizes([*groups[-1], op]))):
            groups[-1].append(op)
        else:
            groups.append([op])
    return groups


def _sizes(ops: Iterable[RunOp]) -> list[tuple[int, int]]:
    return [(op.type.channels, op.input_types[0].channels) for op in ops]


def _filled(ops: Sequence[RunOp]) -> int:
    made, given = zip(*_sizes(ops), strict=True)
    return int(len(ops) * max(made) * max(given))


def convolutions(members: Sequence[tuple[RunOp, ...]]) -> Convolutions:
    """Members of one kind, without their slots."""
    ops = tuple(op for (op,) in members)
    sources = list(dict.fromkeys(op.inputs[0] for op in ops))
    if ops[0].op == "dwconv":
        return _shared(ops, sources) if len(sources) < len(ops) else _grouped(ops)
    if len(sources) == 1 and groups_of(ops[0]) == 1:
        (channels,) = {op.input_types[0].channels for op in ops}
        shape = (sum(op.type.channels for op in ops), channels, *_kernel(ops))
        return Convolutions(ops, (), tuple(members), shape=shape, shares=True)
    return _filled_up(ops) if groups_of(ops[0]) == 1 else _grouped(ops)


def groups_of(op: RunOp) -> int:
    groups = op.arguments["groups"] if op.op == "conv" else op.type.channels
    assert isinstance(groups, int)
    return groups


def _kernel(ops: Sequence[RunOp]) -> tuple[int, int]:
    return window(ops[0].op, ops[0].arguments).kernel


def _members(ops: Sequence[RunOp]) -> tuple[tuple[RunOp, ...], ...]:
    return tuple((op,) for op in ops)


def _grouped(ops: tuple[RunOp, ...]) -> Convolutions:
    """All groups have as many channels."""
    groups = sum(map(groups_of, ops))
    inside = sum(op.input_types[0].channels for op in ops) // groups
    shape = (sum(op.type.channels for op in ops), inside, *_kernel(ops))
    return Convolutions(ops, (), _members(ops), shape=shape, groups=groups)


def _shared(ops: tuple[RunOp, ...], sources: Sequence[Slot]) -> Convolutions:
    """Depthwise: group c gives all members that read channel c, one after another."""
    often, known = len(ops) // len(sources), {op.inputs[0]: op.type.channels for op in ops}
    starts = dict(zip(sources, np.cumsum([0, *(known[slot] for slot in sources)]), strict=False))
    turn, found = dict.fromkeys(sources, 0), []
    for op in ops:
        source = op.inputs[0]
        found.append((starts[source] + np.arange(op.type.channels)) * often + turn[source])
        turn[source] += 1
    rows, groups, size = np.concatenate(found), sum(known.values()), prod(_kernel(ops))
    weights = (rows[:, None] * size + np.arange(size)).reshape(-1)
    shape = (len(rows), 1, *_kernel(ops))
    after = Places(rows, len(rows))
    given = (ops, (), _members(ops))
    placing = Places(weights, len(weights))
    return Convolutions(*given, shape=shape, groups=groups, shares=True, placing=placing, after=after)


def _filled_up(ops: tuple[RunOp, ...]) -> Convolutions:
    """Full ones of different values, a group each; what is missing to the channels of the largest is zero."""
    sizes = _sizes(ops)
    made, given = (max(one) for one in zip(*sizes, strict=True))
    shape, size = (len(ops) * made, given, *_kernel(ops)), prod(_kernel(ops))
    if set(sizes) == {(made, given)}:
        return Convolutions(ops, (), _members(ops), shape=shape, groups=len(ops))
    found = []
    for at, (rows, columns) in enumerate(sizes):
        row, column, inside = np.ogrid[:rows, :columns, :size]
        found.append((((at * made + row) * given + column) * size + inside).reshape(-1))
    weights = Places(np.concatenate(found), prod(shape))
    before, after = _filling([columns for _, columns in sizes]), _filling([rows for rows, _ in sizes])
    known = (ops, (), _members(ops))
    return Convolutions(*known, shape=shape, groups=len(ops), placing=weights, before=before, after=after)


def _filling(channels: Sequence[int]) -> Places | None:
    """Where channels stand in groups of the largest; None where all are as large."""
    most = max(channels)
    if set(channels) == {most}:
        return None
    return Places(np.concatenate([at * most + np.arange(one) for at, one in enumerate(channels)]), len(channels) * most)
