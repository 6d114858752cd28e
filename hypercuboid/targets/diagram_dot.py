"""A flat graph of ops as DOT text, for Graphviz to lay out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import graphviz

from hypercuboid.ops import OPS
from hypercuboid.targets.diagram_data import TIMES
from hypercuboid.targets.diagram_style import clip, printable, text_width

SIZE = 10.0
FACE = "Helvetica,Arial,sans-serif"
_FORMS = {"input": "ellipse", "state": "ellipse", "choice": "ellipse", "top": "hexagon"}
_FILLS = {"op": "#ffffff", "choice": "#dfe7f1", "top": "#dfe7f1"}
_NAMED = {"input", "state", "element", "carried"}
_WIDEST = 320.0

Attributes = Mapping[str, object]


def flat_dot(nodes: Iterable[tuple[int, Attributes]], edges: Iterable[tuple[int, int]]) -> str:
    """DOT text of the nodes and edges of `Graph.to_networkx`; tooltips have names and places, no edge has a label."""
    graph = new_graph()
    graph.attr(rankdir="LR", nodesep="0.12", ranksep="0.22", ordering="out")
    for number, attributes in nodes:
        _node(graph, f"n{number}", attributes)
    for start, end in edges:
        graph.edge(f"n{start}", f"n{end}")
    return str(graph.source)


def new_graph() -> graphviz.Digraph:
    """An empty graph in the style of all pictures."""
    graph = graphviz.Digraph("picture")
    graph.attr(fontname=FACE, fontsize=f"{SIZE:g}", bgcolor="white", outputorder="edgesfirst", pad="0.25")
    graph.attr("node", shape="box", style="filled,rounded", fontname=FACE, fontsize=f"{SIZE:g}", color="#8a8a8a")
    graph.attr("node", fillcolor="#f4f4f4", margin="0.1,0.05", height="0.3")
    graph.attr("edge", color="#6f6f6f", arrowsize="0.5", penwidth="0.8")
    return graph


def _node(graph: graphviz.Digraph, name: str, attributes: Attributes) -> None:
    kind = str(attributes["kind"])
    lines = tuple(clip(line, _WIDEST, SIZE) for line in _lines(kind, attributes))
    more = [str(attributes[key]) for key in ("name", "span") if attributes.get(key)]
    longest = max(text_width(line, SIZE) for line in lines)
    graph.node(
        name,
        dot_text(lines),
        shape=_FORMS.get(kind, "box"),
        style="filled" if kind in _FORMS else "filled,rounded",
        fillcolor=_FILLS.get(kind, "#ececec"),
        tooltip=dot_text((*lines, *more)),
        width=f"{(longest * (1.35 if kind in _FORMS else 1.0) + 14) / 72:.3f}",
    )


def _lines(kind: str, attributes: Attributes) -> tuple[str, ...]:
    """What a node is: its op with the arguments that are not its defaults, or its name or kind; then its shape."""
    shape, arguments = attributes.get("shape"), attributes.get("arguments")
    first = str(attributes["name"] or kind) if kind in _NAMED else kind
    if kind == "op" and isinstance(arguments, Mapping):
        first = str(attributes["op"])
        defaults = {one.name: one.default for one in OPS[first].parameters}
        given = ", ".join(f"{name} = {value}" for name, value in arguments.items() if value != defaults.get(name))
        first = f"{first} {given}".rstrip()
    return (first, TIMES.join(map(str, shape))) if isinstance(shape, list) else (first,)


def dot_text(lines: tuple[str, ...]) -> str:
    """A label or tooltip for DOT in which nothing is special."""
    text: str = graphviz.nohtml("\\n".join(map(_line, lines)))
    return text


def _line(text: str) -> str:
    return printable(text).replace("\\", "\\\\").replace("&", "&amp;")
