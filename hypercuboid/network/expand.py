"""Expansion: an elaborated space, hierarchical and folded -> a flat plan, steps in order over value slots."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from hypercuboid.frontend.elaborated import (
    Body,
    ChoiceNode,
    Coordinates,
    Elaborated,
    InputNode,
    Label,
    OpNode,
    StateNode,
    TopNode,
    TrellisNode,
    UseNode,
    full_name,
    instance_component,
)
from hypercuboid.frontend.elaborated import Step as TrellisStep
from hypercuboid.graph.conditions import FOLDS
from hypercuboid.network.limits import MAX_OPS, MAX_WEIGHTS, refuse_large
from hypercuboid.network.steps import Mix, Plan, RunOp, Slot, Step, pruned

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
    return _Expansion(decisions).run(elaborated.definition.body)


Address: TypeAlias = Callable[[str, Coordinates], tuple[str, Coordinates]]
"""How a decision is called at the top, from its name and coordinates in the body that is being expanded."""


class _Expansion:
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
        values = self.body(body, inputs, "", lambda name, coordinates: (name, coordinates))
        output = values[body.output]
        assert output is not None, "the elaborator refuses a space without an output"
        return pruned(Plan(tuple(self.steps), body.arity, output, None if body.aux is None else values[body.aux]))

    def slot(self, type: TensorType) -> Slot:
        self.types.append(type)
        return len(self.types) - 1

    def body(self, body: Body, inputs: Sequence[Slot | None], prefix: str, address: Address) -> list[Slot | None]:
        """The value of every node of a body whose instances are called `prefix` and more."""
        values: list[Slot | None] = list(inputs)
        states: dict[int, list[Slot | None]] = {}
        for position, node in enumerate(body.nodes):
            before = [values[i] if i >= 0 else None for i in node.inputs]
            match node:
                case InputNode():
                    continue
                case OpNode():
                    values.append(self.op(node, before, prefix))
                case UseNode():
                    values.append(self.use(node, before, prefix, address))
                case ChoiceNode():
                    values.append(self.choice(node, before, prefix, address))
                case TopNode():
                    values.append(self.add_up(node, before, prefix))
                case TrellisNode():
                    states[position] = self.trellis(node, before, prefix, address)
                    values.append(None)
                case StateNode():
                    values.append(states[node.inputs[0]][node.state])
        return values

    def op(self, node: OpNode, before: list[Slot | None], prefix: str) -> Slot | None:
        present = tuple(slot for slot in before if slot is not None)
        if len(present) < len(before) and (node.op not in FOLDS or not present):
            return None
        if node.op == "drop_path" and present[0] in self.passed:
            return present[0]
        arguments = {name: argument.value for name, argument in node.arguments.items()}
        output = self.run_op(node.op, arguments, present, node, prefix)
        if node.op == "identity":
            self.passed.add(output)
        return output

    def run_op(
        self, op: str, arguments: Mapping[str, Value], inputs: tuple[Slot, ...], node: OpNode | TopNode, prefix: str
    ) -> Slot:
        types = tuple(self.types[slot] for slot in inputs)
        output = self.slot(node.type)
        self.steps.append(
            RunOp(op, arguments, inputs, output, full_name(prefix, node.name), types, node.type, node.span)
        )
        return output

    def use(self, node: UseNode, before: list[Slot | None], prefix: str, address: Address) -> Slot | None:
        def outside(name: str, coordinates: Coordinates) -> tuple[str, Coordinates]:
            front = () if name.startswith("^") else node.coordinates
            return address(node.decisions.get(name, name), (*front, *coordinates))

        inner = node.definition.body
        return self.body(inner, before, full_name(prefix, node.name), outside)[inner.output]

    def add_up(self, node: TopNode, before: list[Slot | None], prefix: str) -> Slot | None:
        """In a supernet every term of `sum top` stays."""
        present = tuple(slot for slot in before if slot is not None)
        if len(present) < 2:
            return present[0] if present else None
        return self.run_op("sum", {}, present, node, prefix)

    def choice(self, node: ChoiceNode, before: list[Slot | None], prefix: str, address: Address) -> Slot | None:
        name, coordinates = address(node.decision, node.coordinates)
        entries: list[tuple[int, Slot]] = []
        for alternative in node.alternatives:
            place = self.position(name, coordinates, node.axes, alternative.label)
            if place is None:
                continue
            inside = full_name(prefix, node.name)
            inputs = [before[i] for i in alternative.inputs]
            value = self.body(alternative.body, inputs, inside, address)[alternative.body.output]
            if value is not None:
                entries.append((place, value))
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
        index = decision.index({**dict(coordinates), **dict(zip(axes, label, strict=True))})
        if not self.live[name][index]:
            return None
        place = 0
        for size, at in zip(decision.shape, index, strict=True):
            place = place * size + at
        return place

    # ------------------------------------------------------------ cuboids

    def trellis(self, node: TrellisNode, before: list[Slot | None], prefix: str, address: Address) -> list[Slot | None]:
        """The values of the states after the last step."""
        count = len(node.state_labels)
        states, captured = before[:count], before[count:]
        for step in node.steps:
            states = self.trellis_step(node, step, [*states, *captured], prefix, address)
        return states

    def trellis_step(
        self, node: TrellisNode, step: TrellisStep, before: list[Slot | None], prefix: str, address: Address
    ) -> list[Slot | None]:
        depth = tuple(zip(node.depth, step.coordinates, strict=True))
        outer = len(node.coordinates)
        axes = (*node.states, *node.choices)

        def outside(name: str, coordinates: Coordinates) -> tuple[str, Coordinates]:
            return address(name, (*coordinates[:outer], *depth, *coordinates[outer:]))

        name, coordinates = address(node.decision, (*node.coordinates, *depth))
        gained: dict[int, list[tuple[int, Slot]]] = {}
        for candidate in step.candidates:
            ends = (node.state_labels[candidate.source], node.state_labels[candidate.target])
            place = 0 if step.decided else self.position(name, coordinates, axes, (*ends, *candidate.label))
            if before[candidate.source] is None or place is None:
                continue
            inside = full_name(prefix, instance_component(node.name, step.coordinates, *ends, candidate.label))
            inputs = [before[i] for i in candidate.inputs]
            value = self.body(candidate.body, inputs, inside, outside)[candidate.body.output]
            if value is not None:
                gained.setdefault(candidate.target, []).append((place, value))
        if step.decided:
            return [gained[state][0][1] if state in gained else None for state in range(len(step.types))]
        return [
            None if type is None else self.mix(name, gained.get(state, []), type, node.span)
            for state, type in enumerate(step.types)
        ]
