"""Which ops may run as one: those of one kind, on images, with weights that nothing else uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from hypercuboid.network.plans.batching.steps import Batch, Convolutions, Each, Norms
from hypercuboid.network.plans.norms import NORM, SameNorm
from hypercuboid.network.steps import RunOp, Slot, Step
from hypercuboid.ops import OPS
from hypercuboid.ops._elementwise import Elementwise
from hypercuboid.ops._pool import Pool
from hypercuboid.ops._shapes import Window, window

DEPTHWISE, CONVOLUTION = "dwconv", "conv"


@dataclass(frozen=True)
class Kind:
    """Ops of equal kinds may run as one step of the class `made`; `key` says what they have in common."""

    made: type[Batch]
    key: tuple[Hashable, ...]


class Kinds:
    """The kinds of the steps of a plan; None for what runs by itself."""

    def __init__(self, steps: Sequence[Step]) -> None:
        ops = [op for step in steps for op in ops_of(step)]
        self.used = Counter(op.name for op in ops)

    def __call__(self, step: Step) -> Kind | None:
        ops = ops_of(step)
        if not ops or any(self.used[op.name] > 1 for op in ops):
            return None
        op = ops[0]
        if len(op.inputs) != 1 or op.input_types[0].kind != "image":
            return None
        made = self._of(op)
        return None if made is None else Kind(made[0], (*made[1], *op.input_types[0].shape[1:]))

    def _of(self, op: RunOp) -> tuple[type[Batch], tuple[Hashable, ...]] | None:
        arguments = op.arguments
        if op.op == NORM:
            return Norms, (arguments["eps"], arguments["momentum"], arguments["affine"])
        if op.op in (DEPTHWISE, CONVOLUTION):
            return None if arguments["bias"] else (Convolutions, self._geometry(op))
        if isinstance(OPS[op.op], Elementwise | Pool):
            return Each, (op.op, *sorted(arguments.items()))
        return None

    def _geometry(self, op: RunOp) -> tuple[Hashable, ...]:
        """Depthwise ones run together where their windows can be set into one, full ones of one window whatever their
        channels; others need equal channels in each of their groups.
        """
        view = window(op.op, op.arguments)
        if op.op == DEPTHWISE:
            margins = tuple(2 * p + 1 - span for p, span in zip(view.padding, spans(view), strict=True))
            return DEPTHWISE, view.stride, margins
        groups = op.arguments["groups"]
        assert isinstance(groups, int)
        if groups == 1:
            return (view,)
        return view, op.input_types[0].channels // groups, op.type.channels // groups


def spans(view: Window) -> tuple[int, int]:
    """The height and width that a window looks at, dilation included."""
    rows, columns = (view.dilation * (k - 1) + 1 for k in view.kernel)
    return rows, columns


def ops_of(step: Step) -> tuple[RunOp, ...]:
    """The ops that give the one value of a step: one, or batch norms of one value; none of what is no such step."""
    if isinstance(step, RunOp):
        return (step,)
    return tuple(one for one in step.parts if isinstance(one, RunOp)) if isinstance(step, SameNorm) else ()


def made_by(step: Step) -> Slot:
    """The value of a step that gives one."""
    return step.outputs[0]
