"""`tanh`: hyperbolic tangent."""

from __future__ import annotations

from hypercuboid.ops._elementwise import Elementwise


class Tanh(Elementwise):
    name = "tanh"
    doc = "hyperbolic tangent"
    layer = "Tanh"


OP = Tanh()
