"""`gelu`: x * Phi(x), with the exact normal distribution function Phi."""

from __future__ import annotations

from hypercuboid.ops._elementwise import Elementwise


class GELU(Elementwise):
    name = "gelu"
    doc = "x * Phi(x), with the exact normal distribution function Phi"
    layer = "GELU"


OP = GELU()
