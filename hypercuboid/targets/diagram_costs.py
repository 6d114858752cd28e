"""What each candidate of a cuboid costs and where it stands in the source, for tooltips."""

from __future__ import annotations

from dataclasses import dataclass

from hypercuboid.diagnostics import Span
from hypercuboid.frontend.elaborated import Body, Node, OpNode, ScanNode, TrellisNode, UseNode
from hypercuboid.graph.grow import Grower
from hypercuboid.graph.numbers import total


@dataclass(frozen=True)
class Facts:
    """Parameters and multiply-accumulates, None where input shapes are unknown, and the place in the source."""

    params: int | None
    macs: int | None
    place: str


def candidate_facts(node: TrellisNode) -> dict[int, Facts]:
    """`id(body)` -> facts of every candidate body, each once."""
    bodies = {id(candidate.body): candidate.body for step in node.steps for candidate in step.candidates}
    places: dict[tuple[int, int], str] = {}
    found = {}
    for key, body in bodies.items():
        span = body.nodes[body.output].span if body.nodes else node.span
        place = places.setdefault((id(span.source), span.start), "") or place_text(span)
        places[id(span.source), span.start] = place
        found[key] = Facts(*body_cost(body), place)
    return found


def body_cost(body: Body) -> tuple[int | None, int | None]:
    """Parameters and multiply-accumulates of everything a body holds; None where input shapes are unknown."""
    grower = Grower()
    group = grower.root(body)
    if not grower.known:
        return None, None
    return total(group, "params"), total(group, "macs")


def node_cost(node: Node, body: Body) -> tuple[int | None, int | None]:
    """The same of one node of a body; of a scan at one position; None for what only hands on or decides."""
    if isinstance(node, UseNode):
        return body_cost(node.definition.body)
    if isinstance(node, ScanNode):
        return body_cost(node.body)
    if not isinstance(node, OpNode):
        return None, None
    grower = Grower()
    group = grower.op(node, False, tuple(body.nodes[i].type for i in node.inputs), node.type)
    return (total(group, "params"), total(group, "macs")) if grower.known else (None, None)


def cost_text(params: int | None, macs: int | None) -> str:
    """`1,216 params, 9,216 macs`; empty where they are not known."""
    return "" if params is None or macs is None else f"{params:,} params, {macs:,} macs"


def place_text(span: Span) -> str:
    """`file:line:column`."""
    return f"{span.source.path}:{span.line}:{span.column}"
