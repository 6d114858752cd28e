"""Which bodies have open decisions."""

from __future__ import annotations

from hypercuboid.frontend.elaborated import Body, ChoiceNode, TopNode, TrellisNode, UseNode


def is_open(body: Body) -> bool:
    """Whether a decision is open in a body or deeper."""
    for node in body.nodes:
        if isinstance(node, (ChoiceNode, TopNode, TrellisNode)):
            return True
        if isinstance(node, UseNode) and is_open(node.definition.body):
            return True
    return False
