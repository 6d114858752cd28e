"""`linear`: a linear layer on the last axis; alone among the ops it concatenates several inputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import need_kind, whole
from hypercuboid.ops._text import bare, unless
from hypercuboid.ops.base import AtomicOp, Constructor, Cost, Parameter, ShapeError, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class Linear(AtomicOp):
    name = "linear"
    doc = "x W^T + b on the last axis; several inputs are concatenated along it"
    parameters = (Parameter("c", "int"), Parameter("bias", "bool", True))
    arity = None

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        for type in inputs:
            need_kind("linear", type, "vector", "sequence", help="use `conv` on images, or `gap` or `flatten` before")
            if type.shape[:-1] != inputs[0].shape[:-1]:
                raise ShapeError(
                    f"`linear` cannot concatenate {inputs[0]} and {type}", "give sequences of one length", "HC3101"
                )
        return TensorType(inputs[0].kind, (*inputs[0].shape[:-1], whole("linear", "c", arguments["c"])))

    def cost(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> Cost:
        width = sum(type.channels for type in inputs)
        macs = width * output.elements
        return Cost(width * output.channels + (output.channels if arguments["bias"] else 0), macs, macs)

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from torch import nn

        from hypercuboid.ops.layers.linear import ConcatLinear

        layer = nn.Linear if len(inputs) == 1 else ConcatLinear
        return layer(sum(type.channels for type in inputs), output.channels, bool(arguments["bias"]))

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Constructor:
        width = " + ".join(channels)
        if all(text.isdecimal() for text in channels):
            width = str(sum(map(int, channels)))
        text = bare("Linear", width, arguments["c"], bias=unless(True, arguments["bias"])).text
        if len(inputs) == 1:
            return Constructor(text)
        places = ", ".join(f"{{{i}}}" for i in range(len(inputs)))
        return Constructor(text, f"{{layer}}(torch.cat(({places}), dim=-1))")


OP = Linear()
