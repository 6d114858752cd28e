"""`flatten`: an image or a sequence as one vector."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import need_tensor
from hypercuboid.ops._text import bare
from hypercuboid.ops.base import AtomicOp, Constructor, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class Flatten(AtomicOp):
    name = "flatten"
    doc = "all numbers of an image or a sequence as one vector"
    pure = True
    keeps_zero = True
    writes = False

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_tensor("flatten", inputs[0])
        return TensorType("vector", (inputs[0].elements,))

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from torch import nn

        return nn.Flatten()

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Constructor:
        return bare("Flatten")


OP = Flatten()
