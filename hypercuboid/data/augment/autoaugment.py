"""`autoaugment`: one policy of AutoAugment (Cubuk et al., 2018) per image, by torchvision.

`autoaugment=cifar10`, `imagenet` or `svhn`; without a value the one that fits the data. What comes in from beyond the
border is grey, 128.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from hypercuboid.data.augment.base import AUGMENTATIONS, BatchStep
from hypercuboid.data.augment.seeded import drawing_from
from hypercuboid.data.base import DataSet
from hypercuboid.data.vision import vision
from hypercuboid.diagnostics import error

if TYPE_CHECKING:
    import numpy as np
    import torch

POLICIES = ("cifar10", "imagenet", "svhn")


@dataclass(frozen=True)
class AutoAugment(BatchStep):
    """Each image has a policy of its own: torchvision draws one for a whole batch."""

    name: ClassVar[str] = "autoaugment"
    columns: ClassVar[int] = 1
    policy: str

    @cached_property
    def transform(self) -> Any:
        transforms = vision("transforms.v2")
        return transforms.AutoAugment(vision("transforms").AutoAugmentPolicy(self.policy), fill=128)

    def kept(self, x_nchw: torch.Tensor, u: np.ndarray) -> torch.Tensor:
        import torch

        found = []
        for image, number in zip(x_nchw, u[:, 0].tolist(), strict=True):
            with drawing_from(number):
                found.append(self.transform(image))
        return torch.stack(found)


def _make(value: str, data: DataSet) -> AutoAugment:
    policy = value or data.policy
    if policy not in POLICIES:
        raise ValueError(f"the policies are {', '.join(POLICIES)}")
    if data.splits["train"].scale is None or data.input_type.channels not in (1, 3):
        message = f"the augmentation `autoaugment` needs 8-bit images of 1 or 3 channels, which `{data.name}` has not"
        raise error("HC7306", message, help="leave it out")
    vision("transforms.v2")
    return AutoAugment(policy)


AUGMENTATIONS.add("autoaugment", _make)
