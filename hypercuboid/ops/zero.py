"""`zero`: nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import need_kind, need_tensor, pair
from hypercuboid.ops._text import literal
from hypercuboid.ops.base import AtomicOp, Expression, Parameter, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class Zero(AtomicOp):
    name = "zero"
    doc = "zeros of the size that a layer of this stride gives; keeps the channels"
    pure = True
    parameters = (Parameter("stride", "pair", 1),)
    literal = ("stride",)
    writes = False

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        rows, columns = pair("zero", "stride", arguments["stride"])
        if rows == columns == 1:
            need_tensor("zero", inputs[0])
            return inputs[0]
        need_kind("zero", inputs[0], "image")
        channels, height, width = inputs[0].shape
        return TensorType("image", (channels, -(-height // rows), -(-width // columns)))

    def is_zero(self, arguments: Mapping[str, Value], zero_inputs: tuple[bool, ...]) -> bool:
        return True

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        import torch

        from hypercuboid.ops.layers.function import Function

        rows, columns = pair("zero", "stride", arguments["stride"])
        if rows == columns == 1:
            return Function(torch.zeros_like)
        return Function(lambda x: torch.zeros_like(x[:, :, ::rows, ::columns]))

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Expression:
        rows, columns = pair("zero", "stride", literal(arguments["stride"]) or 1)
        place = "{0}" if rows == columns == 1 else f"{{0}}[:, :, ::{rows}, ::{columns}]"
        return Expression(f"torch.zeros_like({place})")


OP = Zero()
