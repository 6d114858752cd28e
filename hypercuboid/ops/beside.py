"""`beside`: what joins the mixed and the passed channels of a choice over part of the channels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops.base import AtomicOp, OpSource, TensorType, Value
from hypercuboid.ops.concat import OP as CONCAT

if TYPE_CHECKING:
    from torch import nn


class Beside(AtomicOp):
    name = "beside"
    doc = "two tensors side by side along the channel axis; unlike the fold `concat` it needs both"
    arity = 2
    callable = False
    keeps_zero = True

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        return CONCAT.infer(arguments, inputs)

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        return CONCAT.build(arguments, inputs, output)

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> OpSource:
        return CONCAT.source(arguments, inputs, channels)


OP = Beside()
