"""`position`: learned positions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import need_kind, whole
from hypercuboid.ops._text import call
from hypercuboid.ops.base import AtomicOp, Constructor, Cost, Parameter, ShapeError, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class Position(AtomicOp):
    name = "position"
    doc = "adds a learned vector to each of the first t places of a sequence"
    parameters = (Parameter("t", "int"),)
    writes = False

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_kind("position", inputs[0], "sequence")
        t = whole("position", "t", arguments["t"])
        if t < inputs[0].shape[0]:
            raise ShapeError(
                f"`position({t})` is shorter than its sequence of {inputs[0].shape[0]}", "write its length or more"
            )
        return inputs[0]

    def cost(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> Cost:
        return Cost(params=whole("position", "t", arguments["t"]) * inputs[0].channels)

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from hypercuboid.ops.layers.position import Position as Layer

        return Layer(whole("position", "t", arguments["t"]), inputs[0].channels)

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Constructor:
        return Constructor(call("Position", arguments["t"], channels[0]), layer="Position")


OP = Position()
