"""Finds in a plan the chains that the kernel runs: relu, depthwise convolution or pool, 1x1 convolution, batch norm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hypercuboid.network.plans.rewriting import readers, uses
from hypercuboid.network.steps import Plan, RunOp, Slot
from hypercuboid.ops._shapes import Window, window

if TYPE_CHECKING:
    from hypercuboid.ops.base import TensorType

NONE, DEPTHWISE, MAX, MEAN = range(4)
"""How the kernel calls what moves over an image."""

WINDOWS = {"dwconv": DEPTHWISE, "max_pool": MAX, "avg_pool": MEAN}
POINT = Window((1, 1), (1, 1), (0, 0), 1)


@dataclass(frozen=True)
class Unit:
    """[relu] -> window -> [1x1] -> [batch norm], each the op of the plan, or None where it is not there."""

    ops: tuple[RunOp, ...]
    relu: RunOp | None = None
    moved: RunOp | None = None
    product: RunOp | None = None
    norm: RunOp | None = None

    @property
    def source(self) -> Slot:
        return self.ops[0].inputs[0]

    @property
    def window(self) -> Window:
        """Of the window, or of the stride of a 1x1 convolution that has none before it."""
        if self.moved is not None:
            return window(self.moved.op, self.moved.arguments)
        return POINT if self.product is None else window("conv", self.product.arguments)

    @property
    def weighs(self) -> bool:
        """Whether it has a convolution."""
        return self.product is not None or self.kind == DEPTHWISE

    @property
    def kind(self) -> int:
        return NONE if self.moved is None else WINDOWS[self.moved.op]

    @property
    def given(self) -> TensorType:
        return self.ops[0].input_types[0]

    @property
    def made(self) -> TensorType:
        return self.ops[-1].type


@dataclass(frozen=True)
class Chain:
    """Units, the first of which reads `source`; without any it is the source itself."""

    source: Slot
    units: tuple[Unit, ...] = ()

    @property
    def ops(self) -> tuple[RunOp, ...]:
        return tuple(op for unit in self.units for op in unit.ops)


@dataclass
class Finder:
    """Walks from values back to where they come from, as long as nothing else reads what lies between."""

    plan: Plan
    made: Mapping[Slot, RunOp] = field(init=False)

    def __post_init__(self) -> None:
        self.made = {step.output: step for step in self.plan.steps if isinstance(step, RunOp)}
        self.read = readers(self.plan)
        self.used = uses(self.plan)

    def chain(self, slot: Slot) -> Chain:
        """The longest chain that ends in a value; what lies before its last unit must end in batch norm."""
        units: list[Unit] = []
        unit = self.unit(slot)
        while unit is not None:
            units.insert(0, unit)
            slot = unit.source
            before = self.unit(slot) if self.read[slot] == 1 else None
            unit = before if before is not None and before.norm is not None else None
        return Chain(slot, tuple(units))

    def unit(self, slot: Slot) -> Unit | None:
        """The unit that ends in a value: with a norm, or a pool by itself."""
        ops: list[RunOp] = []

        def take(*names: str) -> RunOp | None:
            at = slot if not ops else ops[0].inputs[0]
            op = self.made.get(at)
            if op is None or op.op not in names or (ops and self.read[at] > 1) or not self.fits(op):
                return None
            ops.insert(0, op)
            return op

        norm = take("bn")
        product = take("conv")
        moved = None if product is not None and not _is_point(product) else take(*WINDOWS)
        relu = take("relu") if ops else None
        unit = Unit(tuple(ops), relu, moved, product, norm)
        wanted = unit.weighs or moved is not None if norm is not None else moved is not None and not unit.weighs
        return unit if wanted else None

    def fits(self, op: RunOp) -> bool:
        """Whether the kernel knows it so: on one image, without a bias, weights that nothing else uses."""
        if op.input_types[0].kind != "image" or self.used[op.name] > 1 or op.arguments.get("bias"):
            return False
        if op.op != "conv":
            return True
        view = window("conv", op.arguments)
        return view.kernel == (1, 1) and view.padding == (0, 0) and op.arguments["groups"] == 1


def _is_point(product: RunOp) -> bool:
    return window("conv", product.arguments).stride == (1, 1)
