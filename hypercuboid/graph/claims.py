"""What the nodes of a body read of their inputs: where some are missing, and whether that can be told by decisions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, TypeAlias

from hypercuboid.frontend.elaborated import (
    Body,
    ChoiceNode,
    Node,
    ScanNode,
    TopNode,
    TrellisNode,
    UseNode,
)
from hypercuboid.graph.conditions import ALWAYS, MAYBE, NEVER, Condition
from hypercuboid.graph.needs import Claims, Needs, Slot
from hypercuboid.graph.paths import missing_of

if TYPE_CHECKING:
    from hypercuboid.graph.grow import Grower

Demand: TypeAlias = frozenset[tuple[int, bool]]
"""Inputs by their numbers, and whether they are read."""


def claims_of(grower: Grower, node: Node, missing: frozenset[int]) -> Claims:
    """Per input of a node that lives when it reads it, where some are missing."""
    if isinstance(node, UseNode):
        return _of_body(grower, node.definition.body, missing)
    if isinstance(node, ScanNode):
        return [ALWAYS, ALWAYS, *_of_body(grower, node.body, missing)[2:]]
    if isinstance(node, ChoiceNode):
        return _of_choice(grower, node, missing)
    if isinstance(node, TrellisNode):
        return _of_cuboid(grower, node, missing)
    if isinstance(node, TopNode):
        sure = node.count >= len(node.inputs) - len(missing)
        return [NEVER if slot in missing else ALWAYS if sure else MAYBE for slot in range(len(node.inputs))]
    return [NEVER if slot in missing else ALWAYS for slot in range(len(node.inputs))]


def _of_body(grower: Grower, body: Body, missing: frozenset[int]) -> Claims:
    cases = grower.cases(body, nonzero=False, shared=False, missing=missing)
    return [_together([case.live[position] for case in cases]) for position in range(body.arity)]


def _together(claims: Sequence[Condition]) -> Condition:
    if all(one.impossible for one in claims):
        return NEVER
    return ALWAYS if all(one.always for one in claims) else MAYBE


def _of_choice(grower: Grower, node: ChoiceNode, missing: frozenset[int]) -> Claims:
    each: list[dict[int, Condition]] = []
    for one in node.alternatives:
        gone = frozenset(i for i, slot in enumerate(one.inputs) if slot in missing)
        if grower.body(one.body, missing=gone) is not None:
            each.append(dict(zip(one.inputs, _of_body(grower, one.body, gone), strict=True)))
    return [_together([one.get(slot, NEVER) for one in each]) for slot in range(len(node.inputs))]


def _of_cuboid(grower: Grower, node: TrellisNode, missing: frozenset[int]) -> Claims:
    """What all candidates read that are left in no step is not read at all."""
    read: set[int] = set()
    for candidates in {id(step.candidates): step.candidates for step in node.steps}.values():
        for one in candidates:
            gone = missing_of(node, one, missing)
            if grower.body(one.body, missing=gone) is not None:
                claims = zip(one.inputs, _of_body(grower, one.body, gone), strict=True)
                read |= {slot for slot, claim in claims if not claim.impossible}
    states = range(len(node.state_labels))
    sure = grower.needs.slots(node)
    return [
        ALWAYS if slot in states or (slot in read and sure[slot]) else MAYBE if slot in read else NEVER
        for slot in range(len(node.inputs))
    ]


# ---------------------------------------------------------------- what can be told


def told_inputs(needs: Needs, body: Body, sources: Collection[int]) -> frozenset[Slot]:
    """The inputs of choices and blocks that hang on some nodes and perhaps are read, if decisions tell whether."""
    hit = set(sources)
    found: set[Slot] = set()
    for position, node in enumerate(body.nodes):
        slots = [slot for slot, source in enumerate(node.inputs) if source in hit]
        if not slots:
            continue
        hit.add(position)
        if isinstance(node, (UseNode, ChoiceNode, ScanNode)):
            sure = needs.slots(node)
            found |= {(position, slot) for slot in slots if not sure[slot] and _is_told(needs, node, slot)}
    return frozenset(found)


def _is_told(needs: Needs, node: Node, slot: int) -> bool:
    if isinstance(node, UseNode):
        return _is_told_inside(needs, node.definition.body, slot)
    if isinstance(node, ScanNode):
        return slot > 1 and _is_told_inside(needs, node.body, slot)
    assert isinstance(node, ChoiceNode)
    with_slot = [one for one in node.alternatives if slot in one.inputs]
    return all(_is_told_inside(needs, one.body, one.inputs.index(slot)) for one in with_slot)


def _is_told_inside(needs: Needs, body: Body, source: int) -> bool:
    """Whether no `sum top` and no cuboid stands between an input of a body and its output."""
    hit = {source}
    for position, node in enumerate(body.nodes):
        slots = [slot for slot, one in enumerate(node.inputs) if one in hit]
        if not slots:
            continue
        if isinstance(node, (TopNode, TrellisNode)):
            return False
        hit.add(position)
        if isinstance(node, (UseNode, ChoiceNode, ScanNode)):
            sure = needs.slots(node)
            if not all(sure[slot] or _is_told(needs, node, slot) for slot in slots):
                return False
    return True
