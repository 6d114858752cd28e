"""`relu`: max(x, 0)."""

from __future__ import annotations

from hypercuboid.ops._elementwise import Elementwise


class ReLU(Elementwise):
    name = "relu"
    doc = "max(x, 0)"
    layer = "ReLU"
    counted = True
    keeps_zero = True


OP = ReLU()
