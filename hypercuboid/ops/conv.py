"""`conv`: two-dimensional convolution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import need_kind, square, whole, window
from hypercuboid.ops._text import bare, padding, unless
from hypercuboid.ops.base import AtomicOp, Constructor, Cost, Parameter, ShapeError, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class Conv(AtomicOp):
    name = "conv"
    doc = "convolution with c filters of k x k; padding dilation * (k - 1) // 2 unless given"
    parameters = (
        Parameter("c", "int"),
        Parameter("k", "pair", 1),
        Parameter("stride", "pair", 1),
        Parameter("dilation", "int", 1),
        Parameter("groups", "int", 1),
        Parameter("bias", "bool", False),
        Parameter("padding", "padding", "same"),
    )

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_kind("conv", inputs[0], "image", help="use `linear` on vectors and sequences")
        c, groups = whole("conv", "c", arguments["c"]), whole("conv", "groups", arguments["groups"])
        channels, height, width = inputs[0].shape
        if c % groups or channels % groups:
            message = f"`groups = {groups}` must divide both {channels} input channels and {c} filters"
            raise ShapeError(message, "use a number of groups that divides both")
        return TensorType("image", (c, *window("conv", arguments).size("conv", height, width)))

    def cost(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> Cost:
        rows, columns = window("conv", arguments).kernel
        groups = whole("conv", "groups", arguments["groups"])
        weights = output.channels * (inputs[0].channels // groups) * rows * columns
        macs = weights * output.shape[1] * output.shape[2]
        return Cost(weights + (output.channels if arguments["bias"] else 0), macs, macs)

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from torch import nn

        view, c, groups = window("conv", arguments), arguments["c"], arguments["groups"]
        assert isinstance(c, int) and isinstance(groups, int)
        return nn.Conv2d(
            inputs[0].channels,
            c,
            square(view.kernel),
            square(view.stride),
            square(view.padding),
            view.dilation,
            groups,
            bool(arguments["bias"]),
        )

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Constructor:
        return bare(
            "Conv2d",
            channels[0],
            arguments["c"],
            arguments["k"],
            stride=unless(1, arguments["stride"]),
            padding=unless(0, padding(arguments)),
            dilation=unless(1, arguments["dilation"]),
            groups=unless(1, arguments["groups"]),
            bias=unless(True, arguments["bias"]),
        )


OP = Conv()
