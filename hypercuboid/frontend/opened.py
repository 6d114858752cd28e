"""Which bodies have open decisions."""

from __future__ import annotations

from hypercuboid.frontend.elaborated import Body, ChoiceNode, OpNode, TopNode, TrellisNode, UseNode, inner_bodies


def is_open(body: Body) -> bool:
    """Whether a decision is open in a body or deeper; a body remembers it."""
    if "open" not in body.passes:
        body.passes["open"] = _holds_decision(body)
    found: bool = body.passes["open"]
    return found


def _holds_decision(body: Body) -> bool:
    waiting, seen = [body], {id(body)}
    for one in waiting:
        for node in one.nodes:
            if isinstance(node, OpNode):
                continue
            if isinstance(node, (ChoiceNode, TopNode, TrellisNode)):
                return True
            inner = [node.definition.body] if isinstance(node, UseNode) else inner_bodies(node)
            for body in inner:
                if id(body) not in seen:
                    seen.add(id(body))
                    waiting.append(body)
    return False
