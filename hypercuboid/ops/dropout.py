"""`dropout`: dropout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import need_tensor
from hypercuboid.ops._text import bare
from hypercuboid.ops.base import AtomicOp, Constructor, Parameter, ShapeError, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class Dropout(AtomicOp):
    name = "dropout"
    doc = "sets each number to zero with probability p in training and scales the rest by 1 / (1 - p)"
    parameters = (Parameter("p", "float"),)
    keeps_zero = True

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_tensor("dropout", inputs[0])
        p = arguments["p"]
        if not isinstance(p, float | int) or not 0 <= p < 1:
            raise ShapeError(
                f"`p` of `dropout` must be at least 0 and less than 1, not {p}",
                "write the share to drop: `dropout(0.2)`",
            )
        return inputs[0]

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from torch import nn

        p = arguments["p"]
        assert isinstance(p, float | int)
        return nn.Dropout(p)

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Constructor:
        return bare("Dropout", arguments["p"])


OP = Dropout()
