"""How much there is of something in a body and all that is in it, without walking what is folded."""

from __future__ import annotations

from collections.abc import Callable

from hypercuboid.frontend.elaborated import Body, Node, OpNode, TrellisNode, UseNode, inner_bodies


def count_in(body: Body, name: str, own: Callable[[Node], int]) -> int:
    """The sum of `own` over the nodes of a body, of the blocks it uses, of alternatives, scans and steps of cuboids.

    What occurs often is worked out once and multiplied; each body remembers its number under `name`.
    """
    if name not in body.passes:
        total = 0
        for node in body.nodes:  # a loop: blocks stand in blocks, and each level costs as few calls as can be
            total += own(node) + _inside(node, name, own)
        body.passes[name] = total
    count: int = body.passes[name]
    return count


def _inside(node: Node, name: str, own: Callable[[Node], int]) -> int:
    if isinstance(node, OpNode):
        return 0
    if isinstance(node, UseNode):
        return count_in(node.definition.body, name, own)
    if not isinstance(node, TrellisNode):
        return sum(count_in(body, name, own) for body in inner_bodies(node))
    steps = {id(step.candidates): step.candidates for step in node.steps}
    inside = {key: sum(count_in(one.body, name, own) for one in candidates) for key, candidates in steps.items()}
    return sum(inside[id(step.candidates)] for step in node.steps)
