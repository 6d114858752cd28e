"""`element`: the vector at one position of a sequence, `x[i]`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import need_kind
from hypercuboid.ops.base import AtomicOp, Expression, Parameter, ShapeError, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class Element(AtomicOp):
    name = "element"
    doc = "the vector at one position of a sequence, negative ones from its end"
    parameters = (Parameter("index", "int"),)
    callable = False
    keeps_zero = True
    literal = ("index",)
    writes = False

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_kind("element", inputs[0], "sequence")
        length, index = inputs[0].shape[0], _index(arguments)
        if not -length <= index < length:
            help = f"positions are 0 to {length - 1}, or -1 for the last"
            raise ShapeError(f"position {index} is outside this sequence of {length}", help, "HC2004")
        return TensorType("vector", inputs[0].shape[1:])

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from hypercuboid.ops.layers.function import Function

        index = _index(arguments)
        return Function(lambda x_ntd: x_ntd[:, index])

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Expression:
        return Expression(f"{{0}}[:, {arguments['index']}]")


def _index(arguments: Mapping[str, Value]) -> int:
    index = arguments["index"]
    assert isinstance(index, int)
    return index


OP = Element()
