"""`bn`: batch normalisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import need_kind
from hypercuboid.ops._text import bare, unless
from hypercuboid.ops.base import AtomicOp, Constructor, Cost, Parameter, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class BatchNorm(AtomicOp):
    name = "bn"
    doc = "(x - mean) / sqrt(var + eps) per channel over the batch, then an affine map unless affine = false"
    parameters = (
        Parameter("affine", "bool", True),
        Parameter("eps", "float", 1e-5),
        Parameter("momentum", "float", 0.1),
    )

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_kind("bn", inputs[0], "image", "vector", help="use `layer_norm` on sequences")
        return inputs[0]

    def cost(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> Cost:
        if not arguments["affine"]:
            return Cost()
        return Cost(params=2 * inputs[0].channels, add_mult=2 * inputs[0].elements)

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from torch import nn

        layer = nn.BatchNorm2d if inputs[0].kind == "image" else nn.BatchNorm1d
        eps, momentum = arguments["eps"], arguments["momentum"]
        assert isinstance(eps, float | int) and isinstance(momentum, float | int)
        return layer(inputs[0].channels, eps, momentum, bool(arguments["affine"]))

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Constructor:
        return bare(
            "BatchNorm2d" if inputs[0].kind == "image" else "BatchNorm1d",
            channels[0],
            eps=unless(1e-5, arguments["eps"]),
            momentum=unless(0.1, arguments["momentum"]),
            affine=unless(True, arguments["affine"]),
        )


OP = BatchNorm()
