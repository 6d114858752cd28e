"""What a data set is: named splits in memory, the type of one input, and the classes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypercuboid.diagnostics import error
from hypercuboid.ops.base import TensorType
from hypercuboid.registry import Registry

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, eq=False)
class Split:
    """One split in memory: `x` float32 (N, C, H, W), normalised; `y` int64 (N,), classes from 0."""

    x: np.ndarray
    y: np.ndarray

    def __post_init__(self) -> None:
        assert self.x.dtype == "float32" and self.x.ndim == 4
        assert self.y.dtype == "int64" and self.y.shape == self.x.shape[:1]

    def __len__(self) -> int:
        return len(self.y)


@dataclass(frozen=True, eq=False)
class DataSet:
    """A data set for classification.

    `splits` has at least `search-train` and `search-validation` (a search sees only these), `train` (both together)
    and `test`. `mean` and `std` per channel are those of search-train before normalisation, and already applied.
    """

    name: str
    input_type: TensorType
    class_names: tuple[str, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    splits: Mapping[str, Split]

    @property
    def classes(self) -> int:
        return len(self.class_names)

    def fingerprint(self) -> str:
        """SHA-256 of all images and classes, split by split."""
        digest = hashlib.sha256()
        for name, split in sorted(self.splits.items()):
            digest.update(f"{name} {split.x.shape}".encode())
            digest.update(_bytes(split.x))
            digest.update(_bytes(split.y))
        return digest.hexdigest()


def _bytes(array: np.ndarray) -> memoryview:
    """The numbers of an array as bytes, without a copy where it lies in one piece."""
    import numpy as np

    return np.ascontiguousarray(array).data


DATA_SETS: Registry[Callable[[], DataSet]] = Registry("data set")


def load_data(name: str) -> DataSet:
    """The data set of that name; HC7050 where it is unknown, HC7051 where a package that it needs is missing."""
    from hypercuboid.data import digits  # noqa: F401 - registers itself

    make = DATA_SETS.get(name)
    if make is None:
        raise error("HC7050", f"unknown data set `{name}`", help=DATA_SETS.suggest(name))
    try:
        return make()
    except ModuleNotFoundError as missing:
        package = {"sklearn": "scikit-learn"}.get(missing.name or "", missing.name)
        message = f"the data set `{name}` needs the package `{package}`"
        raise error("HC7051", message, help=f"pip install {package}") from None
