"""`layer_norm`: layer normalisation over the channel or feature axis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import need_tensor
from hypercuboid.ops._text import bare, call, unless
from hypercuboid.ops.base import AtomicOp, Constructor, Cost, Parameter, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class LayerNorm(AtomicOp):
    name = "layer_norm"
    doc = "(x - mean) / sqrt(var + eps) over the channel or feature axis, then an affine map unless affine = false"
    parameters = (Parameter("affine", "bool", True), Parameter("eps", "float", 1e-5))

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_tensor("layer_norm", inputs[0])
        return inputs[0]

    def cost(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> Cost:
        return Cost(params=2 * inputs[0].channels if arguments["affine"] else 0)

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from torch import nn

        from hypercuboid.ops.layers.layer_norm import ChannelNorm

        layer = ChannelNorm if inputs[0].kind == "image" else nn.LayerNorm
        eps = arguments["eps"]
        assert isinstance(eps, float | int)
        return layer(inputs[0].channels, eps, bool(arguments["affine"]))

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Constructor:
        affine, eps = unless(True, arguments["affine"]), unless(1e-5, arguments["eps"])
        if inputs[0].kind != "image":
            return bare("LayerNorm", channels[0], eps=eps, elementwise_affine=affine)
        text = call("ChannelNorm", channels[0], eps=eps, elementwise_affine=affine)
        return Constructor(text, layer="ChannelNorm")


OP = LayerNorm()
