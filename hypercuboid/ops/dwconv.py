"""`dwconv`: depthwise convolution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import need_kind, square, window
from hypercuboid.ops._text import bare, padding, unless
from hypercuboid.ops.base import AtomicOp, Constructor, Cost, Parameter, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class DepthwiseConv(AtomicOp):
    name = "dwconv"
    doc = "one k x k filter per channel; keeps the channels"
    parameters = (
        Parameter("k", "pair", 3),
        Parameter("stride", "pair", 1),
        Parameter("dilation", "int", 1),
        Parameter("bias", "bool", False),
        Parameter("padding", "padding", "same"),
    )

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_kind("dwconv", inputs[0], "image")
        channels, height, width = inputs[0].shape
        return TensorType("image", (channels, *window("dwconv", arguments).size("dwconv", height, width)))

    def cost(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> Cost:
        rows, columns = window("dwconv", arguments).kernel
        macs = output.elements * rows * columns
        weights = output.channels * rows * columns
        return Cost(weights + (output.channels if arguments["bias"] else 0), macs, macs)

    def is_zero(self, arguments: Mapping[str, Value], zero_inputs: tuple[bool, ...]) -> bool:
        return zero_inputs[0] and not arguments["bias"]

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from torch import nn

        view, channels = window("dwconv", arguments), inputs[0].channels
        return nn.Conv2d(
            channels,
            channels,
            square(view.kernel),
            square(view.stride),
            square(view.padding),
            view.dilation,
            channels,
            bool(arguments["bias"]),
        )

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Constructor:
        return bare(
            "Conv2d",
            channels[0],
            channels[0],
            arguments["k"],
            stride=unless(1, arguments["stride"]),
            padding=unless(0, padding(arguments)),
            dilation=unless(1, arguments["dilation"]),
            groups=channels[0],
            bias=unless(True, arguments["bias"]),
        )


OP = DepthwiseConv()
