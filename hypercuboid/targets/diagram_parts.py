"""What the nodes of a body are called in pictures."""

from __future__ import annotations

from collections.abc import Mapping

from hypercuboid.frontend.elaborated import (
    Node,
    OpArgument,
    OpNode,
    ScanNode,
    TopNode,
    TrellisNode,
    UseNode,
)
from hypercuboid.ops import OPS
from hypercuboid.targets.diagram_data import TIMES


def node_lines(node: Node) -> tuple[str, ...]:
    """The text of a node: its name, then what it is given."""
    if isinstance(node, OpNode):
        return (node.op, *_arguments(node.arguments, {one.name: one.default for one in OPS[node.op].parameters}))
    if isinstance(node, UseNode):
        shared = () if node.instance is None else (f"shared {share_text(node)}",)
        return (node.definition.name, *shared, *_arguments(node.arguments, {}))
    if isinstance(node, ScanNode):
        return ("all states",)
    if isinstance(node, TopNode):
        return (f"sum top {node.count}",)
    if isinstance(node, TrellisNode):
        sizes = f"{len(node.steps)} steps {TIMES} {len(node.state_labels)} states"
        return (f"cuboid {node.decision}", sizes)
    return (node.name or f"state {getattr(node, 'state', '')}",)


def share_text(node: UseNode) -> str:
    """The name of the instance that a use shares, as its declaration has it: `project[3]`."""
    return (node.instance or "").rpartition("/")[2]


def _arguments(arguments: Mapping[str, OpArgument], defaults: Mapping[str, object]) -> tuple[str, ...]:
    """One line `c = 64, k = 3` of at most three arguments that differ from their defaults; none where none does."""
    shown = [f"{name} = {_value(one.value)}" for name, one in arguments.items() if one.value != defaults.get(name)]
    return (", ".join(shown[:3]) + ", ..." * (len(shown) > 3),) if shown else ()


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
