"""Whether two uses of a shared block are one network: equal up to the sizes of images and sequences."""

from __future__ import annotations

from itertools import zip_longest

from hypercuboid.frontend.elaborated import Body, ChoiceNode, Node, OpNode, TopNode, UseNode, inner_bodies, label_text
from hypercuboid.ops import OPS
from hypercuboid.ops.base import Value
from hypercuboid.records import dataclass


@dataclass(frozen=True)
class Difference:
    """The first place where two networks differ, and what stands there in each; `in_weights`: in nothing but those."""

    first: str
    second: str
    in_weights: bool = False


def difference(first: Body | None, second: Body | None) -> Difference | None:
    """None where all layers are equal, as generated source writes them, and read the same tensors."""
    if first is second:
        return None
    if first is None or second is None:
        return Difference("an alternative", "none")
    for position in range(max(len(first.nodes), len(second.nodes))):
        if position >= min(len(first.nodes), len(second.nodes)):
            return Difference(_text(first, position), _text(second, position))
        found = _at(first, second, position)
        if found is not None:
            return found
    return None


def _at(first: Body, second: Body, position: int) -> Difference | None:
    """The difference of two nodes, or of what they hold."""
    one, other = first.nodes[position], second.nodes[position]
    if type(one) is not type(other) or one.inputs != other.inputs or _form(first, one) != _form(second, other):
        in_weights = isinstance(one, OpNode) and isinstance(other, OpNode) and _given(one) == _given(other)
        return Difference(_text(first, position), _text(second, position), in_weights)
    if isinstance(one, UseNode) and isinstance(other, UseNode):
        return difference(one.definition.body, other.definition.body)
    pairs = zip_longest(inner_bodies(one), inner_bodies(other))
    return next((found for a, b in pairs if (found := difference(a, b)) is not None), None)


def _given(node: OpNode) -> tuple[str, dict[str, Value]]:
    return node.op, {name: argument.value for name, argument in node.arguments.items()}


def _form(body: Body, node: Node) -> object:
    """Equal for nodes that do the same, whatever they hold."""
    if isinstance(node, ChoiceNode):
        return tuple((alternative.label, alternative.inputs) for alternative in node.alternatives)
    if isinstance(node, TopNode):
        return node.count
    if not isinstance(node, OpNode):
        return None
    values = {name: repr(value) for name, value in _given(node)[1].items()}
    inputs = tuple(body.nodes[position].type for position in node.inputs)
    if not all(type.known for type in inputs):
        return node.op, values
    channels = tuple(str(type.channels) if type.shape else "" for type in inputs)
    return node.op, OPS[node.op].source(values, inputs, channels)


def _text(body: Body, position: int) -> str:
    """`conv(c = 8, k = 3)` on (3, 8, 8), and the names of blocks."""
    if position >= len(body.nodes):
        return "nothing"
    node = body.nodes[position]
    name = node.definition.name if isinstance(node, UseNode) else node.name
    if isinstance(node, OpNode):
        usual = {one.name: one.default for one in OPS[node.op].parameters}
        given = [f"{name} = {label_text(value)}" for name, value in _given(node)[1].items() if value != usual.get(name)]
        name = node.op + (f"({', '.join(given)})" if given else "")
    read = ", ".join(str(body.nodes[i].type) for i in node.inputs if i >= 0)
    return f"`{name}`" + (f" on {read}" if read else "")
