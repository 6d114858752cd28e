"""`hswish`: x * relu6(x + 3) / 6 (MobileNetV3)."""

from __future__ import annotations

from hypercuboid.ops._elementwise import Elementwise


class Hardswish(Elementwise):
    name = "hswish"
    doc = "x * relu6(x + 3) / 6 (MobileNetV3)"
    layer = "Hardswish"


OP = Hardswish()
