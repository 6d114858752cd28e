"""Which bodies are zero whatever comes in (ruling 12)."""

from __future__ import annotations

from collections.abc import Sequence

from hypercuboid.frontend.elaborated import Body, ChoiceNode, InputNode, Node, OpNode, ScanNode, TopNode, UseNode
from hypercuboid.ops import OPS


def is_zero(body: Body, inputs: tuple[bool, ...]) -> bool:
    """Whether the output of a body is zero, given which of its inputs are."""
    known: dict[tuple[bool, ...], bool] = body.passes.setdefault("zero", {})
    if inputs not in known:
        known[inputs] = zero_nodes(body.nodes, inputs)[body.output]
    return known[inputs]


def zero_nodes(nodes: Sequence[Node], inputs: tuple[bool, ...]) -> list[bool]:
    """Per node whether it is zero, given which inputs are; inputs that are not given are not."""
    flags: list[bool] = []
    given = iter(inputs)
    for node in nodes:
        before = tuple(flags[i] for i in node.inputs if i >= 0)
        if isinstance(node, InputNode):
            flags.append(next(given, False))
        elif isinstance(node, OpNode):
            values = {name: argument.value for name, argument in node.arguments.items()}
            flags.append(OPS[node.op].is_zero(values, before))
        elif isinstance(node, UseNode):
            flags.append(is_zero(node.definition.body, before))
        elif isinstance(node, ScanNode):  # zero once the state is zero and stays it
            flags.append(is_zero(node.body, before))
        elif isinstance(node, ChoiceNode):
            flags.append(all(is_zero(a.body, tuple(before[i] for i in a.inputs)) for a in node.alternatives))
        else:
            flags.append(isinstance(node, TopNode) and all(before))
    return flags
