"""All open decisions of a definition under the names that users write, for picks and for messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from hypercuboid.diagnostics import Span, error
from hypercuboid.frontend.counting import count_in
from hypercuboid.frontend.elaborated import (
    Body,
    ChoiceNode,
    Coordinates,
    Definition,
    Label,
    Node,
    ScanNode,
    TopNode,
    TrellisNode,
    UseNode,
)
from hypercuboid.records import dataclass, replace

LIMIT = 100_000
"""Decisions of one space that are told apart."""


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
    """Every open decision, in source order; shared ones once. HC4001 where there are too many to tell apart."""
    body = definition.body
    if "decisions" not in body.passes:
        body.passes["decisions"] = _distinct(definition)
    found: tuple[Point, ...] = body.passes["decisions"]
    return found


def _distinct(definition: Definition) -> tuple[Point, ...]:
    count = _count(definition.body)
    if count > LIMIT:
        message = f"`{definition.name}` meets {count} open decisions; at most {LIMIT} are told apart"
        raise error("HC4001", message, definition.span, help="let uses share their decisions: `cell C = ...`")
    found: dict[tuple[str, Coordinates], Point] = {}
    for point in _body(definition.body):
        known = found.get((point.name, point.coordinates))
        if known is None or (point.top and not known.top):
            found[(point.name, point.coordinates)] = point
    return tuple(found.values())


def _count(body: Body) -> int:
    """How many points `_body` gives: shared decisions as often as they are met."""
    return count_in(body, "points met", _own)


def _own(node: Node) -> int:
    if isinstance(node, TrellisNode):
        return sum(not step.decided for step in node.steps)
    return int(isinstance(node, ChoiceNode))


def _body(body: Body) -> tuple[Point, ...]:
    """The open decisions of a body as its frame calls them, shared ones as often as they are met."""
    if "points" not in body.passes:
        body.passes["points"] = tuple(_points(body)) if _count(body) else ()
    found: tuple[Point, ...] = body.passes["points"]
    return found


def _points(body: Body) -> Iterator[Point]:
    tops = _tops(body)
    for position, node in enumerate(body.nodes):
        top = tops.get(position)
        if isinstance(node, UseNode):
            yield from (_topped(p, top) for p in _use(node))
        elif isinstance(node, ChoiceNode):
            labels = tuple(alternative.label for alternative in node.alternatives)
            point = Point(node.decision, node.coordinates, node.axes, labels, node.span)
            yield _topped(point, top)
            for alternative in node.alternatives:
                yield from _body(alternative.body)
        elif isinstance(node, ScanNode):
            yield from (p if p.top else _topped(p, top) for p in _body(node.body))
        elif isinstance(node, TrellisNode):
            yield from _trellis(node)


_Term: TypeAlias = tuple[TopNode, Coordinates]
"""A `sum top` and the coordinates of one of its terms."""


def _tops(body: Body) -> dict[int, _Term]:
    """Per node the term of a `sum top` that it is on the way to."""
    tops: dict[int, _Term] = {}
    for node in body.nodes:
        if isinstance(node, TopNode):
            tops.update((source, (node, where)) for source, where in zip(node.inputs, node.terms, strict=True))
    for position in range(len(body.nodes) - 1, -1, -1) if tops else ():
        node = body.nodes[position]
        if position in tops and not isinstance(node, TopNode):
            for source in node.inputs:
                tops.setdefault(source, tops[position])
    return tops


def _topped(point: Point, term: _Term | None) -> Point:
    """Marks a decision that stands in a term of `sum top`: its coordinates say so; terms may read the rest together."""
    if term is None:
        return point
    top, where = term
    ends = range(len(where), len(point.coordinates) + 1)
    inside = any(point.coordinates[end - len(where) : end] == where for end in ends)
    return replace(point, top=top.count, fold=top.axes) if inside else point


def _use(node: UseNode) -> Iterator[Point]:
    for point in _body(node.definition.body):
        front = () if point.name.startswith("^") else node.coordinates
        name = node.decisions.get(point.name, point.name)
        yield Point(
            name, (*front, *point.coordinates), point.axes, point.labels, point.span, point.moves, point.top, point.fold
        )


def _trellis(node: TrellisNode) -> Iterator[Point]:
    states = node.state_labels
    inner_memo: dict[int, tuple[Point, ...]] = {}
    moves_memo: dict[int, tuple[tuple[Label, Label, tuple[Label, ...]], ...]] = {}
    for step in node.steps:
        depth = tuple(zip(node.depth, step.coordinates, strict=True))
        key = id(step.candidates)
        if key not in moves_memo:
            moves_memo[key] = tuple((states[c.source], states[c.target], c.label) for c in step.candidates)
            inner_memo[key] = tuple(p for c in step.candidates for p in _body(c.body))
        if not step.decided:
            where = (*node.coordinates, *depth)
            yield Point(node.decision, where, node.choices, (), node.span, moves_memo[key])
        for point in inner_memo[key]:
            outer = len(node.coordinates)
            where = (*point.coordinates[:outer], *depth, *point.coordinates[outer:])
            where = where if node.owns(point.name) else point.coordinates
            yield Point(point.name, where, point.axes, point.labels, point.span, point.moves, point.top, point.fold)
