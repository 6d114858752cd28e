"""`multiply`: the `*` of the language on tensors."""

from __future__ import annotations

from collections.abc import Mapping

from hypercuboid.ops._arithmetic import Arithmetic
from hypercuboid.ops.base import Value


class Multiply(Arithmetic):
    name = "multiply"
    doc = "x * y, on tensors of equal shape, a vector and an image per channel, or a tensor and a number"
    symbol = "*"

    def is_zero(self, arguments: Mapping[str, Value], zero_inputs: tuple[bool, ...]) -> bool:
        return any(zero_inputs)


OP = Multiply()
