"""`split`: a tensor cut along its channels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import channel_axis, need_tensor, whole, with_channels
from hypercuboid.ops.base import AtomicOp, Expression, Parameter, ShapeError, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class Split(AtomicOp):
    name = "split"
    doc = "n tensors of equal size along the channel or feature axis"
    parameters = (Parameter("n", "int"),)
    keeps_zero = True
    literal = ("n",)
    writes = False

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_tensor("split", inputs[0])
        n, channels = whole("split", "n", arguments["n"]), inputs[0].channels
        if channels % n:
            raise ShapeError(f"`split({n})` does not divide {channels} channels", "choose a number that divides them")
        return TensorType("several", parts=(with_channels(inputs[0], channels // n),) * n)

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from hypercuboid.ops.layers.function import Function

        n, axis = whole("split", "n", arguments["n"]), channel_axis(inputs[0])
        return Function(lambda x: x.chunk(n, dim=axis))

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Expression:
        return Expression(f"{{0}}.chunk({arguments['n']}, dim={channel_axis(inputs[0])})")


OP = Split()
