"""`relu6`: min(max(x, 0), 6)."""

from __future__ import annotations

from hypercuboid.ops._elementwise import Elementwise


class ReLU6(Elementwise):
    name = "relu6"
    doc = "min(max(x, 0), 6)"
    layer = "ReLU6"
    counted = True


OP = ReLU6()
