"""The base of pools over a sliding window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from hypercuboid.ops._shapes import need_kind, window
from hypercuboid.ops.base import AtomicOp, Cost, Parameter, ShapeError, TensorType, Value


class Pool(AtomicOp):
    """A pool; keeps the channels."""

    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("k", "pair", 3),
        Parameter("stride", "pair", 1),
        Parameter("padding", "padding", "same"),
    )
    keeps_zero = True
    pure = True

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_kind(self.name, inputs[0], "image")
        channels, height, width = inputs[0].shape
        view = window(self.name, arguments)
        if any(2 * padding > k for padding, k in zip(view.padding, view.kernel, strict=True)):
            raise ShapeError(
                f"`padding` of `{self.name}` must be at most half of `k`", "use a smaller `padding`, or a larger `k`"
            )
        return TensorType("image", (channels, *view.size(self.name, height, width)))

    def cost(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> Cost:
        return Cost(add_mult=inputs[0].elements)
