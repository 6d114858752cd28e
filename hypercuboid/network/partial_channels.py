"""Partial channels (PC-DARTS, Xu et al. 2020): candidates work on one Kth of the channels, the rest passes.

The plan changes, not the coefficients: a choice splits its input, mixes its alternatives on the first part, puts the
other channels beside, and shuffles, so that other channels come first in what reads it. Where the alternatives halve
the resolution, the rest is max pooled. Every layer inside has one Kth of its channels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from hypercuboid.diagnostics import error
from hypercuboid.frontend.elaborated import ChoiceNode, Elaborated, OpNode, ScanNode, TopNode, TrellisNode
from hypercuboid.network.expand import Expansion
from hypercuboid.network.limits import refuse_large
from hypercuboid.network.steps import Plan, RunOp, Slot
from hypercuboid.ops import OPS
from hypercuboid.ops.base import ShapeError, TensorType, Value

if TYPE_CHECKING:
    from hypercuboid.diagnostics import Span
    from hypercuboid.frontend.places import Place
    from hypercuboid.graph.decision import Decision

WIDTH = "c"
"""The argument of ops that says how many channels they give."""


def expand_partly(
    elaborated: Elaborated, decisions: Sequence[Decision], parts: int, max_ops: int, max_weights: int
) -> Plan:
    """The plan of a space with its outermost choices on one of `parts` of the channels.

    HC7065, at the place, where a choice does not allow it: it must be a choice among blocks of one image, give as many
    channels as it takes, at its resolution or half of it, and `parts` must divide what its layers have.
    """
    refuse_large(elaborated, decisions, max_ops, max_weights)
    plan = _PartlyExpansion(decisions, parts).run(elaborated.definition.body)
    known: dict[str, RunOp] = {}
    for step in plan.steps:
        if isinstance(step, RunOp) and step.span is not None:
            first = known.setdefault(step.name, step)
            if (first.arguments, first.input_types) != (step.arguments, step.input_types):
                _refuse(step.span, f"`{step.name}` shares its weights with what works on all channels")
    return plan


class _PartlyExpansion(Expansion):
    """`inside`: whether what is expanded stands in an alternative, where everything has one Kth of its channels."""

    def __init__(self, decisions: Sequence[Decision], parts: int) -> None:
        super().__init__(decisions)
        self.parts = parts
        self.inside = False

    def choice(self, node: ChoiceNode, before: list[Slot | None], place: Place) -> Slot | None:
        if self.inside:
            return super().choice(node, before, place)
        source = self.read_by(node, before)
        if source is None:
            return None
        names = place.inside(node.name)
        several = self.glue("split", {"n": self.parts}, (source,), names, "~split", node.span)
        parts = [self.glue("part", {"index": i}, (several,), names, f"~part{i}", node.span) for i in range(self.parts)]
        self.inside = True
        mixed = super().choice(node, [parts[0] if slot is not None else None for slot in before], place)
        self.inside = False
        if mixed is None:
            return None
        rest = self.passed_by(parts[1:], self.types[mixed], names, node.span)
        joined = self.glue("beside", {}, (mixed, rest), names, "~beside", node.span)
        return self.glue("channel_shuffle", {"groups": self.parts}, (joined,), names, "~shuffle", node.span)

    def read_by(self, node: ChoiceNode, before: list[Slot | None]) -> Slot | None:
        """The image that all alternatives read; None where it is missing."""
        read = {before[i] for alternative in node.alternatives for i in alternative.inputs}
        if len(read) != 1:
            _refuse(node.span, f"its alternatives read {len(read)} tensors, not one")
        (source,) = read
        if source is None:
            return None
        given, made = self.types[source], node.type
        if given.kind != "image" or made.kind != "image":
            _refuse(node.span, f"it takes {given} and gives {made}, not images")
        if given.channels != made.channels or not (given.settled and made.settled):
            _refuse(node.span, f"it takes {given.channels} channels and gives {made.channels}")
        if given.channels % self.parts:
            _refuse(node.span, f"{self.parts} does not divide its {given.channels} channels")
        if made.shape[1:] not in (given.shape[1:], tuple((size + 1) // 2 for size in given.shape[1:])):
            _refuse(node.span, f"it takes {given} and gives {made}: neither its resolution nor half of it")
        return source

    def passed_by(self, parts: list[Slot], mixed: TensorType, names: Place, span: Span) -> Slot:
        """The channels that no candidate sees, at the resolution of what is mixed."""
        rest = self.glue("concat", {}, tuple(parts), names, "~rest", span)
        if self.types[rest].shape[1:] == mixed.shape[1:]:
            return rest
        odd = self.types[rest].shape[1] % 2 or self.types[rest].shape[2] % 2
        window: dict[str, Value] = {"k": 3, "padding": 1} if odd else {"k": 2, "padding": 0}
        return self.glue("max_pool", {**window, "stride": 2}, (rest,), names, "~pool", span)

    def glue(
        self, op: str, arguments: Mapping[str, Value], inputs: tuple[Slot, ...], place: Place, name: str, span: Span
    ) -> Slot:
        """A step without weights that the plan adds."""
        types = tuple(self.types[slot] for slot in inputs)
        type = OPS[op].infer(arguments, types)
        output = self.slot(type)
        self.steps.append(RunOp(op, arguments, inputs, output, place.name(name), types, type, span))
        return output

    def run_op(
        self, op: str, arguments: Mapping[str, Value], inputs: tuple[Slot, ...], node: OpNode | TopNode, place: Place
    ) -> Slot:
        if not self.inside:
            return super().run_op(op, arguments, inputs, node, place)
        width = arguments.get(WIDTH)
        if isinstance(width, int):
            if width % self.parts:
                _refuse(node.span, f"{self.parts} does not divide the {width} channels of this `{op}`")
            arguments = {**arguments, WIDTH: width // self.parts}
        try:
            return self.glue(op, arguments, inputs, place, node.name, node.span)
        except ShapeError as problem:
            _refuse(node.span, f"with 1/{self.parts} of its channels, {problem.message}")

    def mix(self, name: str, entries: list[tuple[int, Slot]], type: TensorType, span: Span) -> Slot | None:
        if not self.inside or not entries:
            return super().mix(name, entries, type, span)
        found = {self.types[slot] for _, slot in entries}
        wanted = replace(type, shape=(type.shape[0] // self.parts, *type.shape[1:]))
        if found != {wanted}:
            _refuse(span, f"an alternative does not give 1/{self.parts} of its channels on as much of its input")
        return super().mix(name, entries, wanted, span)

    def trellis(self, node: TrellisNode, before: list[Slot | None], place: Place) -> list[Slot | None]:
        return _refuse(node.span, "several states lead to one state of a cuboid, so no one input can pass it by")

    def scan(self, node: ScanNode, before: list[Slot | None], place: Place) -> Slot | None:
        return _refuse(node.span, "the steps of a scan work on vectors")


def _refuse(span: Span, why: str) -> NoReturn:
    raise error(
        "HC7065",
        f"partial channels do not fit here: {why}",
        span.first_line,
        help="leave `partial_channels` out; it wants choices among blocks that keep the channels of one image",
    )
