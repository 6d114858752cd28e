"""`cutout`: a square becomes zero after normalisation (DeVries and Taylor, 2017); `cutout=16`, 112 for ImageNet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from hypercuboid.data.augment.base import AUGMENTATIONS, ScaledStep, whole_number
from hypercuboid.data.base import DataSet

if TYPE_CHECKING:
    import numpy as np
    import torch


@dataclass(frozen=True)
class Cutout(ScaledStep):
    """The centre is any pixel of the image; what lies beyond the border is clipped, so squares there are smaller."""

    name: ClassVar[str] = "cutout"
    columns: ClassVar[int] = 2
    side: int

    def scaled(self, x_nchw: torch.Tensor, u: np.ndarray) -> torch.Tensor:
        height, width = x_nchw.shape[2:]
        rows = self._covered(height, u[:, 0])[:, None, :, None]
        columns = self._covered(width, u[:, 1])[:, None, None, :]
        return x_nchw.masked_fill(rows & columns, 0.0)

    def _covered(self, size: int, u: np.ndarray) -> torch.Tensor:
        """Which places of an axis the square covers, (B, size)."""
        import torch

        first = torch.from_numpy((u * size).astype("int64"))[:, None] - self.side // 2
        place = torch.arange(size)[None, :]
        return (place >= first) & (place < first + self.side)


def _make(value: str, data: DataSet) -> Cutout:
    shortest = min(data.input_type.shape[1:])
    return Cutout(whole_number(value, shortest // 2, shortest))


AUGMENTATIONS.add("cutout", _make)
