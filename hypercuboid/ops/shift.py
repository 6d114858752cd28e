"""`shift`: an image moved up and left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import need_kind, whole
from hypercuboid.ops._text import atom
from hypercuboid.ops.base import AtomicOp, Expression, Parameter, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class Shift(AtomicOp):
    name = "shift"
    doc = "n pixels up and left; zeros come in at the bottom and right"
    pure = True
    parameters = (Parameter("n", "int", 1),)
    keeps_zero = True

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_kind("shift", inputs[0], "image")
        whole("shift", "n", arguments["n"])
        return inputs[0]

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from torch.nn import functional

        from hypercuboid.ops.layers.function import Function

        n = whole("shift", "n", arguments["n"])
        return Function(lambda x: functional.pad(x[:, :, n:, n:], (0, n, 0, n)))

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Expression:
        n = atom(arguments["n"])
        return Expression(f"F.pad({{0}}[:, :, {n}:, {n}:], (0, {n}, 0, {n}))")


OP = Shift()
