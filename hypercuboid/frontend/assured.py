"""Architectures that are sound because their spaces are: nothing that they could get wrong follows from what they pick.

All alternatives of a choice have one shape, and so have the terms of a `sum`. So in a space of choices alone, every
tensor has the same shape whatever is decided, and an architecture that decides everything can fail in nothing that
did not fail in the space. Where more may differ, as in a cuboid, whose states are there or not, nothing is said.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypercuboid.frontend.elaborated import (
    Body,
    ChoiceNode,
    Decided,
    Definition,
    KeptPath,
    TopNode,
    TrellisNode,
    UseNode,
    inner_bodies,
)
from hypercuboid.frontend.opened import is_open
from hypercuboid.frontend.points import Point
from hypercuboid.frontend.session import Session


def is_uniform(whole: Definition, session: Session) -> bool:
    """Whether no shape in an open space depends on its decisions, and each has one name in all architectures."""
    numbered = any("@" in name for name in whole.decisions)
    return whole.bounded and not numbered and not any(session.apart.values()) and _is_uniform(whole.body)


def _is_uniform(body: Body) -> bool:
    if "uniform" not in body.passes:
        body.passes["uniform"] = _is_plain(body)
    found: bool = body.passes["uniform"]
    return found


def _is_plain(body: Body) -> bool:
    for node in body.nodes:
        if isinstance(node, TrellisNode) or not (node.type.known and node.type.settled):
            return False
        inner = [node.definition.body] if isinstance(node, UseNode) else inner_bodies(node)
        if not all(map(_is_uniform, inner)):
            return False
    return _has_simple_tops(body)


def _has_simple_tops(body: Body) -> bool:
    """Whether each term of a `sum top` is one choice: two of them might leave out different terms."""
    tops = [node for node in body.nodes if isinstance(node, TopNode)]
    terms = [position for top in tops for position in top.inputs]
    if len(set(terms)) < len(terms) or not all(_is_single(body.nodes[position]) for position in terms):
        return False
    where = {coordinates for top in tops for coordinates in top.terms}
    others = (node for position, node in enumerate(body.nodes) if position not in terms)
    deciding = (node.coordinates for node in others if isinstance(node, (ChoiceNode, UseNode)))
    return not any(found[-len(one) :] == one for found in deciding for one in where)


def _is_single(term: object) -> bool:
    return isinstance(term, ChoiceNode) and not any(is_open(one.body) for one in term.alternatives)


def decides_all(points: Sequence[Point], decided: Sequence[Decided]) -> bool:
    """Whether one alternative is kept of every choice, and one or none in each term of a `sum top`."""
    made = {one.name: one.kept for one in decided}
    for point in points:
        kept = made.get(point.name, {}).get(point.key)
        if kept is None or len(kept) > 1 or not (kept or point.top):
            return False
        if any(isinstance(one, KeptPath) or None in one for one in kept):
            return False
    return True
