"""`flip`: left and right are exchanged in half of the images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from hypercuboid.data.augment.base import AUGMENTATIONS, BatchStep
from hypercuboid.data.base import DataSet

if TYPE_CHECKING:
    import numpy as np
    import torch


@dataclass(frozen=True)
class Flip(BatchStep):
    """Turns an image around where its number is below one half."""

    name: ClassVar[str] = "flip"
    columns: ClassVar[int] = 1

    def kept(self, x_nchw: torch.Tensor, u: np.ndarray) -> torch.Tensor:
        import torch

        turned = torch.from_numpy(u[:, 0] < 0.5)[:, None, None, None]
        return torch.where(turned, x_nchw.flip(3), x_nchw)


def _make(value: str, data: DataSet) -> Flip:
    if value:
        raise ValueError("write `flip` alone")
    return Flip()


AUGMENTATIONS.add("flip", _make)
