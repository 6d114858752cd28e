"""The terms of `sum top`: what belongs to one of them alone, and what decides whether it is zero."""

from __future__ import annotations

import heapq

from hypercuboid.frontend.elaborated import (
    Body,
    ChoiceNode,
    Coordinates,
    Node,
    OpNode,
    ScanNode,
    TopNode,
    TrellisNode,
    UseNode,
)
from hypercuboid.frontend.opened import is_open
from hypercuboid.frontend.zeros import is_zero
from hypercuboid.graph.conditions import unsupported
from hypercuboid.graph.forest import Cases, Group, OneOf, Top
from hypercuboid.ops import OPS


def readers_of(body: Body) -> dict[int, set[int]]:
    """Per node the nodes that read it."""
    readers: dict[int, set[int]] = {}
    for position, node in enumerate(body.nodes):
        for one in node.inputs:
            readers.setdefault(one, set()).add(position)
    return readers


def members_of(
    body: Body,
    readers: dict[int, set[int]],
    top: int,
    source: int,
    where: Coordinates,
    claimed: dict[int, set[int]],
) -> set[int]:
    """The nodes that only this term of `sum top` reads; those with decisions only where they stand in the term."""
    if readers[source] != {top} or source in (body.output, body.aux):
        node = body.nodes[source]
        raise unsupported(node.span, "a term of `sum top` is read elsewhere too")
    members = {source} | claimed.get(source, set())
    waiting = [-read for member in members for read in body.nodes[member].inputs]
    heapq.heapify(waiting)  # from the last position on: all readers of a node come before it
    while waiting:
        position = -heapq.heappop(waiting)
        if position < body.arity or position in members or position in (body.output, body.aux):
            continue
        if readers[position] <= members and _belongs(body, position, where, claimed):
            new = {position} | claimed.get(position, set())
            members |= new
            for member in new:
                for read in body.nodes[member].inputs:
                    heapq.heappush(waiting, -read)
    return members


def _belongs(body: Body, position: int, where: Coordinates, claimed: dict[int, set[int]]) -> bool:
    """Whether a node has no decisions, or ones whose coordinates are those of the term."""
    node = body.nodes[position]
    if isinstance(node, ChoiceNode):
        return _contains(node.coordinates, where)
    if isinstance(node, UseNode):
        return not is_open(node.definition.body) or _contains(node.coordinates, where)
    if isinstance(node, TopNode):
        return all(_belongs(body, i, where, claimed) for i in claimed[position])
    if isinstance(node, ScanNode):
        return all(_belongs(node.body, i, where, {}) for i, one in enumerate(node.body.nodes) if not _is_top(one))
    return not isinstance(node, TrellisNode)


def _is_top(node: Node) -> bool:
    return isinstance(node, TopNode)


def _contains(coordinates: Coordinates, where: Coordinates) -> bool:
    return any(coordinates[i : i + len(where)] == where for i in range(len(coordinates)))


def has_own(group: Group, where: Coordinates) -> bool:
    """Whether a term has a decision that no other term shares, so that it can be said to be kept."""
    for point in group.points:
        if isinstance(point, Top):
            own = any(has_own(inner, where) for _, inner in point.terms)
        elif isinstance(point, Cases):
            own = has_own(point.whole, where)
        else:
            one = point if isinstance(point, OneOf) else point.segments[0]
            own = _contains(one.coordinates, where)
        if own:
            return True
    return False


def deciders(body: Body, position: int) -> set[int]:
    """The nodes whose being zero makes node `position` zero: choices among them may not keep zero."""
    found = {position}
    node = body.nodes[position]
    while True:
        found.add(position)
        node = body.nodes[position]
        if len(node.inputs) != 1 or not _keeps_zero(node):
            return found
        position = node.inputs[0]


def _keeps_zero(node: object) -> bool:
    if isinstance(node, OpNode):
        values = {name: argument.value for name, argument in node.arguments.items()}
        return OPS[node.op].is_zero(values, (True,))
    return isinstance(node, UseNode) and is_zero(node.definition.body, (True,))
