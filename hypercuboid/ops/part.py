"""`part`: one tensor of what `split` gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import need_kind, whole
from hypercuboid.ops.base import AtomicOp, Expression, Parameter, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class Part(AtomicOp):
    name = "part"
    doc = "one tensor of several"
    parameters = (Parameter("index", "int"),)
    callable = False
    keeps_zero = True
    literal = ("index",)
    writes = False

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_kind("part", inputs[0], "several")
        return inputs[0].parts[whole("part", "index", arguments["index"], 0)]

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from hypercuboid.ops.layers.function import Function

        index = whole("part", "index", arguments["index"], 0)
        return Function(lambda parts: parts[index])

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Expression:
        return Expression(f"{{0}}[{arguments['index']}]")


OP = Part()
