"""`silu`: x * sigmoid(x), also called swish."""

from __future__ import annotations

from hypercuboid.ops._elementwise import Elementwise


class SiLU(Elementwise):
    name = "silu"
    doc = "x * sigmoid(x), also called swish"
    layer = "SiLU"


OP = SiLU()
