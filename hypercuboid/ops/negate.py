"""`negate`: the sign of the language on a tensor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import need_tensor
from hypercuboid.ops.base import AtomicOp, Expression, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class Negate(AtomicOp):
    name = "negate"
    doc = "-x"
    callable = False
    keeps_zero = True
    writes = False

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_tensor("negate", inputs[0])
        return inputs[0]

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        import operator

        from hypercuboid.ops.layers.function import Function

        return Function(operator.neg)

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Expression:
        return Expression("-{0}")


OP = Negate()
