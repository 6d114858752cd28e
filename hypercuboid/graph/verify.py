"""What every elaborated space must satisfy; asked between passes and in tests."""

from __future__ import annotations

from hypercuboid.frontend.elaborated import (
    Body,
    ChoiceNode,
    Elaborated,
    InputNode,
    Node,
    OpNode,
    ScanNode,
    StateNode,
    TopNode,
    TrellisNode,
    UseNode,
)
from hypercuboid.ops import OPS
from hypercuboid.ops.base import TensorType


def verify(elaborated: Elaborated) -> None:
    """Checks every body once; AssertionError names the node that breaks an invariant."""
    seen: set[int] = set()
    body = elaborated.definition.body
    assert body.arity == len(elaborated.input_names), f"{elaborated.name}: inputs"
    _body(body, elaborated.name, seen)


def _body(body: Body, where: str, seen: set[int]) -> None:
    if id(body) in seen:
        return
    seen.add(id(body))
    assert 0 <= body.output < len(body.nodes), f"{where}: output"
    names: set[str] = set()
    for position, node in enumerate(body.nodes):
        place = f"{where}.{node.name}"
        assert isinstance(node, InputNode) == (position < body.arity), f"{place}: inputs come first"
        assert all(-1 <= i < position for i in node.inputs), f"{place}: reads a later node"
        if isinstance(node, OpNode | UseNode | ChoiceNode | ScanNode):
            assert node.name not in names, f"{place}: two nodes of one name"
            names.add(node.name)
        _node(body, node, place, seen)


def _node(body: Body, node: Node, place: str, seen: set[int]) -> None:
    types = tuple(body.nodes[i].type for i in node.inputs if i >= 0)
    if isinstance(node, OpNode):
        op = OPS[node.op]
        assert op.arity is None or op.arity == len(types), f"{place}: number of inputs"
        if all(type.known for type in types) and node.type.known:
            values = {name: argument.value for name, argument in node.arguments.items()}
            assert op.infer(values, tuple(type.widest for type in types)) == node.type.widest, f"{place}: type"
    elif isinstance(node, UseNode):
        inner = node.definition.body
        assert inner.type == node.type, f"{place}: type"
        assert inner.arity == len(node.inputs), f"{place}: number of inputs"
        _body(inner, place, seen)
    elif isinstance(node, ScanNode):
        _scan(node, types, place, seen)
    elif isinstance(node, ChoiceNode):
        _choice(node, place, seen)
    elif isinstance(node, TopNode):
        assert 1 <= node.count <= len(node.inputs) == len(node.terms), f"{place}: terms"
    elif isinstance(node, StateNode):
        trellis = body.nodes[node.inputs[0]]
        assert isinstance(trellis, TrellisNode), f"{place}: reads no cuboid"
        assert trellis.steps[-1].types[node.state] == node.type, f"{place}: type"
    elif isinstance(node, TrellisNode):
        _trellis(node, place, seen)


def _scan(node: ScanNode, types: tuple[TensorType, ...], place: str, seen: set[int]) -> None:
    inner = node.body
    assert inner.arity == len(node.inputs), f"{place}: number of inputs"
    if all(type.known for type in (*types, node.type)):
        sequence, state, *_ = types
        assert sequence.kind == node.type.kind == "sequence", f"{place}: kind"
        assert inner.nodes[0].type.shape == sequence.shape[1:], f"{place}: element"
        assert inner.type == state == inner.nodes[1].type, f"{place}: state"
        assert node.type.shape == (sequence.shape[0], *state.shape), f"{place}: type"
    _body(inner, place, seen)


def _choice(node: ChoiceNode, place: str, seen: set[int]) -> None:
    labels = [alternative.label for alternative in node.alternatives]
    assert len(set(map(repr, labels))) == len(labels), f"{place}: equal labels"
    for alternative in node.alternatives:
        assert len(alternative.label) == len(node.axes), f"{place}: label"
        assert len(alternative.inputs) == alternative.body.arity, f"{place}: number of inputs"
        assert all(0 <= i < len(node.inputs) for i in alternative.inputs), f"{place}: inputs"
        _body(alternative.body, place, seen)


def _trellis(node: TrellisNode, place: str, seen: set[int]) -> None:
    states = len(node.state_labels)
    checked: set[int] = set()
    assert len(node.inputs) >= states, f"{place}: initial states"
    for step in node.steps:
        assert len(step.coordinates) == len(node.depth), f"{place}: depth"
        if id(step.candidates) in checked:
            continue
        checked.add(id(step.candidates))
        for candidate in step.candidates:
            assert 0 <= candidate.source < states and 0 <= candidate.target < states, f"{place}: states"
            assert len(candidate.label) == len(node.choices), f"{place}: label"
            assert len(candidate.inputs) == candidate.body.arity, f"{place}: number of inputs"
            assert all(0 <= i < len(node.inputs) for i in candidate.inputs), f"{place}: inputs"
            after = step.types[candidate.target]
            assert after is not None and after.widest == candidate.body.type.widest, f"{place}: type"
            _body(candidate.body, place, seen)
