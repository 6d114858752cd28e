"""`group_norm`: normalisation of each sample over groups of channels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import need_kind, whole
from hypercuboid.ops._text import bare, unless
from hypercuboid.ops.base import AtomicOp, Constructor, Cost, Parameter, ShapeError, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class GroupNorm(AtomicOp):
    name = "group_norm"
    doc = "(x - mean) / sqrt(var + eps) of each sample over each group of channels, then an affine map per channel"
    parameters = (Parameter("groups", "int"), Parameter("affine", "bool", True), Parameter("eps", "float", 1e-5))

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_kind("group_norm", inputs[0], "image", "vector", help="use `layer_norm` on sequences")
        groups = whole("group_norm", "groups", arguments["groups"])
        if inputs[0].channels % groups:
            raise ShapeError(
                f"`groups = {groups}` does not divide {inputs[0].channels} channels", "use a divisor of the channels"
            )
        return inputs[0]

    def cost(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> Cost:
        return Cost(params=2 * inputs[0].channels if arguments["affine"] else 0)

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from torch import nn

        groups, eps = whole("group_norm", "groups", arguments["groups"]), arguments["eps"]
        assert isinstance(eps, float | int)
        return nn.GroupNorm(groups, inputs[0].channels, eps, bool(arguments["affine"]))

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Constructor:
        affine, eps = unless(True, arguments["affine"]), unless(1e-5, arguments["eps"])
        return bare("GroupNorm", arguments["groups"], channels[0], eps=eps, affine=affine)


OP = GroupNorm()
