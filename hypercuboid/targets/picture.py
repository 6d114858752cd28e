"""The picture of any graph: a trellis where it is one cuboid, else the network and its parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.targets.diagram import drawing_page
from hypercuboid.targets.diagram_data import TIMES, counts_line, from_graph, run_line, single_cuboid
from hypercuboid.targets.diagram_marks import Page, to_svg
from hypercuboid.targets.sheet import Sheet
from hypercuboid.targets.sheet_page import sheet_page
from hypercuboid.targets.sheet_rating import ratings
from hypercuboid.targets.sheet_read import read_panels
from hypercuboid.targets.theme import Theme

if TYPE_CHECKING:
    import numpy as np

    from hypercuboid.graph.build import Graph
    from hypercuboid.graph.selection import Selection


def picture(
    graph: Graph,
    name: str,
    weights: Mapping[str, np.ndarray] | None = None,
    best: Selection | None = None,
    *,
    epoch: str = "",
    strategy: str = "",
    theme: Theme = Theme.AUTO,
) -> str:
    """SVG text; `epoch` ("10 / 60") and `strategy` are texts for the header. No weight moves anything."""
    return to_svg(picture_page(graph, name, weights, best, epoch=epoch, strategy=strategy), theme)


def picture_page(
    graph: Graph,
    name: str,
    weights: Mapping[str, np.ndarray] | None = None,
    best: Selection | None = None,
    *,
    epoch: str = "",
    strategy: str = "",
) -> Page:
    """The same as marks on a page, whose size it says."""
    if single_cuboid(graph) is not None:
        return drawing_page(from_graph(graph, weights, best, epoch=epoch, strategy=strategy))
    decided = graph.space.decided + (() if best is None else best.decided)
    rated = ratings(graph.decisions, weights, decided, graph.space.offered)
    panels, left_out = read_panels(graph.space, rated)
    lines = _lines(graph, epoch, strategy, best)
    lines += (f"{left_out:,} more parts are not drawn",) * bool(left_out)
    return sheet_page(Sheet(name, lines, panels, tuple(rated.labels.items())))


def picture_dot(graph: Graph, weights: Mapping[str, np.ndarray] | None = None, best: Selection | None = None) -> str:
    """DOT text for Graphviz: the picture of a cuboid at its positions, of anything else the flat graph of its ops."""
    if single_cuboid(graph) is not None:
        from hypercuboid.targets.diagram_pinned import trellis_dot

        return trellis_dot(from_graph(graph, weights, best))
    from hypercuboid.targets.diagram_dot import flat_dot

    flat = graph.to_networkx()
    return flat_dot(iter(flat.nodes(data=True)), flat.edges())


def _lines(graph: Graph, epoch: str, strategy: str, best: Selection | None) -> tuple[str, ...]:
    counts = graph.counts()
    if graph.decisions:
        lines = [counts_line(counts), run_line(epoch, strategy, best)]
    elif counts.params is None or counts.macs is None:
        lines = []
    else:
        lines = [f"{counts.params:,} params | {counts.macs:,} macs"]
    shapes = [
        f"input {n}: {TIMES.join(map(str, t.shape))}"
        for n, t in zip(graph.space.input_names, graph.space.input_types, strict=True)
        if t.known
    ]
    return (*(line for line in lines if line), *([", ".join(shapes)] if shapes else []))
