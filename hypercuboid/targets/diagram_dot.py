"""Pictures of networks that are no single cuboid: DOT text, laid out by Graphviz, on a page of a readable shape."""

from __future__ import annotations

from itertools import pairwise

import graphviz

from hypercuboid.targets.diagram_network import Cluster, Network, Vertex
from hypercuboid.targets.diagram_style import HUES, RED, clip, darkness, fill, grey, ink_on, printable, text_width
from hypercuboid.targets.graphviz_binary import layout_svg
from hypercuboid.targets.graphviz_page import fits, framed, misfit

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


def draw_network(found: Network, title: str, lines: tuple[str, ...] = ()) -> str:
    """SVG of a network under a header; HC8101 where there is no Graphviz."""
    chain = _chain(found)
    if len(chain) > 4:
        return framed(layout_svg(chain_dot(found, chain), "neato"), title, lines)
    wide = layout_svg(network_dot(found, "LR"))
    if fits(wide):
        return framed(wide, title, lines)
    tall = layout_svg(network_dot(found, "TB"))
    return framed(min(wide, tall, key=misfit), title, lines)


def network_dot(found: Network, direction: str = "LR") -> str:
    """DOT text; frames are clusters, weights fill and widen, no edge has a label."""
    graph = new_graph()
    graph.attr(rankdir=direction, nodesep="0.12", ranksep="0.22", ordering="out")
    backward = direction == "LR"  # from left to right, what comes first in the text stands lowest
    _cluster(graph, found.root, [0], backward)
    _edges(graph, found, backward)
    return str(graph.source)


def chain_dot(found: Network, chain: list[Vertex]) -> str:
    """DOT text of a plain pipeline, wound like a snake, every position pinned."""
    graph = new_graph()
    step, down = max(map(_width, chain)) + 26, 24 + 14 * max(len(vertex.lines) for vertex in chain)
    columns = max(2, min(round((2.4 * len(chain) * down / step) ** 0.5), int(2000 // step)))
    for place, vertex in enumerate(chain):
        row, column = divmod(place, columns)
        column = columns - 1 - column if row % 2 else column
        _vertex(graph, vertex, pos=f"{column * step:.1f},{-row * down:.1f}!")
    _edges(graph, found)
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


def _vertex(graph: graphviz.Digraph, vertex: Vertex, **more: str) -> None:
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
        **more,
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


def _chain(found: Network) -> list[Vertex]:
    """The vertices of a plain pipeline in order; empty where the network is none."""
    vertices = found.root.vertices
    pairs = [(start, end) for start, end, _, _ in found.edges]
    ids = [vertex.id for vertex in vertices]
    plain = not found.root.clusters and pairs == list(pairwise(ids))
    return vertices if plain else []
