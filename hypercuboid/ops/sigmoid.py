"""`sigmoid`: 1 / (1 + exp(-x))."""

from __future__ import annotations

from hypercuboid.ops._elementwise import Elementwise


class Sigmoid(Elementwise):
    name = "sigmoid"
    doc = "1 / (1 + exp(-x))"
    layer = "Sigmoid"


OP = Sigmoid()
