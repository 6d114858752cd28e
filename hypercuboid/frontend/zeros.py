"""Which bodies are zero whatever comes in (ruling 12)."""

from __future__ import annotations

from hypercuboid.frontend.elaborated import Body, ChoiceNode, InputNode, OpNode, TopNode, UseNode
from hypercuboid.ops import OPS


def is_zero(body: Body, inputs: tuple[bool, ...]) -> bool:
    """Whether the output of a body is zero, given which of its inputs are."""
    if inputs not in body.zero_for:
        body.zero_for[inputs] = _is_zero(body, inputs)
    return body.zero_for[inputs]


def _is_zero(body: Body, inputs: tuple[bool, ...]) -> bool:
    flags: list[bool] = []
    given = iter(inputs)
    for node in body.nodes:
        before = tuple(flags[i] for i in node.inputs if i >= 0)
        if isinstance(node, InputNode):
            flags.append(next(given))
        elif isinstance(node, OpNode):
            values = {name: argument.value for name, argument in node.arguments.items()}
            flags.append(OPS[node.op].is_zero(values, before))
        elif isinstance(node, UseNode):
            flags.append(is_zero(node.definition.body, before))
        elif isinstance(node, ChoiceNode):
            flags.append(all(is_zero(a.body, tuple(before[i] for i in a.inputs)) for a in node.alternatives))
        else:
            flags.append(isinstance(node, TopNode) and all(before))
    return flags[body.output]
