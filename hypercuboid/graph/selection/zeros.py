"""Selection with nothing skipped: a `sum top` may keep alternatives that are `zero`, which ruling 12 excludes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from hypercuboid.graph.build import Graph
from hypercuboid.graph.changes import map_groups
from hypercuboid.graph.forest import Group, OneOf, Point
from hypercuboid.graph.grow import Forest, grow


@dataclass(frozen=True, eq=False)
class KeepingZero(Graph):
    """A graph in whose forest no alternative is excluded."""

    @cached_property
    def forest(self) -> Forest:
        grown = grow(self.space)
        return replace(grown, root=_included(grown.root))


def _included(group: Group) -> Group:
    return replace(group, points=tuple(_point(point) for point in group.points)) if group.points else group


def _point(point: Point) -> Point:
    point = map_groups(point, _included)
    if isinstance(point, OneOf):
        return replace(point, options=tuple(replace(option, excluded=False) for option in point.options))
    return point
