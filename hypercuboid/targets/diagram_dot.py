"""Pictures of networks that are no single cuboid: DOT text, laid out by Graphviz, on a page of a readable shape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

import graphviz

from hypercuboid.frontend.elaborated import Elaborated
from hypercuboid.graph.decision import Decision
from hypercuboid.targets.diagram_network import Cluster, Network, Vertex, network
from hypercuboid.targets.diagram_style import HUES, clip, darkness, fill, grey, ink_on, printable, text_width
from hypercuboid.targets.graphviz_binary import layout_svg

if TYPE_CHECKING:
    import numpy as np

SIZE = 10.0
FACE = "DejaVu Sans,Verdana,Helvetica,Arial,sans-serif"
_FORMS = {"input": "ellipse", "state": "ellipse", "choice": "ellipse", "top": "hexagon", "cuboid": "box3d"}
_FILLS = {"use": "#dfe7f1", "op": "#ffffff", "cuboid": "#e9e3f1"}


def draw_network(
    space: Elaborated,
    decisions: Mapping[str, Decision],
    weights: Mapping[str, np.ndarray] | None,
    title: str,
    lines: tuple[str, ...] = (),
) -> str:
    """SVG of a space, block or architecture as a DAG; HC8101 where there is no Graphviz."""
    found = network(space, decisions, weights)
    wide = layout_svg(network_dot(found, title, lines, "LR"))
    if _fits(wide):
        return framed(wide)
    chain = _chain(found)
    if chain:
        return framed(layout_svg(chain_dot(found, chain, title, lines), "neato"))
    tall = layout_svg(network_dot(found, title, lines, "TB"))
    return framed(min(wide, tall, key=_shape))


def network_source(
    space: Elaborated,
    decisions: Mapping[str, Decision],
    weights: Mapping[str, np.ndarray] | None,
    title: str,
    lines: tuple[str, ...] = (),
) -> str:
    """The DOT text of the same picture."""
    return network_dot(network(space, decisions, weights), title, lines, "LR")


def network_dot(found: Network, title: str, lines: tuple[str, ...], direction: str) -> str:
    """DOT text; frames are clusters, weights fill and widen, no edge has a label."""
    graph = new_graph(title, lines)
    graph.attr(rankdir=direction, nodesep="0.12", ranksep="0.3")
    _cluster(graph, found.root, [0])
    _edges(graph, found)
    return str(graph.source)


def chain_dot(found: Network, chain: list[Vertex], title: str, lines: tuple[str, ...]) -> str:
    """DOT text of a plain pipeline, wrapped into rows with every position pinned."""
    graph = new_graph(title, lines)
    widths = [_width(vertex) for vertex in chain]
    step = max(widths) + 26
    columns = max(2, min(len(chain), round((len(chain) * 2.4 * 62 / step) ** 0.5), int(2100 // step) or 1))
    for place, vertex in enumerate(chain):
        row, column = divmod(place, columns)
        _vertex(graph, vertex, pos=f"{column * step:.1f},{-row * 62:.1f}!")
    _edges(graph, found)
    return str(graph.source)


# ---------------------------------------------------------------- parts


def new_graph(title: str, lines: tuple[str, ...]) -> graphviz.Digraph:
    """An empty graph with the header and the style of all pictures."""
    head = "\\l".join(_line(clip(one, 900, SIZE)) for one in (title, *lines)) + "\\l"
    graph = graphviz.Digraph("picture")
    graph.attr(label=graphviz.nohtml(head), labelloc="t", labeljust="l", fontname=FACE, fontsize="12", bgcolor="white")
    graph.attr(outputorder="edgesfirst", pad="0.25", tooltip=dot_text((title,)))
    graph.attr("node", shape="box", style="filled,rounded", fontname=FACE, fontsize=f"{SIZE:g}", color="#8a8a8a")
    graph.attr("node", fillcolor="#f4f4f4", margin="0.1,0.05", height="0.3")
    graph.attr("edge", color="#6f6f6f", arrowsize="0.5", penwidth="0.8")
    return graph


def _cluster(graph: graphviz.Digraph, cluster: Cluster, count: list[int]) -> None:
    for vertex in cluster.vertices:
        _vertex(graph, vertex)
    for inner in cluster.clusters:
        count[0] += 1
        with graph.subgraph(name=f"cluster_{count[0]}") as frame:
            style = "rounded,dashed" if inner.dashed else "rounded,filled"
            frame.attr(label=dot_text((inner.title,)), style=style, color="#8a8a8a", fillcolor="#f7f7f7")
            frame.attr(fontsize=f"{SIZE:g}", fontname=FACE, tooltip=dot_text((inner.title,)), labeljust="l")
            _cluster(frame, inner, count)


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
        tooltip=dot_text(tuple(vertex.tooltip.split("\n"))),
        width=f"{_width(vertex) / 72:.3f}",
        **more,
    )


def _width(vertex: Vertex) -> float:
    """Room for the text in any of the fonts that a viewer may have."""
    longest = max(text_width(clip(one, 320, SIZE), SIZE) for one in vertex.lines)
    return longest * (1.35 if vertex.kind in _FORMS else 1.0) + 14


def _edges(graph: graphviz.Digraph, found: Network) -> None:
    for start, end, weight, uniform in found.edges:
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


# ---------------------------------------------------------------- the finished text

_SIZE = re.compile(r'<svg width="([\d.]+)pt" height="([\d.]+)pt"\n viewBox="([-\d.]+) ([-\d.]+) ([\d.]+) ([\d.]+)"')


def _sizes(svg: str) -> tuple[float, float]:
    found = _SIZE.search(svg)
    assert found is not None, "Graphviz wrote an unknown header"
    return float(found[1]), float(found[2])


def _fits(svg: str) -> bool:
    width, height = _sizes(svg)
    return height <= width <= 4 * height and width <= 2200


def _shape(svg: str) -> float:
    """How far a picture is from the shape of a page."""
    width, height = _sizes(svg)
    return max(width / (4 * height), height / width) + max(0.0, width - 2200) / 2200


def framed(svg: str) -> str:
    """The picture on a page between 1:1 and 4:1, white to its edges."""
    width, height = _sizes(svg)
    wide, high = max(width, height), max(height, width / 4)
    left, top = (wide - width) / 2, (high - height) / 2
    box = f"{-left:.2f} {-top:.2f} {wide:.2f} {high:.2f}"
    head = f'<svg width="{wide:.0f}" height="{high:.0f}"\n viewBox="{box}" role="img" style="background:#ffffff"'
    return _SIZE.sub(lambda _: head, svg, count=1)
