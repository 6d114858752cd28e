"""`resized-crop`: a random piece of an image, in its own shape, becomes an image of the data's size, by torchvision.

As for ImageNet: an area of 8 % to 100 % of the image, an aspect ratio of 3 / 4 to 4 / 3. `resized-crop=0.25` has the
least area.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from hypercuboid.data.augment.base import AUGMENTATIONS, ImageStep
from hypercuboid.data.augment.seeded import drawing_from
from hypercuboid.data.base import DataSet
from hypercuboid.data.vision import vision

if TYPE_CHECKING:
    import numpy as np
    import torch


@dataclass(frozen=True)
class ResizedCrop(ImageStep):
    """`size` is (height, width); `least` the smallest share of the image's area."""

    name: ClassVar[str] = "resized-crop"
    columns: ClassVar[int] = 1
    size: tuple[int, int]
    least: float

    @cached_property
    def transform(self) -> Any:
        return vision("transforms.v2").RandomResizedCrop(self.size, scale=(self.least, 1.0), antialias=True)

    def image(self, image_chw: torch.Tensor, u: np.ndarray) -> torch.Tensor:
        with drawing_from(float(u[0])):
            found: torch.Tensor = self.transform(image_chw)
        return found


def _make(value: str, data: DataSet) -> ResizedCrop:
    try:
        least = float(value or 0.08)
    except ValueError:
        least = 0.0
    if not 0 < least <= 1:
        raise ValueError("write the least share of the area, above 0 and at most 1, behind `=`")
    vision("transforms.v2")
    height, width = data.input_type.shape[1:]
    return ResizedCrop((height, width), least)


AUGMENTATIONS.add("resized-crop", _make)
