"""Networks that are no single cuboid as DOT text, for Graphviz to lay out."""

from __future__ import annotations

import graphviz

from hypercuboid.targets.diagram_network import Cluster, Network, Vertex
from hypercuboid.targets.diagram_style import HUES, RED, clip, darkness, fill, grey, ink_on, printable, text_width

SIZE = 10.0
FACE = "Helvetica,Arial,sans-serif"
_FORMS = {
    "input": "ellipse",
    "state": "ellipse",
    "choice": "ellipse",
    "top": "hexagon",
    "cuboid": "box3d",
    "scan": "box3d",
}
_FILLS = {"use": "#dfe7f1", "op": "#ffffff", "cuboid": "#e9e3f1"}


def network_dot(found: Network, direction: str = "LR") -> str:
    """DOT text; frames are clusters, weights fill and widen, no edge has a label."""
    graph = new_graph()
    graph.attr(rankdir=direction, nodesep="0.12", ranksep="0.22", ordering="out")
    backward = direction == "LR"  # from left to right, what comes first in the text stands lowest
    _cluster(graph, found.root, [0], backward)
    _edges(graph, found, backward)
    return str(graph.source)


# ---------------------------------------------------------------- parts


def new_graph() -> graphviz.Digraph:
    """An empty graph in the style of all pictures."""
    graph = graphviz.Digraph("picture")
    graph.attr(fontname=FACE, fontsize=f"{SIZE:g}", bgcolor="white", outputorder="edgesfirst", pad="0.25")
    graph.attr("node", shape="box", style="filled,rounded", fontname=FACE, fontsize=f"{SIZE:g}", color="#8a8a8a")
    graph.attr("node", fillcolor="#f4f4f4", margin="0.1,0.05", height="0.3")
    graph.attr("edge", color="#6f6f6f", arrowsize="0.5", penwidth="0.8")
    return graph


def _cluster(graph: graphviz.Digraph, cluster: Cluster, count: list[int], backward: bool) -> None:
    for vertex in cluster.vertices[:: -1 if backward else 1]:
        _vertex(graph, vertex)
    for inner in cluster.clusters[:: -1 if backward else 1]:
        count[0] += 1
        with graph.subgraph(name=f"cluster_{count[0]}") as frame:
            style = "rounded,dashed" if inner.dashed else "rounded,filled"
            frame.attr(label=dot_text((inner.title + "  ",)), style=style, color="#8a8a8a", fillcolor="#f7f7f7")
            frame.attr(fontsize=f"{SIZE:g}", fontname=FACE, tooltip=dot_text((inner.title,)), labeljust="l")
            _cluster(frame, inner, count, backward)


def _vertex(graph: graphviz.Digraph, vertex: Vertex) -> None:
    colour = _FILLS.get(vertex.kind, "#ececec")
    if vertex.kind == "alternative":
        colour = fill(vertex.hue % len(HUES), darkness(vertex.weight, vertex.uniform))
    graph.node(
        vertex.id,
        dot_text(tuple(clip(one, 320, SIZE) for one in vertex.lines)),
        shape=_FORMS.get(vertex.kind, "box"),
        style="filled" if vertex.kind in _FORMS else "filled,rounded",
        fillcolor=colour,
        fontcolor=ink_on(colour),
        color=RED if vertex.kept else "#8a8a8a",
        penwidth="2.2" if vertex.kept else "1",
        tooltip=dot_text(tuple(vertex.tooltip.split("\n"))),
        width=f"{_width(vertex) / 72:.3f}",
    )


def _width(vertex: Vertex) -> float:
    """Room for the text in any of the fonts that a viewer may have."""
    longest = max(text_width(clip(one, 320, SIZE), SIZE) for one in vertex.lines)
    if vertex.kind == "choice":
        return 22.0
    return longest * (1.35 if vertex.kind in _FORMS else 1.0) + 14


def _edges(graph: graphviz.Digraph, found: Network, backward: bool = False) -> None:
    for start, end, weight, uniform in found.edges[:: -1 if backward else 1]:
        if weight is None:
            graph.edge(start, end)
        else:
            dark = darkness(weight, uniform)
            graph.edge(start, end, penwidth=f"{0.5 + 3 * dark**2:.2f}", color=grey(0.2 + 0.7 * dark))


def dot_text(lines: tuple[str, ...]) -> str:
    """A label or tooltip for DOT in which nothing is special."""
    text: str = graphviz.nohtml("\\n".join(map(_line, lines)))
    return text


def _line(text: str) -> str:
    return printable(text).replace("\\", "\\\\").replace("&", "&amp;")
