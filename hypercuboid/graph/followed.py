"""Decisions that are made around: what a shared decision settles outside of a choice is not decided again inside.

The alternative that stands inside is the one that is kept outside. What it costs is no sum over what is kept: its costs
are optional, so ranges are bounds. Parameters that the place outside reads as well add nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from hypercuboid.graph.changes import groups_of, map_groups
from hypercuboid.graph.dynamic import evaluate
from hypercuboid.graph.forest import Group, Point
from hypercuboid.graph.numbers import Total, cheapest, dearest
from hypercuboid.graph.settled import Uses
from hypercuboid.graph.sharing import point_key
from hypercuboid.ops.base import MEASURES, Cost
from hypercuboid.records import replace


class Following:
    """Takes out of groups what follows a decision around it, unless told not to. `made`: there was something."""

    def __init__(self, follow: bool) -> None:
        self.follow = follow
        self.made = False
        self.uses = Uses()
        self._met: dict[int, frozenset[object]] = {}
        self._alive: list[Group] = []

    def group(self, group: Group) -> Group:
        """The group in which what one of its points decides is decided nowhere deeper in the others."""
        if len(group.points) == 1 or not self.follow:
            return group
        made = {point_key(point): point for point in group.points}
        points = tuple(self._inside(point, made) for point in group.points)
        return (
            group if all(a is b for a, b in zip(points, group.points, strict=True)) else replace(group, points=points)
        )

    def _inside(self, point: Point, made: Mapping[object, Point]) -> Point:
        """The point whose groups follow what is made around it."""
        if not any(self._meets(inner) & made.keys() for inner in groups_of(point)):
            return point
        return map_groups(point, lambda inner: self._followed(inner, made))

    def _followed(self, group: Group, made: Mapping[object, Point]) -> Group:
        kept: list[Point] = []
        for point in group.points:
            outside = made.get(point_key(point))
            if outside is None:
                kept.append(self._inside(point, made))
            else:
                group = self._with_costs(group, point, outside)
        return replace(group, points=tuple(kept)) if group.points else group

    def _meets(self, group: Group) -> frozenset[object]:
        """The keys of all points in a group."""
        if id(group) not in self._met:
            self._alive.append(group)  # an id is a key only while its object lives
            deeper = (self._meets(inner) for point in group.points for inner in groups_of(point))
            self._met[id(group)] = frozenset(map(point_key, group.points)).union(*deeper)
        return self._met[id(group)]

    def _with_costs(self, group: Group, inside: Point, outside: Point) -> Group:
        """The group with the costs of a point that follows another."""
        self.made = True
        alone = Group(points=(inside,))
        least, most, built = Cost(), Cost(), Cost()
        for kind in MEASURES:
            least = replace(least, **{kind: evaluate(alone, cheapest(partial(_sure, kind)))})
            most = replace(most, **{kind: evaluate(alone, dearest(partial(_most, kind)))})
            built = replace(built, **{kind: Total(kind).group(alone)[0]})
        unread = self.uses.inside_point(inside) - self.uses.inside_point(outside)
        return replace(
            group,
            cost=group.cost + least,
            optional=group.optional + (most - least),
            spare=group.spare + (built - most),
            perhaps=group.perhaps | unread,
        )


def _sure(kind: str, group: Group) -> int:
    cost: int = getattr(group.cost, kind)
    return cost


def _most(kind: str, group: Group) -> int:
    optional: int = getattr(group.optional, kind)
    return _sure(kind, group) + optional
