"""Decisions that independent parts of a network share: one case for each of their outcomes.

A cell that stands inside of an alternative and outside of it, or in the steps of a cuboid, makes one decision that
costs in several places. These parts are independent once that decision is made: they become a case in which none of
them meets it, and one for each of its outcomes, in which at least one of them does.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from math import prod

from hypercuboid.diagnostics import Span, error
from hypercuboid.frontend.elaborated import Label
from hypercuboid.graph.changes import groups_of, map_groups
from hypercuboid.graph.fixed import Fixing
from hypercuboid.graph.forest import Address, Cases, Group, Levels, OneOf, Path, Point, Segment, Top, placed
from hypercuboid.records import replace

CASE_LIMIT = 512
"""Cases that a forest is written out in."""

Held = dict[tuple[Address, Levels], Span]
"""The decisions of a part, by how the part calls them."""


def lifted(root: Group) -> Group:
    """The forest in which no two independent points hold one decision; the same where there are none.

    Raises HC5022 where that takes too many cases.
    """
    lifting = _Lifting()
    found = lifting.group(root, frozenset())
    return found if lifting.made else root


class _Lifting:
    def __init__(self) -> None:
        self.made = 0
        self._held: dict[int, Held] = {}
        self._done: dict[tuple[int, frozenset[Address]], Group] = {}
        self._kept: list[Group] = []

    def group(self, group: Group, made: frozenset[Address]) -> Group:
        """The group without shared decisions but those in `made`, which are settled where it stands."""
        if not group.points:
            return group
        key = (id(group), made)
        if key not in self._done:
            self._kept.append(group)  # an id is a key only while its object lives
            self._done[key] = self._lifted(group, made)
        return self._done[key]

    def _lifted(self, group: Group, made: frozenset[Address]) -> Group:
        shared = {address: span for (address, _), span in self._shared(group) if address not in made}
        if not shared:
            return replace(group, points=tuple(self._point(point, made) for point in group.points))
        address, span = next(iter(shared.items()))
        if prod(_outermost(group, shared).values()) > CASE_LIMIT:
            raise _too_many(address, span)
        holders = [point for point in group.points if address in self._addresses(point)]
        others = tuple(point for point in group.points if point not in holders)
        whole = Group(points=tuple(holders))
        cases = self._cases(whole, address, made, span)
        return self.group(replace(group, points=(Cases(tuple(cases), whole, span), *others)), made)

    def _point(self, point: Point, made: frozenset[Address]) -> Point:
        if isinstance(point, Cases):  # what is built for all cases stays as it is
            return replace(point, options=tuple(self.group(option, made) for option in point.options))
        return map_groups(point, lambda inner: self.group(inner, made))

    def _cases(self, whole: Group, address: Address, made: frozenset[Address], span: Span) -> Iterator[Group]:
        without = Fixing(address, None).without(whole)
        if without is not None:
            yield self.group(without, made)
        for label in _labels(whole, address):
            found = Fixing(address, label).met(whole)
            if found is None:
                continue
            self.made += 1
            if self.made > CASE_LIMIT:
                raise _too_many(address, span)
            yield self.group(found, made | {address})

    # ------------------------------------------------------------ what is held where

    def _shared(self, group: Group) -> Iterator[tuple[tuple[Address, Levels], Span]]:
        """Decisions that several points hold, or several steps or terms; outer ones before those inside them."""
        seen: Held = {}
        for point in group.points:
            for key, span in self._of_point(point).items():
                if key in seen or key in self._of_several(point):
                    yield key, span
                seen[key] = span

    def _addresses(self, point: Point) -> set[Address]:
        return {address for address, _ in self._of_point(point)}

    def _of_group(self, group: Group) -> Held:
        if id(group) not in self._held:
            self._kept.append(group)
            self._held[id(group)] = _united(map(self._of_point, group.points))
        return self._held[id(group)]

    def _of_point(self, point: Point) -> Held:
        if isinstance(point, Path):
            gaps = (group for place in range(len(point.segments) + 1) for group in point.gap(place).values())
            return _united([*map(self._of_group, gaps), self._of_steps(point), self._own(point)])
        inside = _united(map(self._of_group, groups_of(point)))
        if isinstance(point, OneOf) and not point.fixed:
            return {(point.address, point.levels): point.span, **inside}
        return inside

    def _of_several(self, point: Point) -> Held:
        """What parts of a point share that are kept together."""
        if isinstance(point, Path):
            return self._of_steps(point)
        if not isinstance(point, Top) or point.count < 2:
            return {}
        held = [self._of_group(group) for _, group in point.terms]
        return {key: span for one in held for key, span in one.items() if sum(key in other for other in held) > 1}

    def _of_steps(self, path: Path) -> Held:
        """What all steps of a cuboid share."""
        inside = _united(self._of_group(group) for segment in path.segments for group in _moves(segment))
        return {(a, levels[1:]): span for (a, levels), span in inside.items() if levels and not levels[0]}

    def _own(self, path: Path) -> Held:
        """What each step has of its own, as the first one calls it; and the steps themselves."""
        found: Held = {}
        for segment in path.segments:
            found[segment.address, segment.levels] = segment.span
            first = (segment.environment(segment.layers[0]),)
            for group in _moves(segment):
                for (address, levels), span in self._of_group(group).items():
                    if not levels or levels[0]:
                        found[placed(address, first), levels[1:]] = span
        return found


def _moves(segment: Segment) -> Iterator[Group]:
    """The groups of all candidates, those of equal steps once."""
    templates = {id(layer.template): layer.template for layer in segment.layers}
    yield from (move.group for template in templates.values() for move in template.moves)


def _united(parts: Iterable[Held]) -> Held:
    return {key: span for part in parts for key, span in part.items()}


def _labels(group: Group, address: Address) -> list[tuple[Label, ...]]:
    """The labels of a decision, in declared order."""
    found: dict[tuple[Label, ...], None] = {}
    waiting = [group]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        for point in current.points:
            if isinstance(point, OneOf) and point.address == address:
                found |= dict.fromkeys(option.label for option in point.options)
            waiting.extend(groups_of(point))
    return list(found)


def _outermost(group: Group, shared: Container[Address]) -> dict[Address, int]:
    """How many labels each shared decision has, without those that stand inside of another."""
    found: dict[Address, int] = {}
    waiting, seen = [group], set[int]()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        for point in current.points:
            if isinstance(point, OneOf) and point.address in shared:
                found[point.address] = len(point.options)
            else:
                waiting.extend(groups_of(point))
    return found


def _too_many(address: Address, span: Span) -> Exception:
    return error(
        "HC5022",
        f"independent parts of this network share `{address[0]}` and more, in over {CASE_LIMIT} ways together",
        span,
        help="let some of them decide on their own: use the block instead of the cell",
    )
