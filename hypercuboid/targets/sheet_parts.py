"""Which parts of a network get a panel of their own, and what uses and ops are called in boxes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hypercuboid.frontend.elaborated import (
    Body,
    ChoiceNode,
    Kept,
    Label,
    Node,
    OpNode,
    ScanNode,
    TopNode,
    TrellisNode,
    UseNode,
    label_text,
)
from hypercuboid.frontend.opened import is_open
from hypercuboid.frontend.places import Place
from hypercuboid.targets.diagram_costs import cost_text, node_cost, place_text
from hypercuboid.targets.diagram_data import shape_text
from hypercuboid.targets.diagram_parts import node_lines, share_text

_KEPT_LABEL = re.compile(r"\.[^.\[\]]+\[([^\[\]=]*)\]\.[^.\[\]]*$")
"""The label in the name of what a choice kept: `sep` in `n[2][0].op[sep].SepConv`."""
_LAST_LABEL = re.compile(r"[^\[]\[([^\[\]]*)\]\.[^.\[\]]*$")
"""Also that of a step of a cuboid: `SharpSepConv` in `h[0][8,16][SharpSepConv].SharpSepConv`."""
_ROOT = re.compile(r"^[^.\[\]]+(\[[^\[\]]*\])?")

KeptOf = Mapping[str, Mapping[tuple[Label, ...], tuple[Kept, ...]]]


def inline_choice(node: Node) -> ChoiceNode | None:
    """The choice that a box can show: the node itself, or the only decision of the block that it uses.

    Where the alternatives decide something too, they get panels; then the block is shown so only if it holds no more.
    """
    if isinstance(node, ChoiceNode):
        return node
    if not isinstance(node, UseNode):
        return None
    inner = [one for one in node.definition.body.nodes if _decides(one)]
    if len(inner) != 1 or not isinstance(inner[0], ChoiceNode):
        return None
    alone = len(node.definition.body.nodes) == node.definition.body.arity + 1
    return inner[0] if alone or not any(is_open(one.body) for one in inner[0].alternatives) else None


def _decides(node: Node) -> bool:
    return isinstance(node, ChoiceNode | TopNode | TrellisNode) or (
        isinstance(node, UseNode) and is_open(node.definition.body)
    )


def has_panel(node: UseNode) -> bool:
    """Whether the block that a node uses is drawn apart: it decides more than a box shows, or is a decided cell."""
    body = node.definition.body
    if is_open(body):
        return inline_choice(node) is None
    return bool(node.definition.decisions) and is_cell(body)


def is_cell(body: Body) -> bool:
    """Whether a body is drawn as nodes and edges: two of its nodes add up, or it joins inputs in numbered nodes.

    One that holds a cuboid is not: its numbered nodes are states.
    """
    if any(isinstance(node, TrellisNode) for node in body.nodes):
        return False
    sums = sum(isinstance(n, TopNode) or (isinstance(n, OpNode) and n.op == "sum") for n in body.nodes)
    numbered = {root(node.name) for node in body.nodes if "[" in root(node.name)}
    return sums >= 2 or (body.arity >= 2 and len(numbered) >= 3)


def root(name: str) -> str:
    """The node of the source that a name begins with: `n[2]` of `n[2][0].op`."""
    found = _ROOT.match(name)
    return found[0] if found else name


def part_name(node: UseNode) -> str:
    """What a use is called: its binder, as in `cell Normal = ...`, or its block."""
    where = ", ".join(f"{axis} {label_text(label)}" for axis, label in node.coordinates)
    if where:
        return f"{node.definition.name}, {where}"
    if node.instance is not None:
        return f"{node.definition.name} {share_text(node)}"
    return node.name.rsplit(".", 1)[-1].partition("@")[0] or node.definition.name


def scan_name(node: ScanNode) -> str:
    """`scan states`; `scan` where it has no name."""
    own = node.name.split(".")[0]
    return "scan" if own.partition("@")[0] == "scan" else f"scan {own}"


def use_lines(node: UseNode, place: Place, kept: KeptOf) -> tuple[str, ...]:
    """The lines of a use: what was decided in it or by it, its name, its arguments."""
    decided = [one for one in _decided(node, place, kept) if one]
    label = _written_label(node)
    if not decided and label != node.definition.name:
        decided = [label]
    return tuple(dict.fromkeys((*decided, *node_lines(node))))


def edge_label(node: UseNode, place: Place, kept: KeptOf) -> str:
    """What stands on the edge of a decided cell: the label that was kept, else the name of the block."""
    decided = [one for one in _decided(node, place, kept) if one]
    return ", ".join(decided) or _written_label(node)


def _written_label(node: UseNode) -> str:
    """The label in the name of a use that a choice kept, without the node that it reads; else the name of its block."""
    bracket = _KEPT_LABEL.search(node.name)
    parts = [] if bracket is None else bracket[1].split(",")
    named = [part for part in parts if not part.isdigit()] or parts
    return ", ".join(named) or node.definition.name


def kept_texts(node: Node, place: Place, kept: KeptOf) -> tuple[str, ...]:
    """What a node of a decided network may have been kept as: what was decided in it, or the label in its name."""
    inside = _decided(node, place, kept) if isinstance(node, UseNode) else []
    bracket = _LAST_LABEL.search(node.name)
    last = [] if bracket is None or bracket[1].isdigit() else [bracket[1]]
    return (*inside, *(one.replace(", ", ",") for one in inside), *last)


def _decided(node: UseNode, place: Place, kept: KeptOf) -> list[str]:
    """The labels that an architecture keeps of the decisions directly in a block."""
    inside, found = place.use(node), []
    for own in node.definition.decisions:
        name, coordinates = inside.decision(own, ())
        where = tuple(label for _, label in coordinates)
        for label in kept.get(name, {}).get(where, ()):
            parts = label if isinstance(label, tuple) else ()
            found.append(", ".join(label_text(one) for one in parts if one is not None))
    return found


def node_title(node: Node, body: Body) -> str:
    """The tooltip of a node of a body: its name, what it is given, its shape, what it costs, and its place."""
    lines = [node.name, *([] if isinstance(node, ChoiceNode) else node_lines(node)), shape_text(node.type)]
    cost = cost_text(*node_cost(node, body))
    lines.append(f"{cost}, at each position" if cost and isinstance(node, ScanNode) else cost)
    return "\n".join(filter(None, dict.fromkeys((*lines, place_text(node.span)))))
