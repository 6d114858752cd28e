"""`drop_path`: scheduled drop path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import need_tensor
from hypercuboid.ops.base import AtomicOp, Constructor, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class DropPath(AtomicOp):
    name = "drop_path"
    doc = "drops the whole path of a sample in training, with a probability that the training loop sets"
    keeps_zero = True
    writes = False

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_tensor("drop_path", inputs[0])
        return inputs[0]

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from hypercuboid.ops.layers.drop_path import DropPath as Layer

        return Layer()

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Constructor:
        return Constructor("DropPath()", layer="DropPath")


OP = DropPath()
