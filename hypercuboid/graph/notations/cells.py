"""The nodes of the cells of a space, as its open decisions show them, and what a cell concatenates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from hypercuboid.frontend.elaborated import Body, Definition, Elaborated, Label, OpNode, ScanNode, UseNode
from hypercuboid.frontend.points import Point
from hypercuboid.records import dataclass

_NODE = re.compile(r"(?:([A-Za-z_]\w*)\.)?[A-Za-z_]\w*\[(\d+)\](?:\.\w+)*")
_FAMILY = re.compile(r"[A-Za-z_]\w*\[(\d+)\]")


@dataclass(frozen=True)
class CellNode:
    """One node of a cell, `Normal.n[2]`, which adds `pairs` (primitive, source) pairs.

    The decision may stand deeper in the term, `Cell.s[1].out.f`. A block that is no cell itself has an empty `cell`.

    The sources are the terms of a `sum top` (DARTS), each at most once, or chosen freely with the primitive in each
    term of a plain `sum` (NASNet).
    """

    decision: str
    cell: str
    index: int
    points: tuple[Point, ...]

    @property
    def is_top(self) -> bool:
        return bool(self.points[0].top)

    @property
    def pairs(self) -> int:
        return min(self.points[0].top, len(self.points)) if self.is_top else len(self.points)

    @property
    def sources(self) -> tuple[Label, ...]:
        labels = (p.key[-1] for p in self.points) if self.is_top else (label[0] for label in self.points[0].labels)
        return tuple(dict.fromkeys(labels))

    def primitives(self, source: Label) -> tuple[Label, ...]:
        """The primitives that may come from a source."""
        if self.is_top:
            return next(tuple(label[0] for label in p.labels) for p in self.points if p.key[-1] == source)
        return tuple(label[1] for label in self.points[0].labels if label[0] == source)


def cell_fields(nodes: Iterable[CellNode]) -> dict[str, str]:
    """The cells by their fields in a genotype: their names in small letters, or `recurrent`.

    The recurrent cell of DARTS is the only one of its space and has one input, so that its first node is 1.
    """
    first: dict[str, int] = {}
    for node in nodes:
        first.setdefault(node.cell, node.index)
    if list(first.values()) == [1]:
        return dict.fromkeys(("recurrent",), next(iter(first)))
    return {cell.lower(): cell for cell in first if cell}


def cell_nodes(points: Iterable[Point]) -> tuple[CellNode, ...]:
    """The nodes of all cells, cells in the order of the source, the nodes of a cell by number."""
    found: dict[str, list[Point]] = {}
    for point in points:
        if _NODE.fullmatch(point.name) and _is_pair(point):
            found.setdefault(point.name, []).append(point)
    nodes = _alone([_node(name, tuple(listed)) for name, listed in found.items()])
    cells = list(dict.fromkeys(node.cell for node in nodes))
    return tuple(sorted(nodes, key=lambda node: (cells.index(node.cell), node.index)))


def _alone(nodes: list[CellNode]) -> list[CellNode]:
    """The nodes that decide one thing only."""
    often = Counter((node.cell, node.index) for node in nodes)
    return [node for node in nodes if often[node.cell, node.index] == 1]


def _is_pair(point: Point) -> bool:
    """Whether a decision has one source and one primitive."""
    if point.moves or len(point.coordinates) != 1:
        return False
    return len(point.axes) == 1 if point.top else len(point.axes) == 2


def _node(name: str, points: tuple[Point, ...]) -> CellNode:
    matched = _NODE.fullmatch(name)
    assert matched is not None
    return CellNode(name, matched[1] or "", int(matched[2]), points)


def concatenated(architecture: Elaborated, cell: str) -> tuple[int, ...] | None:
    """The numbers of the nodes that a cell of a decided network concatenates, or averages where it is recurrent.

    None where no use of the cell is found.
    """
    definition = _used(architecture.definition.body, cell) if cell else architecture.definition
    if definition is None:
        return None
    body = definition.body
    last = body.nodes[body.output]
    parts = last.inputs if isinstance(last, OpNode) and last.op in ("concat", "mean") else (body.output,)
    matched = [_FAMILY.match(body.nodes[part].name) for part in parts]
    return tuple(int(one[1]) for one in matched if one)


def _used(body: Body, cell: str) -> Definition | None:
    """The definition of the first use of a cell, by the names that its decisions have outside."""
    for node in body.nodes:
        if isinstance(node, UseNode) and _has(node.decisions.values(), cell):
            inside = node.definition
            return _used(inside.body, cell) if _has(inside.decisions, cell) else inside
        if isinstance(node, ScanNode) and (found := _used(node.body, cell)) is not None:
            return found
    return None


def _has(decisions: Iterable[str], cell: str) -> bool:
    """Whether one of the decisions is the cell's, by its name in some block: `Normal.n[2]`, or `^0/Normal.n[2]`."""
    return any(name.rpartition("/")[2].startswith(f"{cell}.") for name in decisions)
