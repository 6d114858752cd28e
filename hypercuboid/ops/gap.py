"""`gap`: global average pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import need_kind
from hypercuboid.ops.base import AtomicOp, Cost, Expression, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class GlobalPool(AtomicOp):
    name = "gap"
    doc = "the mean of each channel of an image, as a vector"
    keeps_zero = True

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_kind("gap", inputs[0], "image")
        return TensorType("vector", (inputs[0].channels,))

    def cost(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> Cost:
        return Cost(add_mult=inputs[0].elements)

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from hypercuboid.ops.layers.function import Function

        return Function(lambda x: x.mean(dim=(2, 3)))

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Expression:
        return Expression("{0}.mean(dim=(2, 3))")


OP = GlobalPool()
