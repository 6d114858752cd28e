"""Tensor arithmetic of the language: two tensors of one shape, a vector with an image per channel, or a number."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from hypercuboid.ops._shapes import need_tensor
from hypercuboid.ops.base import AtomicOp, Expression, Parameter, ShapeError, TensorType, Value

if TYPE_CHECKING:
    import torch
    from torch import nn

_FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


class Arithmetic(AtomicOp):
    """`x symbol y`, or with `number` given `x symbol number`, and `number symbol x` where `reverse`."""

    symbol: ClassVar[str]
    parameters = (Parameter("number", "float"), Parameter("reverse", "bool", False))
    arity = None
    pure = True
    callable = False
    literal = ("reverse",)

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        for type in inputs:
            need_tensor(self.name, type)
        if len(inputs) == 1:
            return inputs[0]
        left, right = inputs
        if left == right:
            return left
        kinds = {left.kind, right.kind}
        if kinds == {"image", "vector"} and left.channels == right.channels:
            return left if left.kind == "image" else right
        message = f"`{self.symbol}` needs equal shapes, not {left} and {right}"
        help = "" if left.kind == right.kind else "a vector goes with an image of as many channels"
        raise ShapeError(message, help, "HC3101")

    def is_zero(self, arguments: Mapping[str, Value], zero_inputs: tuple[bool, ...]) -> bool:
        return all(zero_inputs) and "number" not in arguments

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from hypercuboid.ops.layers.function import Function

        function, number = _FUNCTIONS[self.symbol], arguments.get("number")
        if number is not None and arguments.get("reverse", False):
            return Function(lambda x: function(number, x))
        if number is not None:
            return Function(lambda x: function(x, number))
        if inputs[0].kind == inputs[1].kind:
            return Function(function)
        if inputs[0].kind == "vector":
            return Function(lambda x, y: function(_spread(x), y))
        return Function(lambda x, y: function(x, _spread(y)))

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Expression:
        number = arguments.get("number")
        if number is not None:
            reverse = arguments.get("reverse") == "True"
            return Expression(f"{number} {self.symbol} {{0}}" if reverse else f"{{0}} {self.symbol} {number}")
        places = [f"{{{i}}}" for i in range(2)]
        if inputs[0].kind != inputs[1].kind:
            vector = 0 if inputs[0].kind == "vector" else 1
            places[vector] += "[:, :, None, None]"
        return Expression(f"{places[0]} {self.symbol} {places[1]}")


def _spread(vector: torch.Tensor) -> torch.Tensor:
    """(n, c) as (n, c, 1, 1)."""
    return vector[:, :, None, None]
