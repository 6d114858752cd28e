"""The rule of DARTS for cells: an edge is as strong as its best primitive other than none, a node keeps its best edges.

`none` is what is `zero`; how many edges a node keeps its `sum top` says. Ties go to the lower source, then to the first
primitive.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hypercuboid.diagnostics import error
from hypercuboid.graph.changes import groups_of
from hypercuboid.graph.forest import Group, Path
from hypercuboid.graph.selection.asked import Asked, Found, Weights
from hypercuboid.graph.selection.greedy import top_down

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph


def darts(graph: Graph, weights: Weights, asked: Asked) -> Found:
    """The best edges of each node; HC7202 where there is a cuboid, whose candidates are no edges between nodes."""
    path = next(_paths(graph.forest.outcomes, set()), None)
    if path is not None:
        raise error(
            "HC7202",
            f"the rule `darts` decides edges of cells, and `{path.segments[0].name}` is a cuboid",
            path.span,
            help="take `max-score`, `max-product` or `greedy-top-down`, which keep paths connected",
        )
    return top_down(graph, weights, asked)


def _paths(group: Group, seen: set[int]) -> Iterator[Path]:
    for point in group.points:
        if isinstance(point, Path):
            yield point
        for inner in groups_of(point):
            if id(inner) not in seen:
                seen.add(id(inner))
                yield from _paths(inner, seen)
