"""`resize`: nearest-neighbour resizing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.ops._shapes import need_kind
from hypercuboid.ops._text import literal
from hypercuboid.ops.base import AtomicOp, Expression, Parameter, ShapeError, TensorType, Value

if TYPE_CHECKING:
    from torch import nn


class Resize(AtomicOp):
    name = "resize"
    doc = "an image resized by a factor to whole sizes, nearest neighbour"
    parameters = (Parameter("factor", "float"),)
    keeps_zero = True
    literal = ("factor",)

    def infer(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...]) -> TensorType:
        need_kind("resize", inputs[0], "image")
        factor = arguments["factor"]
        if not isinstance(factor, float | int) or not 0 < factor < 1e6:
            raise ShapeError(
                f"`factor` of `resize` must be positive, not {factor}", "write `resize(2)`, or `resize(0.5)` to halve"
            )
        channels, height, width = inputs[0].shape
        sizes = [round(size * factor) for size in (height, width)]
        misses = [abs(new - old * factor) for new, old in zip(sizes, (height, width), strict=True)]
        if min(sizes) < 1 or max(misses) > 1e-6:
            raise ShapeError(
                f"`resize` by {factor} does not give whole sizes of {height} x {width}",
                "choose a factor that does, or pad the image",
            )
        return TensorType("image", (channels, *sizes))

    def build(self, arguments: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> nn.Module:
        from torch.nn import functional

        from hypercuboid.ops.layers.function import Function

        step = _step(inputs[0], output)
        if step:
            return Function(lambda x: x[:, :, ::step, ::step])
        return Function(lambda x: functional.interpolate(x, size=output.shape[1:], mode="nearest"))

    def source(
        self, arguments: Mapping[str, str], inputs: tuple[TensorType, ...], channels: tuple[str, ...]
    ) -> Expression:
        factor = literal(arguments["factor"])
        output = self.infer({"factor": 1 if factor is None else factor}, inputs)
        step = _step(inputs[0], output)
        if step == 1:
            return Expression("{0}")
        if step:
            return Expression(f"{{0}}[:, :, ::{step}, ::{step}]")
        up, rest = divmod(output.shape[1], inputs[0].shape[1])
        if not rest:
            return Expression(f'F.interpolate({{0}}, scale_factor={up}, mode="nearest")')
        return Expression(f'F.interpolate({{0}}, size={output.shape[1:]!r}, mode="nearest")')


def _step(input: TensorType, output: TensorType) -> int:
    """The step of a slice that is the nearest neighbour, where the image shrinks by a whole number; else 0."""
    step, rest = divmod(input.shape[1], output.shape[1])
    return step if rest == 0 and input.shape[2] == step * output.shape[2] else 0


OP = Resize()
