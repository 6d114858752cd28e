"""The picture of any graph: a trellis where it is one cuboid, else its hierarchy laid out by Graphviz."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.targets.diagram import draw
from hypercuboid.targets.diagram_data import TIMES, Drawing, counts_line, from_graph, run_line, single_cuboid
from hypercuboid.targets.diagram_network import network

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
    as_dot: bool = False,
) -> str:
    """SVG, or DOT text with `as_dot`. HC8101 where a picture that is no cuboid finds no Graphviz."""
    if single_cuboid(graph) is not None:
        drawing = from_graph(graph, weights, best, epoch=epoch, strategy=strategy)
        return _dot(drawing) if as_dot else draw(drawing)
    from hypercuboid.targets.diagram_dot import draw_network, network_dot

    decisions = {decision.name: decision for decision in graph.decisions}
    found = network(graph.space, decisions, weights, () if best is None else best.decided)
    return network_dot(found) if as_dot else draw_network(found, name, _lines(graph, epoch, strategy, best))


def _dot(drawing: Drawing) -> str:
    from hypercuboid.targets.diagram_pinned import trellis_dot

    return trellis_dot(drawing)


def _lines(graph: Graph, epoch: str, strategy: str, best: Selection | None) -> tuple[str, ...]:
    counts = graph.counts()
    if graph.decisions:
        lines = [counts_line(counts), run_line(epoch, strategy, best)]
    elif counts.params is None or counts.macs is None:
        lines = []
    else:
        lines = [f"{counts.params:,} params | {counts.macs:,} macs"]
    shapes = [
        f"{n}: {TIMES.join(map(str, t.shape))}"
        for n, t in zip(graph.space.input_names, graph.space.input_types, strict=True)
        if t.known
    ]
    return (*(line for line in lines if line), *([", ".join(shapes)] if shapes else []))
