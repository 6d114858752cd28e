"""Augmentation: named steps between what is kept of an input and what a network reads.

No step has a generator of its own: each is a function of images and of uniform numbers, some per image, which are
drawn for a whole epoch from (seed, epoch, step) and belong to the places of the order. So an image of an epoch is the
same whatever the batch, the number of workers, and where a stopped run went on.
"""

from __future__ import annotations

import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from hypercuboid.data.base import DataSet, Fit, Split, missing_package
from hypercuboid.diagnostics import error
from hypercuboid.registry import Registry

if TYPE_CHECKING:
    import numpy as np
    import torch


class Step(ABC):
    """One step; `columns` is how many uniform numbers in [0, 1) it takes per image."""

    name: ClassVar[str]
    columns: ClassVar[int]


class ImageStep(Step):
    """Makes of one image as it is in its file, uint8 (C, h, w) of any size, one of the size of the data."""

    @abstractmethod
    def image(self, image_chw: torch.Tensor, u: np.ndarray) -> torch.Tensor: ...


class BatchStep(Step):
    """Changes images as they are kept, (B, C, H, W)."""

    @abstractmethod
    def kept(self, x_nchw: torch.Tensor, u: np.ndarray) -> torch.Tensor: ...


class ScaledStep(Step):
    """Changes images after normalisation, float32 (B, C, H, W)."""

    @abstractmethod
    def scaled(self, x_nchw: torch.Tensor, u: np.ndarray) -> torch.Tensor: ...


Make = Callable[[str, DataSet], Step]
"""A step of what stands behind `=`, empty where nothing does, for a data set. ValueError says what is wrong with it."""

AUGMENTATIONS: Registry[Make] = Registry("augmentation")


@dataclass(frozen=True)
class Augmentation:
    """Some steps, in this order within a kind: images from files, kept images, scaled images."""

    steps: tuple[Step, ...] = ()

    def draws(self, size: int, seed: int, epoch: int) -> np.ndarray:
        """The uniform numbers (size, columns) of an epoch, a row for each place of its order."""
        import numpy as np

        found = [np.zeros((size, 0))]
        for step in self.steps:
            generator = np.random.default_rng([seed, epoch, zlib.crc32(step.name.encode())])
            found.append(generator.random((size, step.columns)))
        return np.concatenate(found, axis=1)

    def read(self, split: Split, positions: Sequence[int], draws: np.ndarray | None) -> torch.Tensor:
        """The inputs at some positions as a network reads them; `draws` are the rows of their places."""
        if not self.steps or draws is None:
            x = split.read(positions)
            return x if split.scale is None else split.scale(x)
        columns = self._columns(draws)
        x = split.read(positions, self._crop(columns))
        for batch_step in [one for one in self.steps if isinstance(one, BatchStep)]:
            x = batch_step.kept(x, columns[batch_step.name])
        x = x if split.scale is None else split.scale(x)
        for scaled_step in [one for one in self.steps if isinstance(one, ScaledStep)]:
            x = scaled_step.scaled(x, columns[scaled_step.name])
        return x

    def _crop(self, columns: dict[str, np.ndarray]) -> Fit | None:
        """All steps on single images as one function; None where there is none."""
        steps = [one for one in self.steps if isinstance(one, ImageStep)]

        def crop(place: int, image_chw: torch.Tensor) -> torch.Tensor:
            for step in steps:
                image_chw = step.image(image_chw, columns[step.name][place])
            return image_chw

        return crop if steps else None

    def _columns(self, draws: np.ndarray) -> dict[str, np.ndarray]:
        found, start = {}, 0
        for step in self.steps:
            found[step.name] = draws[:, start : start + step.columns]
            start += step.columns
        return found


def read_augmentation(text: str, data: DataSet) -> Augmentation:
    """The steps that `NAME[=VALUE],...` names, for a data set; none where the text is empty.

    HC7305 where a name is unknown or given twice, or a value is wrong; HC7306 where a step does not fit the data.
    """
    for path in sorted(Path(__file__).parent.glob("*.py")):
        import_module(f"hypercuboid.data.augment.{path.stem}")
    words = [word.strip() for word in text.split(",") if word.strip()]
    names = [word.partition("=")[0].strip() for word in words]
    for name in names:
        if names.count(name) > 1:
            raise error("HC7305", f"the augmentation `{name}` is given twice", help="leave one of them out")
    return Augmentation(tuple(_step(word, data) for word in words))


def _step(word: str, data: DataSet) -> Step:
    name, _, value = (part.strip() for part in word.partition("="))
    make = AUGMENTATIONS.get(name)
    if make is None:
        raise error("HC7305", f"unknown augmentation `{name}`", help=AUGMENTATIONS.suggest(name))
    if data.input_type.kind != "image":
        message = f"the augmentation `{name}` needs images, and `{data.name}` has {data.input_type}"
        raise error("HC7306", message, help="leave it out")
    if data.target == "pixel":
        message = (
            f"the augmentation `{name}` changes images, and would leave the classes of their pixels in `{data.name}`"
        )
        raise error("HC7306", message, help="leave it out")
    try:
        return make(value, data)
    except ValueError as problem:
        raise error("HC7305", f"`{word}` is no augmentation", help=str(problem)) from None
    except ModuleNotFoundError as missing:
        raise missing_package(f"the augmentation `{name}`", missing) from None


def whole_number(value: str, default: int, most: int) -> int:
    """What stands behind `=`, from 1 to `most`; ValueError says so."""
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or not 1 <= int(value[:9]) <= most:
        raise ValueError(f"write a whole number of pixels from 1 to {most} behind `=`")
    return int(value)
