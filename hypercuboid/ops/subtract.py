"""`subtract`: the `-` of the language on tensors."""

from __future__ import annotations

from hypercuboid.ops._arithmetic import Arithmetic


class Subtract(Arithmetic):
    name = "subtract"
    doc = "x - y, on tensors of equal shape, a vector and an image per channel, or a tensor and a number"
    symbol = "-"
    writes = False


OP = Subtract()
