"""`channel_shuffle`: channels of the groups interleaved (ShuffleNet)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import need_kind, whole
from hypercuboid.ops._text import bare
from hypercuboid.ops.base import AtomicOp, Constructor, Parameter, ShapeError, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class ChannelShuffle(AtomicOp):
    name = "channel_shuffle"
    doc = "interleaves the channels of the groups (ShuffleNet)"
    parameters = (Parameter("groups", "int"),)
    keeps_zero = True

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_kind("channel_shuffle", inputs[0], "image")
        groups = whole("channel_shuffle", "groups", arguments["groups"])
        if inputs[0].channels % groups:
            raise ShapeError(
                f"`groups = {groups}` does not divide {inputs[0].channels} channels", "use a divisor of the channels"
            )
        return inputs[0]

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from torch import nn

        return nn.ChannelShuffle(whole("channel_shuffle", "groups", arguments["groups"]))

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Constructor:
        return bare("ChannelShuffle", arguments["groups"])


OP = ChannelShuffle()
