"""Selection with nothing skipped: a `sum top` may keep alternatives that are `zero`, which ruling 12 excludes."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from hypercuboid.graph.build import Graph
from hypercuboid.graph.changes import map_groups
from hypercuboid.graph.forest import Group, OneOf, Point
from hypercuboid.graph.grow import grow
from hypercuboid.graph.grown import Forest
from hypercuboid.records import dataclass


@dataclass(frozen=True, eq=False)
class KeepingZero(Graph):
    """A graph in whose forest no alternative is excluded."""

    @cached_property
    def forest(self) -> Forest:
        return all_included(grow(self.space))

    @cached_property
    def model_forest(self) -> Forest:
        return self.forest if self.costs.definition is self.space.definition else all_included(grow(self.costs))


def all_included(forest: Forest) -> Forest:
    """The forest in which no alternative is excluded."""
    unfollowed = forest.unfollowed
    made = None if unfollowed is None else lambda: _included(unfollowed())
    return replace(forest, root=_included(forest.root), unfollowed=made)


def _included(group: Group) -> Group:
    return replace(group, points=tuple(_point(point) for point in group.points)) if group.points else group


def _point(point: Point) -> Point:
    point = map_groups(point, _included)
    if isinstance(point, OneOf):
        return replace(point, options=tuple(replace(option, excluded=False) for option in point.options))
    return point
