"""Convolutions as one: groups beside each other, and how their weights stand for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hypercuboid.network.plans.batching.steps import Convolutions, Order
from hypercuboid.network.steps import RunOp, Slot


def convolutions(members: Sequence[tuple[RunOp, ...]]) -> Convolutions:
    """Members of one kind, without their slots."""
    ops = tuple(op for (op,) in members)
    given = (ops, (), tuple(members))
    sources = list(dict.fromkeys(op.inputs[0] for op in ops))
    if ops[0].op == "dwconv" and len(sources) < len(ops):
        return Convolutions(*given, groups=sum(_channels(ops, sources)), shares=True, order=_order(ops, sources))
    if len(sources) == 1 and len(ops) > 1 and _groups(ops[0]) == 1:
        return Convolutions(*given, groups=1, shares=True)
    return Convolutions(*given, groups=sum(map(_groups, ops)))


def _groups(op: RunOp) -> int:
    groups = op.arguments["groups"] if op.op == "conv" else op.type.channels
    assert isinstance(groups, int)
    return groups


def _channels(ops: Sequence[RunOp], sources: Sequence[Slot]) -> list[int]:
    known = {op.inputs[0]: op.input_types[0].channels for op in ops}
    return [known[slot] for slot in sources]


def _order(ops: Sequence[RunOp], sources: Sequence[Slot]) -> Order:
    """Group c gives all members that read channel c, one after another; for each channel of each member its place."""
    often = len(ops) // len(sources)
    starts = dict(zip(sources, np.cumsum([0, *_channels(ops, sources)]), strict=False))
    turn = dict.fromkeys(sources, 0)
    places = []
    for op in ops:
        source = op.inputs[0]
        places.append((starts[source] + np.arange(op.type.channels)) * often + turn[source])
        turn[source] += 1
    return Order(np.concatenate(places))
