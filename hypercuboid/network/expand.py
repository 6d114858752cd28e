"""Expansion: an elaborated space, hierarchical and folded -> a flat plan, steps in order over value slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hypercuboid.frontend.elaborated import (
    Body,
    ChoiceNode,
    Coordinates,
    Elaborated,
    InputNode,
    Label,
    OpNode,
    ScanNode,
    StateNode,
    TopNode,
    TrellisNode,
    UseNode,
    instance_component,
)
from hypercuboid.frontend.elaborated import Step as TrellisStep
from hypercuboid.frontend.places import TOP, Place
from hypercuboid.graph.conditions import FOLDS
from hypercuboid.graph.decision import distinct
from hypercuboid.network.limits import MAX_OPS, MAX_WEIGHTS, refuse_large
from hypercuboid.network.steps import Mix, Plan, RunOp, Scan, Slot, Step, pruned

if TYPE_CHECKING:
    import numpy as np

    from hypercuboid.diagnostics import Span
    from hypercuboid.graph.decision import Decision
    from hypercuboid.ops.base import TensorType, Value


def expand(
    elaborated: Elaborated,
    decisions: Sequence[Decision] = (),
    max_ops: int = MAX_OPS,
    max_weights: int = MAX_WEIGHTS,
) -> Plan:
    """The flat plan of a space with `decisions`, or of an architecture without any.

    Alternatives that cannot reach the output (`Decision.live`) are not built. Raises HC4001 over a limit.
    """
    refuse_large(elaborated, decisions, max_ops, max_weights)
    return Expansion(decisions).run(elaborated.definition.body)


class Expansion:
    """The steps of a plan while it is made. A value is a slot, or None where it is missing (ruling 14)."""

    def __init__(self, decisions: Sequence[Decision]) -> None:
        self.decisions = {decision.name: decision for decision in decisions}
        self.live: dict[str, np.ndarray] = {decision.name: decision.reaching() for decision in decisions}
        self.steps: list[Step] = []
        self.types: list[TensorType] = []
        self.passed: set[Slot] = set()
        """Values that an identity handed on: a drop path after one is left out, as in generated source."""

    def run(self, body: Body) -> Plan:
        inputs: list[Slot | None] = [self.slot(node.type) for node in body.nodes[: body.arity]]
        values = self.body(body, inputs, TOP)
        output = values[body.output]
        assert output is not None, "the elaborator refuses a space without an output"
        return pruned(Plan(tuple(self.steps), body.arity, output, None if body.aux is None else values[body.aux]))

    def slot(self, type: TensorType) -> Slot:
        self.types.append(type)
        return len(self.types) - 1

    def body(self, body: Body, inputs: Sequence[Slot | None], place: Place) -> list[Slot | None]:
        """The value of every node of a body."""
        values: list[Slot | None] = list(inputs)
        states: dict[int, list[Slot | None]] = {}
        for position, node in enumerate(body.nodes):
            before = [values[i] if i >= 0 else None for i in node.inputs]
            match node:
                case InputNode():
                    continue
                case OpNode():
                    values.append(self.op(node, before, place))
                case UseNode():
                    values.append(self.use(node, before, place))
                case ChoiceNode():
                    values.append(self.choice(node, before, place))
                case ScanNode():
                    values.append(self.scan(node, before, place))
                case TopNode():
                    values.append(self.add_up(node, before, place))
                case TrellisNode():
                    states[position] = self.trellis(node, before, place)
                    values.append(None)
                case StateNode():
                    values.append(states[node.inputs[0]][node.state])
        return values

    def op(self, node: OpNode, before: list[Slot | None], place: Place) -> Slot | None:
        present = tuple(slot for slot in before if slot is not None)
        if len(present) < len(before) and (node.op not in FOLDS or not present):
            return None
        if node.op == "drop_path" and present[0] in self.passed:
            return present[0]
        arguments = {name: argument.value for name, argument in node.arguments.items()}
        output = self.run_op(node.op, arguments, present, node, place)
        if node.op == "identity":
            self.passed.add(output)
        return output

    def run_op(
        self, op: str, arguments: Mapping[str, Value], inputs: tuple[Slot, ...], node: OpNode | TopNode, place: Place
    ) -> Slot:
        types = tuple(self.types[slot] for slot in inputs)
        output = self.slot(node.type)
        self.steps.append(RunOp(op, arguments, inputs, output, place.name(node.name), types, node.type, node.span))
        return output

    def use(self, node: UseNode, before: list[Slot | None], place: Place) -> Slot | None:
        inner = node.definition.body
        return self.body(inner, before, place.use(node))[inner.output]

    def scan(self, node: ScanNode, before: list[Slot | None], place: Place) -> Slot | None:
        """The body is a plan of its own, expanded once; an input that is missing stands there without a reader."""
        sequence, state, *_ = before
        if sequence is None or state is None:
            return None
        inner = Expansion(tuple(self.decisions.values()))
        inputs = [inner.slot(one.type) for one in node.body.nodes[: node.body.arity]]
        given = [None if outer is None else slot for outer, slot in zip(before, inputs, strict=True)]
        value = inner.body(node.body, given, place.inside(node.name))[node.body.output]
        if value is None:
            return None
        body = pruned(Plan(tuple(inner.steps), len(inputs), value))
        output = self.slot(node.type)
        slots = tuple(sequence if slot is None else slot for slot in before)
        self.steps.append(Scan(body, slots, output, node.span))
        return output

    def add_up(self, node: TopNode, before: list[Slot | None], place: Place) -> Slot | None:
        """In a supernet every term of `sum top` stays."""
        present = tuple(slot for slot in before if slot is not None)
        if len(present) < 2:
            return present[0] if present else None
        return self.run_op("sum", {}, present, node, place)

    def choice(self, node: ChoiceNode, before: list[Slot | None], place: Place) -> Slot | None:
        name, coordinates = place.decision(node.decision, node.coordinates)
        entries: list[tuple[int, Slot]] = []
        for alternative in node.alternatives:
            entry = self.position(name, coordinates, node.axes, alternative.label)
            if entry is None:
                continue
            inside = place.inside(node.name)
            inputs = [before[i] for i in alternative.inputs]
            value = self.body(alternative.body, inputs, inside)[alternative.body.output]
            if value is not None:
                entries.append((entry, value))
        return self.mix(name, entries, node.type, node.span)

    def mix(self, name: str, entries: list[tuple[int, Slot]], type: TensorType, span: Span) -> Slot | None:
        if not entries:
            return None
        output = self.slot(type)
        self.steps.append(Mix(name, tuple(entries), output, span))
        return output

    def position(
        self, name: str, coordinates: Coordinates, axes: tuple[str, ...], label: tuple[Label, ...]
    ) -> int | None:
        """The row-major position of an entry in the array of a decision; None where it cannot reach the output."""
        decision = self.decisions[name]
        names = distinct((*(name for name, _ in coordinates), *axes))
        labels = (*(value for _, value in coordinates), *label)
        index = decision.index(dict(zip(names, labels, strict=True)))
        if not self.live[name][index]:
            return None
        place = 0
        for size, at in zip(decision.shape, index, strict=True):
            place = place * size + at
        return place

    # ------------------------------------------------------------ cuboids

    def trellis(self, node: TrellisNode, before: list[Slot | None], place: Place) -> list[Slot | None]:
        """The values of the states after the last step."""
        count = len(node.state_labels)
        states, captured = before[:count], before[count:]
        for step in node.steps:
            states = self.trellis_step(node, step, [*states, *captured], place)
        return states

    def trellis_step(
        self, node: TrellisNode, step: TrellisStep, before: list[Slot | None], place: Place
    ) -> list[Slot | None]:
        depth = tuple(zip(node.depth, step.coordinates, strict=True))
        axes, inner = (*node.states, *node.choices), place.step(node, depth)
        name, coordinates = place.decision(node.decision, (*node.coordinates, *depth))
        gained: dict[int, list[tuple[int, Slot]]] = {}
        for candidate in step.candidates:
            ends = (node.state_labels[candidate.source], node.state_labels[candidate.target])
            entry = 0 if step.decided else self.position(name, coordinates, axes, (*ends, *candidate.label))
            if before[candidate.source] is None or entry is None:
                continue
            inside = inner.inside(instance_component(node.name, step.coordinates, *ends, candidate.label))
            inputs = [before[i] for i in candidate.inputs]
            value = self.body(candidate.body, inputs, inside)[candidate.body.output]
            if value is not None:
                gained.setdefault(candidate.target, []).append((entry, value))
        if step.decided:
            return [gained[state][0][1] if state in gained else None for state in range(len(step.types))]
        return [
            None if type is None else self.mix(name, gained.get(state, []), type, node.span)
            for state, type in enumerate(step.types)
        ]
