"""`identity`: its input as it is."""

from __future__ import annotations

from hypercuboid.ops._elementwise import Elementwise


class Identity(Elementwise):
    name = "identity"
    doc = "its input as it is"
    layer = "Identity"
    keeps_zero = True
    writes = False


OP = Identity()
