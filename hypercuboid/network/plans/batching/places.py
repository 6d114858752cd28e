"""Numbers put at places of a longer row, and taken from them; each is the gradient of the other.

torch's own gradient of a gather adds into zeros, where each place is taken at most once here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.autograd.function import once_differentiable


@dataclass(frozen=True, eq=False)
class Places:
    """Different places among `size`, on any device."""

    at: np.ndarray
    size: int
    _known: dict[torch.device, tuple[Tensor, Tensor | None]] = field(default_factory=dict, repr=False)

    def on(self, device: torch.device) -> tuple[Tensor, Tensor | None]:
        """The places; and what stands at each, where all are taken."""
        if device not in self._known:
            whole = np.argsort(self.at) if len(self.at) == self.size else None
            back = None if whole is None else torch.from_numpy(whole).to(device)
            self._known[device] = torch.from_numpy(self.at).to(device), back
        return self._known[device]


def placed(x: Tensor, axis: int, places: Places) -> Tensor:
    """x with index i of an axis at place i, and zeros elsewhere."""
    made: Tensor = _Placed.apply(x, axis, places)
    return made


def picked(x: Tensor, axis: int, places: Places) -> Tensor:
    """Of an axis of x the numbers at the places."""
    made: Tensor = _Picked.apply(x, axis, places)
    return made


class _Placed(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, axis: int, places: Places) -> Tensor:
        ctx.axis, ctx.places = axis, places
        return _place(x, axis, places)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        return _pick(gradient, ctx.axis, ctx.places), None, None


class _Picked(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, axis: int, places: Places) -> Tensor:
        ctx.axis, ctx.places = axis, places
        return _pick(x, axis, places)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        return _place(gradient, ctx.axis, ctx.places), None, None


def _place(x: Tensor, axis: int, places: Places) -> Tensor:
    at, back = places.on(x.device)
    if back is not None:
        return x.index_select(axis, back)
    zeros = x.new_zeros([places.size if one == axis else size for one, size in enumerate(x.shape)])
    return zeros.index_copy_(axis, at, x)


def _pick(x: Tensor, axis: int, places: Places) -> Tensor:
    return x.index_select(axis, places.on(x.device)[0])
