"""`sum`: the fold `sum`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import same_type
from hypercuboid.ops.base import AtomicOp, Expression, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class Sum(AtomicOp):
    name = "sum"
    doc = "its inputs added, left to right in the order of the source"
    pure = True
    arity = None
    callable = False
    keeps_zero = True
    writes = False

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        return same_type("sum", inputs)

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from functools import reduce
        from operator import add

        from hypercuboid.ops.layers.function import Function

        return Function(lambda *xs: reduce(add, xs))

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Expression:
        return Expression(" + ".join(f"{{{i}}}" for i in range(len(inputs))))


OP = Sum()
