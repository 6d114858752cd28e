"""`max_pool`: the largest number of each window."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._pool import Pool
from hypercuboid.ops._shapes import square, window
from hypercuboid.ops._text import bare, padding, unless
from hypercuboid.ops.base import Constructor, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class MaxPool(Pool):
    name = "max_pool"
    doc = "the largest number of each window"

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from torch import nn

        view = window("max_pool", arguments)
        return nn.MaxPool2d(square(view.kernel), square(view.stride), square(view.padding))

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Constructor:
        return bare(
            "MaxPool2d",
            arguments["k"],
            stride=arguments["stride"],
            padding=unless(0, padding(arguments)),
        )


OP = MaxPool()
