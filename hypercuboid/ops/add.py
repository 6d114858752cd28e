"""`add`: the `+` of the language on tensors."""

from __future__ import annotations

from hypercuboid.ops._arithmetic import Arithmetic


class Add(Arithmetic):
    name = "add"
    doc = "x + y, on tensors of equal shape, a vector and an image per channel, or a tensor and a number"
    symbol = "+"
    writes = False


OP = Add()
