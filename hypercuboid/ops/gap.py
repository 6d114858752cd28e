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
    doc = "the mean of each channel of an image, or of each feature of a sequence, as a vector"
    pure = True
    keeps_zero = True

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_kind("gap", inputs[0], "image", "sequence")
        return TensorType("vector", (inputs[0].channels,))

    def cost(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> Cost:
        return Cost(add_mult=inputs[0].elements)

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from hypercuboid.ops.layers.function import Function

        axes = _axes(inputs[0])
        return Function(lambda x: x.mean(dim=axes))

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Expression:
        return Expression(f"{{0}}.mean(dim={_axes(inputs[0])})")


def _axes(type: TensorType) -> int | tuple[int, int]:
    """The axes of a batch that are averaged: height and width, or the places of a sequence."""
    return (2, 3) if type.kind == "image" else 1


OP = GlobalPool()
