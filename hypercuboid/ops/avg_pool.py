"""`avg_pool`: the mean of each window, of its numbers inside the image unless count_padding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._pool import Pool
from hypercuboid.ops._shapes import square, window
from hypercuboid.ops._text import bare, padding, unless
from hypercuboid.ops.base import Constructor, Parameter, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class AvgPool(Pool):
    name = "avg_pool"
    doc = "the mean of each window, of its numbers inside the image unless count_padding"
    parameters = (*Pool.parameters, Parameter("count_padding", "bool", False))

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from torch import nn

        view = window("avg_pool", arguments)
        return nn.AvgPool2d(
            square(view.kernel),
            square(view.stride),
            square(view.padding),
            count_include_pad=bool(arguments["count_padding"]),
        )

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Constructor:
        around = unless(0, padding(arguments))
        return bare(
            "AvgPool2d",
            arguments["k"],
            stride=arguments["stride"],
            padding=around,
            count_include_pad=unless(True, arguments["count_padding"]) if around else "",
        )


OP = AvgPool()
