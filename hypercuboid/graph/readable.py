"""What of a body can be there and be read while paths are open, as the elaborator sees it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from hypercuboid.frontend.elaborated import Body, InputNode, Node, OpNode, StateNode, TrellisNode
from hypercuboid.graph.available import Present
from hypercuboid.graph.conditions import FOLDS, Port, Ports
from hypercuboid.graph.needs import Claims


def readable(
    body: Body,
    full: Ports,
    missing: Collection[int],
    present: Present,
    reading: Callable[[Node, frozenset[int]], Claims],
) -> set[int]:
    """The nodes that the output of a body reads, whatever of what is possible at ports is the case."""
    there = _there(body, full, missing, present)
    found = {body.output} if there[body.output] else set[int]()
    for position in range(len(body.nodes) - 1, -1, -1):
        if position not in found:
            continue
        node = body.nodes[position]
        gone = frozenset(slot for slot, i in enumerate(node.inputs) if i < 0 or not there[i])
        for slot, (source, claim) in enumerate(zip(node.inputs, reading(node, gone), strict=True)):
            entered = not isinstance(node, TrellisNode) or slot >= len(node.state_labels)
            if slot not in gone and not claim.impossible and (entered or slot in full[Port("in", position)]):
                found.add(source)
    return found


def _there(body: Body, full: Ports, missing: Collection[int], present: Present) -> list[bool]:
    found: list[bool] = []
    for position, node in enumerate(body.nodes):
        before = [i >= 0 and found[i] for i in node.inputs]
        if isinstance(node, InputNode):
            found.append(position not in missing)
        elif isinstance(node, StateNode):
            found.append(before[0] and node.state in full[Port("out", node.inputs[0])])
        elif isinstance(node, TrellisNode):
            found.append(any(before[state] for state in full[Port("in", position)]))
        elif isinstance(node, OpNode):
            found.append(any(before) if node.op in FOLDS and before else all(before))
        else:
            gone = frozenset(slot for slot, one in enumerate(before) if not one)
            found.append(not gone or (len(gone) < len(before) and present(node, gone)))
    return found
