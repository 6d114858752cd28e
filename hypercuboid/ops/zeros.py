"""`zeros`: a vector of zeros for each example, such as the first state of a `scan`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import need_tensor, whole
from hypercuboid.ops.base import AtomicOp, Expression, Parameter, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class Zeros(AtomicOp):
    name = "zeros"
    doc = "a vector of d zeros for each example of x"
    pure = True
    parameters = (Parameter("d", "int"),)
    writes = False

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_tensor("zeros", inputs[0])
        return TensorType("vector", (whole("zeros", "d", arguments["d"]),))

    def is_zero(self, arguments: Mapping[str, Value], zero_inputs: tuple[bool, ...]) -> bool:
        return True

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from hypercuboid.ops.layers.function import Function

        d = whole("zeros", "d", arguments["d"])
        return Function(lambda x: x.new_zeros(x.shape[0], d))

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Expression:
        return Expression(f"{{0}}.new_zeros({{0}}.shape[0], {arguments['d']})")


OP = Zeros()
