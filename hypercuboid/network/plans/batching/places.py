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
    """Different places among `size`, on any device.

    Zeros stand elsewhere. Where it is `loose`, any of the numbers may stand there: whatever reads them multiplies them
    by zero, so that to put them there is to take them, one kernel.
    """

    at: np.ndarray
    size: int
    loose: bool = False
    _known: dict[torch.device, tuple[Tensor, Tensor | None]] = field(default_factory=dict, repr=False)

    def on(self, device: torch.device) -> tuple[Tensor, Tensor | None]:
        """The places; and which number stands at each, where zeros do not have to."""
        if device not in self._known:
            back = torch.from_numpy(self._back()).to(device) if self.loose or len(self.at) == self.size else None
            self._known[device] = torch.from_numpy(self.at).to(device), back
        return self._known[device]

    def _back(self) -> np.ndarray:
        found = np.zeros(self.size, dtype=np.int64)
        found[self.at] = np.arange(len(self.at))
        return found


def placed(x: Tensor, axis: int, places: Places) -> Tensor:
    """x with index i of an axis at place i."""
    made: Tensor = _Moved.apply(x, axis, places, _place, _pick)
    return made


def picked(x: Tensor, axis: int, places: Places) -> Tensor:
    """Of an axis of x the numbers at the places."""
    made: Tensor = _Moved.apply(x, axis, places, _pick, _place)
    return made


class _Moved(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, axis: int, places: Places, there: Any, back: Any) -> Tensor:
        ctx.given = axis, places, back
        made: Tensor = there(x, axis, places)
        return made

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        axis, places, back = ctx.given
        return back(gradient, axis, places), None, None, None, None


def _place(x: Tensor, axis: int, places: Places) -> Tensor:
    at, back = places.on(x.device)
    if back is not None:
        return x.index_select(axis, back)
    zeros = x.new_zeros([places.size if one == axis else size for one, size in enumerate(x.shape)])
    return zeros.index_copy_(axis, at, x)


def _pick(x: Tensor, axis: int, places: Places) -> Tensor:
    return x.index_select(axis, places.on(x.device)[0])
