"""`patches`: an image as a sequence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import need_kind, whole
from hypercuboid.ops.base import AtomicOp, Expression, Parameter, ShapeError, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class Patches(AtomicOp):
    name = "patches"
    doc = "an image cut into pieces of k x k pixels, row by row, as a sequence of c * k * k features (ViT)"
    parameters = (Parameter("k", "int"),)
    keeps_zero = True

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_kind("patches", inputs[0], "image")
        k = whole("patches", "k", arguments["k"])
        channels, height, width = inputs[0].shape
        if height % k or width % k:
            raise ShapeError(f"`patches({k})` does not divide {height} x {width} pixels", "use a divisor of both")
        return TensorType("sequence", ((height // k) * (width // k), channels * k * k))

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from torch.nn import functional

        from hypercuboid.ops.layers.function import Function

        k = whole("patches", "k", arguments["k"])
        return Function(lambda x: functional.pixel_unshuffle(x, k).flatten(2).transpose(1, 2))

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Expression:
        return Expression(f"F.pixel_unshuffle({{0}}, {arguments['k']}).flatten(2).transpose(1, 2)")


OP = Patches()
