"""Ops that act on each number alone and have no arguments: the base of activations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from hypercuboid.ops._shapes import need_tensor
from hypercuboid.ops._text import bare
from hypercuboid.ops.base import AtomicOp, Constructor, Cost, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class Elementwise(AtomicOp):
    """An activation: a layer of `torch.nn` without arguments."""

    layer: ClassVar[str]
    """Its class in `torch.nn`."""
    pure = True
    counted: ClassVar[bool] = False
    """Each output element is one add-multiply (the convention of the paper, for relu and relu6)."""

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_tensor(self.name, inputs[0])
        return inputs[0]

    def cost(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> Cost:
        return Cost(add_mult=output.elements if self.counted else 0)

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from torch import nn

        layer: nn.Module = getattr(nn, self.layer)()
        return layer

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Constructor:
        return bare(self.layer)
