"""`softmax`: softmax over the channel or feature axis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import channel_axis, need_tensor
from hypercuboid.ops._text import bare
from hypercuboid.ops.base import AtomicOp, Constructor, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class Softmax(AtomicOp):
    name = "softmax"
    doc = "exp(x) / sum(exp(x)) over the channel or feature axis"

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_tensor("softmax", inputs[0])
        return inputs[0]

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from torch import nn

        return nn.Softmax(dim=channel_axis(inputs[0]))

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Constructor:
        return bare("Softmax", dim=str(channel_axis(inputs[0])))


OP = Softmax()
