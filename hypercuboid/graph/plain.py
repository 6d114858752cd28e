"""Bodies of ops and uses alone, in which nothing is decided: all of them lives, and what they cost is a sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypercuboid.frontend.elaborated import Body, InputNode, Node, OpNode, UseNode
from hypercuboid.graph.forest import Group
from hypercuboid.graph.sharing import joined

if TYPE_CHECKING:
    from hypercuboid.graph.grow import Grower


def is_plain(body: Body) -> bool:
    """Whether a body has one case whatever is decided around it, in which all of its nodes live; it remembers it.

    Most bodies of a large space are candidates of a cuboid of this kind, and need nothing of what cases are found by.
    """
    if "plain" not in body.passes:
        body.passes["plain"] = body.output >= 0 and body.aux is None and all(map(_is_plain, body.nodes))
    found: bool = body.passes["plain"]
    return found


def _is_plain(node: Node) -> bool:
    if isinstance(node, UseNode):
        return is_plain(node.definition.body)
    return isinstance(node, OpNode | InputNode)


def plain_group(grower: Grower, body: Body, shared: bool) -> Group:
    """The group of a plain body; `shared` as for `Grower.body`."""
    found = []
    for node in body.nodes:
        if isinstance(node, OpNode):
            types = tuple([body.nodes[i].type for i in node.inputs])
            found.append(grower.op(node, shared, types, node.type))
        elif isinstance(node, UseNode):
            group = grower.node(node, False, shared, frozenset())
            assert group is not None
            found.append(group)
    return joined(found) if found else Group()
