"""A permutation as a function whose gradient is one too: torch's own adds into zeros instead."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable


class _Permuted(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, axis: int, there: Tensor, back: Tensor) -> Tensor:
        ctx.axis, ctx.back = axis, back
        return x.index_select(axis, there)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        return gradient.index_select(ctx.axis, ctx.back), None, None, None


def permuted(x: Tensor, axis: int, there: Tensor, back: Tensor) -> Tensor:
    """x with `there[i]` of an axis at place i; `back` is the inverse."""
    moved: Tensor = _Permuted.apply(x, axis, there, back)
    return moved
