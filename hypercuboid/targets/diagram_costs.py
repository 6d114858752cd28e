"""What each candidate of a cuboid costs and where it stands in the source, for tooltips."""

from __future__ import annotations

from dataclasses import dataclass

from hypercuboid.diagnostics import Span
from hypercuboid.frontend.elaborated import Body, TrellisNode
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


def place_text(span: Span) -> str:
    """`file:line:column`."""
    return f"{span.source.path}:{span.line}:{span.column}"
