"""Where each node of a body is not missing: the forward half of `conditions`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import reduce
from typing import TypeAlias

from hypercuboid.frontend.elaborated import (
    Body,
    InputNode,
    Node,
    OpNode,
    StateNode,
    TrellisNode,
)
from hypercuboid.graph.conditions import (
    ALWAYS,
    FOLDS,
    NEVER,
    Condition,
    Entangled,
    Port,
    Ports,
    at,
    both,
    either,
    reduced,
)

Present: TypeAlias = Callable[[Node, frozenset[int]], bool]
"""Whether a node can be there where some of its inputs are missing, given by their numbers."""


def availability(body: Body, full: Ports, missing: Collection[int], present: Present) -> list[Condition]:
    """Per node where it is not missing. `missing` are the inputs of the body that are.

    Raises Entangled where that is no condition on ports, or where a block, a choice or a cuboid reads something that is
    there under another condition than the rest of what it reads.
    """
    found: list[Condition] = []
    for position, node in enumerate(body.nodes):
        before = [found[i] if i >= 0 else NEVER for i in node.inputs]
        if before and not isinstance(node, StateNode) and all(one is ALWAYS for one in before):
            condition = ALWAYS
        elif isinstance(node, InputNode):
            condition = NEVER if position in missing else ALWAYS
        elif isinstance(node, StateNode):
            condition = both(reduced(at(Port("out", node.inputs[0]), frozenset((node.state,))), full), before[0])
        elif isinstance(node, TrellisNode):
            condition = _cuboid(node, before, full)
        elif isinstance(node, OpNode):
            folded = node.op in FOLDS and before
            condition = either(before, full) if folded else reduced(reduce(both, before, ALWAYS), full)
        else:
            condition = _whole(node, before, present)
        if condition.entangled:
            raise Entangled(condition, node.span)
        found.append(condition)
    return found


def missing_inputs(node: Node, available: list[Condition]) -> frozenset[int]:
    """The numbers of the inputs of a node that are never there; none for a node that is missing itself."""
    gone = frozenset(slot for slot, i in enumerate(node.inputs) if i >= 0 and available[i].impossible)
    return gone if len(gone) < len(node.inputs) else frozenset()


def _cuboid(node: TrellisNode, before: list[Condition], full: Ports) -> Condition:
    """A cuboid is there where the path can enter it; what its steps read besides is there or not."""
    count = len(node.state_labels)
    for one in (*before[count:], either(before[:count], full)):
        if one.ports and not one.impossible:
            raise Entangled(one, node.span)
    return either(before[:count], full)


def _whole(node: Node, before: list[Condition], present: Present) -> Condition:
    """Blocks, choices, scans and `sum top` read tensors that are missing together, or never, or always."""
    if not before:
        return ALWAYS
    if all(one == before[0] for one in before):
        return before[0]
    for one in before:
        if one.ports and not one.impossible:
            raise Entangled(one, node.span)
    gone = frozenset(slot for slot, one in enumerate(before) if one.impossible)
    return ALWAYS if present(node, gone) else NEVER
