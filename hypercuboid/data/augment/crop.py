"""`crop`: black is put around an image, and a piece as large as the image is cut out of it; 4 pixels, or `crop=N`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from hypercuboid.data.augment.base import AUGMENTATIONS, BatchStep, whole_number
from hypercuboid.data.base import DataSet

if TYPE_CHECKING:
    import numpy as np
    import torch


@dataclass(frozen=True)
class Crop(BatchStep):
    """Moves every image by -`most` to `most` pixels each way; zeros of the data as they are kept come in."""

    name: ClassVar[str] = "crop"
    columns: ClassVar[int] = 2
    most: int

    def kept(self, x_nchw: torch.Tensor, u: np.ndarray) -> torch.Tensor:
        import torch
        from torch.nn import functional as F

        height, width = x_nchw.shape[2:]
        windows = F.pad(x_nchw, [self.most] * 4).unfold(2, height, 1).unfold(3, width, 1)
        down, right = torch.from_numpy((u * (2 * self.most + 1)).astype("int64")).unbind(1)
        return windows[torch.arange(len(x_nchw)), :, down, right]


def _make(value: str, data: DataSet) -> Crop:
    return Crop(whole_number(value, 4, min(data.input_type.shape[1:])))


AUGMENTATIONS.add("crop", _make)
