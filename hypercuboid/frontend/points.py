"""All open decisions of a definition under the names that users write, for picks and for messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hypercuboid.diagnostics import Span
from hypercuboid.frontend.elaborated import (
    Body,
    ChoiceNode,
    Coordinates,
    Definition,
    Label,
    TopNode,
    TrellisNode,
    UseNode,
)


@dataclass(frozen=True)
class Point:
    """One open decision at one coordinate. `moves` of a cuboid's step are (source, target, choice label).

    `top` is the number of terms kept where the point is a term of `sum top`, and `fold` the binders of that fold.
    """

    name: str
    coordinates: Coordinates
    axes: tuple[str, ...]
    labels: tuple[tuple[Label, ...], ...]
    span: Span
    moves: tuple[tuple[Label, Label, tuple[Label, ...]], ...] = ()
    top: int = 0
    fold: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[Label, ...]:
        return tuple(label for _, label in self.coordinates)


def points_of(definition: Definition) -> tuple[Point, ...]:
    """Every open decision, in source order; shared ones once."""
    found: dict[tuple[str, Coordinates], Point] = {}
    for point in _body(definition.body, {}):
        known = found.get((point.name, point.coordinates))
        if known is None or (point.top and not known.top):
            found[(point.name, point.coordinates)] = point
    return tuple(found.values())


def _body(body: Body, memo: dict[int, tuple[Point, ...]]) -> Iterator[Point]:
    tops: dict[int, TopNode] = {}
    for node in body.nodes:
        if isinstance(node, TopNode):
            tops.update(dict.fromkeys(node.inputs, node))
    for position, node in enumerate(body.nodes):
        if isinstance(node, UseNode):
            yield from (_topped(p, position, body, tops) for p in _use(node, memo))
        elif isinstance(node, ChoiceNode):
            labels = tuple(alternative.label for alternative in node.alternatives)
            point = Point(node.decision, node.coordinates, node.axes, labels, node.span)
            yield _topped(point, position, body, tops)
            for alternative in node.alternatives:
                yield from _body(alternative.body, memo)
        elif isinstance(node, TrellisNode):
            yield from _trellis(node, memo)


def _topped(point: Point, position: int, body: Body, tops: dict[int, TopNode]) -> Point:
    """Marks a decision that stands in a term of `sum top`: somewhere on the way to an input of that fold."""
    waiting, seen = [position], set()
    while waiting:
        current = waiting.pop()
        if current in tops:
            top = tops[current]
            return Point(
                point.name, point.coordinates, point.axes, point.labels, point.span, point.moves, top.count, top.axes
            )
        if current in seen:
            continue
        seen.add(current)
        waiting += [i for i, node in enumerate(body.nodes) if current in node.inputs and not isinstance(node, TopNode)]
    return point


def _use(node: UseNode, memo: dict[int, tuple[Point, ...]]) -> Iterator[Point]:
    key = id(node.definition)
    if key not in memo:
        memo[key] = tuple(_body(node.definition.body, memo))
    for point in memo[key]:
        front = () if point.name.startswith("^") else node.coordinates
        name = node.decisions.get(point.name, point.name)
        yield Point(
            name, (*front, *point.coordinates), point.axes, point.labels, point.span, point.moves, point.top, point.fold
        )


def _trellis(node: TrellisNode, memo: dict[int, tuple[Point, ...]]) -> Iterator[Point]:
    states = node.state_labels
    inner_memo: dict[int, tuple[Point, ...]] = {}
    moves_memo: dict[int, tuple[tuple[Label, Label, tuple[Label, ...]], ...]] = {}
    for step in node.steps:
        depth = tuple(zip(node.depth, step.coordinates, strict=True))
        key = id(step.candidates)
        if key not in moves_memo:
            moves_memo[key] = tuple((states[c.source], states[c.target], c.label) for c in step.candidates)
            inner_memo[key] = tuple(p for c in step.candidates for p in _body(c.body, memo))
        if not step.decided:
            where = (*node.coordinates, *depth)
            yield Point(node.decision, where, node.choices, (), node.span, moves_memo[key])
        for point in inner_memo[key]:
            outer = len(node.coordinates)
            where = (*point.coordinates[:outer], *depth, *point.coordinates[outer:])
            yield Point(point.name, where, point.axes, point.labels, point.span, point.moves, point.top, point.fold)
