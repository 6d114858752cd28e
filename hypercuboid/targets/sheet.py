"""What a picture shows that is no single cuboid: panels, one for the network and one for each part of it.

A *flow* is a body in the order of its source, as boxes on a line. A *cell* is a body whose numbered nodes add up what
comes over edges from earlier ones. Both hold *rows*: the alternatives of a choice, or the one op that is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from hypercuboid.targets.diagram_data import Drawing


class Kind(Enum):
    """What a box of a flow stands for."""

    INPUT = auto()
    OP = auto()
    USE = auto()
    PART = auto()
    """A use that has a panel of its own."""
    CHOICE = auto()
    CUBOID = auto()


@dataclass(frozen=True)
class Inlay:
    """A cuboid in a flow. `entries` are the states that something is put in, `exits` those that something reads."""

    drawing: Drawing
    entries: tuple[int, ...]
    exits: tuple[int, ...]


@dataclass(frozen=True)
class Row:
    """An alternative. `hue` is one of a `Palette`; weight, uniform and rank are as in `DrawnOp`."""

    label: str
    hue: int
    title: str
    weight: float | None = None
    uniform: float = 1.0
    rank: int = 0
    kept: bool = False
    live: bool = True


@dataclass(frozen=True)
class Item:
    """A box of a flow: its lines, and rows or a cuboid under them. `sources` are positions of earlier items."""

    kind: Kind
    lines: tuple[str, ...]
    title: str
    sources: tuple[int, ...]
    rows: tuple[Row, ...] = ()
    stage: str = ""
    """What is written over this item and its neighbours of the same stage."""
    output: bool = False
    inlay: Inlay | None = None
    hue: int | None = None
    """Of what was kept of a choice."""


@dataclass(frozen=True)
class Edge:
    """What leads from a node of a cell into another: the rows of each choice there; none for a plain connection."""

    source: int
    target: int
    blocks: tuple[tuple[Row, ...], ...] = ()


@dataclass(frozen=True)
class Flow:
    """A body as a line of boxes."""

    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Cell:
    """A body as nodes and edges: nodes in source order, the inputs first, the output last; each with its tooltip."""

    name: str
    nodes: tuple[tuple[str, str], ...]
    inputs: int
    edges: tuple[Edge, ...]


Panel: TypeAlias = Flow | Cell


@dataclass(frozen=True)
class Sheet:
    """A picture: the network first, then its parts. `labels` have hues, in the order of the source."""

    title: str
    lines: tuple[str, ...]
    panels: tuple[Panel, ...]
    labels: tuple[tuple[str, int], ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows of all panels."""
        items = [row for panel in self.panels if isinstance(panel, Flow) for item in panel.items for row in item.rows]
        edges = [edge for panel in self.panels if isinstance(panel, Cell) for edge in panel.edges]
        return (*items, *(row for edge in edges for block in edge.blocks for row in block))

    @property
    def drawings(self) -> tuple[Drawing, ...]:
        """All cuboids of all panels."""
        items = [item for panel in self.panels if isinstance(panel, Flow) for item in panel.items]
        return tuple(item.inlay.drawing for item in items if item.inlay is not None)

    @property
    def size(self) -> int:
        """All alternatives, those of cuboids included."""
        return len(self.rows) + sum(one.op_count for one in self.drawings)
