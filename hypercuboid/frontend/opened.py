"""Which bodies have open decisions."""

from __future__ import annotations

from hypercuboid.frontend.elaborated import Body, ChoiceNode, TopNode, TrellisNode, UseNode


def is_open(body: Body) -> bool:
    """Whether a decision is open in a body or deeper."""
    waiting, seen = [body], {id(body)}
    for one in waiting:
        for node in one.nodes:
            if isinstance(node, (ChoiceNode, TopNode, TrellisNode)):
                return True
            if isinstance(node, UseNode) and id(node.definition.body) not in seen:
                seen.add(id(node.definition.body))
                waiting.append(node.definition.body)
    return False
