"""What a data set is: named splits, the type of one input, and the classes; and how one is found by its name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from hypercuboid.data.request import DataRequest, read_request
from hypercuboid.diagnostics import error
from hypercuboid.ops.base import TensorType
from hypercuboid.registry import Registry

if TYPE_CHECKING:
    import numpy as np
    import torch

    from hypercuboid.data.scale import Scale

Target: TypeAlias = Literal["class", "pixel", "number"]
"""A class of each input (or token), a class of each pixel, or numbers."""

Fit: TypeAlias = "Callable[[int, torch.Tensor], torch.Tensor]"
"""Makes of an image (C, h, w) one of the size of the data set; the number is its place in the batch."""


@dataclass(frozen=True, eq=False)
class Split:
    """One split in memory, as it is kept: read it through `batches.Loader`, which scales it.

    `x` is images (N, C, H, W) or vectors (N, D), as float32 that need nothing more or as uint8 with their `scale`, or
    tokens int64 (N, T). `y` is int64: a class per input (N,), one per token (N, T), or one per pixel (N, H, W), classes
    from 0; or float32: numbers (N, D) to come near to.
    """

    x: np.ndarray
    y: np.ndarray
    scale: Scale | None = None

    def __post_init__(self) -> None:
        tokens = self.y.ndim == 2 and self.y.dtype == "int64"
        assert self.x.dtype == ("int64" if tokens else "float32" if self.scale is None else "uint8")
        assert self.x.ndim in (2, 4) and len(self.y) == len(self.x)
        if self.y.dtype == "float32":
            assert self.y.ndim == 2
        else:
            places = self.x.shape[1:] if tokens else self.x.shape[2:] if self.y.ndim == 3 else ()
            assert self.y.dtype == "int64" and self.y.shape[1:] == places

    def __len__(self) -> int:
        return len(self.y)

    def read(self, positions: Sequence[int], crop: Fit | None = None) -> torch.Tensor:
        """The inputs (B, ...) at some positions, as they are kept."""
        import torch

        x = torch.from_numpy(self.x[list(positions)])
        return x if crop is None else torch.stack([crop(place, image) for place, image in enumerate(x)])

    def digest(self, sha256: hashlib._Hash) -> None:
        """Adds what it holds to a hash."""
        sha256.update(f"{self.x.shape}".encode())
        sha256.update(_bytes(self.x))
        sha256.update(_bytes(self.y))


@dataclass(frozen=True, eq=False)
class DataSet:
    """A data set for classification, of inputs or their pixels, or for regression.

    `splits` has at least `search-train` and `search-validation` (a search sees only these), `train` (both together)
    and `test`; what else it has are more test sets. `mean` and `std` per channel are those of search-train, in units
    of the pixels of float data, and in units of 255 of uint8 data.
    """

    name: str
    input_type: TensorType
    class_names: tuple[str, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    splits: Mapping[str, Split]
    rows: Mapping[str, np.ndarray] = field(default_factory=dict)
    """Where the inputs of a split stand in the file that they are from, for the splits that were drawn."""
    about: tuple[str, ...] = ()
    """What a user is told when the data are read."""
    policy: str = "cifar10"
    """The policy of AutoAugment that fits such images."""
    white: float | None = None
    """The brightest pixel of float data in the units of `mean`, where it is known and black is 0."""
    fit: str = "whole"
    """How an image from elsewhere is made to fit (see `data.fit`)."""

    @property
    def white_pixel(self) -> float | None:
        """The brightest pixel in the units of `mean`: 1 of uint8 data."""
        return self.white if self.splits["test"].scale is None else 1.0

    @property
    def classes(self) -> int:
        """How many classes there are; of numbers, how many for an input."""
        return len(self.class_names)

    @property
    def target(self) -> Target:
        """What is to be said of an input."""
        y = self.splits["test"].y
        return "number" if y.dtype.kind == "f" else "pixel" if y.ndim == 3 else "class"

    @property
    def output_shape(self) -> tuple[int, ...]:
        """What a network gives for one input."""
        return output_shape(self.input_type, self.classes, self.target)

    @property
    def more_tests(self) -> tuple[str, ...]:
        """The names of test sets beside `test`."""
        return tuple(name for name in self.splits if name not in SPLITS)

    def fingerprint(self) -> str:
        """SHA-256 of all inputs and classes, split by split."""
        digest = hashlib.sha256()
        for name, split in sorted(self.splits.items()):
            digest.update(f"{name} ".encode())
            split.digest(digest)
        return digest.hexdigest()


def output_shape(input_type: TensorType, classes: int, target: Target) -> tuple[int, ...]:
    """One score per class (or number), at each token or pixel where those have targets; of pixels (classes, H, W)."""
    if input_type.kind == "tokens":
        return (input_type.shape[0], classes)
    return (classes, *input_type.shape[1:]) if target == "pixel" else (classes,)


SPLITS = ("search-train", "search-validation", "train", "test")


def _bytes(array: np.ndarray) -> memoryview:
    """The numbers of an array as bytes, without a copy where it lies in one piece."""
    import numpy as np

    return np.ascontiguousarray(array).data


DATA_SETS: Registry[Callable[[DataRequest], DataSet]] = Registry("data set")

_PACKAGES = {
    "sklearn": "scikit-learn",
    "torchvision": "'hypercuboid[vision]'",
    "onnx": "'hypercuboid[onnx]'",
    "onnxscript": "'hypercuboid[onnx]'",
    "tensorboardX": "'hypercuboid[tensorboard]'",
    "wandb": "'hypercuboid[wandb]'",
}
"""What to install for a module whose package has another name."""


def load_data(text: str) -> DataSet:
    """The data set that `NAME[@SIZE][/TRAIN+VALIDATION][#SEED][:PATH]` or `MODULE:FUNCTION` asks for.

    HC7050 where it is unknown, HC7051 where a package that it needs is missing, HC7310 where its files are not there,
    HC7302 where they cannot be read, HC7303 where size or counts do not fit.
    """
    register_all()
    request = read_request(text)
    make = DATA_SETS.get(request.name)
    if make is None and request.path is not None:
        make = DATA_SETS["function"]
    if make is None:
        raise error("HC7050", f"unknown data set `{request.name}`", help=DATA_SETS.suggest(request.name))
    try:
        return make(request)
    except ModuleNotFoundError as missing:
        raise missing_package(f"the data set `{request.name}`", missing) from None


def missing_package(what: str, missing: ModuleNotFoundError) -> Exception:
    """HC7051 for a package that `what` needs."""
    name = missing.name or ""
    package = _PACKAGES.get(name, name)
    message = f"{what} needs the package `{package if name == 'sklearn' else name}`"
    return error("HC7051", message, help=f"pip install {package}")


def register_all() -> None:
    """Imports every file beside this one: each registers its data sets."""
    for path in sorted(Path(__file__).parent.glob("*.py")):
        import_module(f"hypercuboid.data.{path.stem}")
