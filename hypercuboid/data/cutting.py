"""From arrays of training and test data to the splits of a data set: size, halves, normalisation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hypercuboid.data.base import DataSet, Split
from hypercuboid.data.request import DataRequest
from hypercuboid.data.scale import Scale, normalised, statistics
from hypercuboid.diagnostics import error
from hypercuboid.ops.base import TensorType

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, eq=False)
class Part:
    """Inputs (N, C, H, W), uint8 or float, or float vectors (N, D), and their targets: classes, or numbers (N, K)."""

    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True, eq=False)
class Arrays:
    """What the files of a data set hold: inputs to train on, and one or more test sets, the first named `test`."""

    train: Part
    tests: Mapping[str, Part]
    class_names: tuple[str, ...]
    about: tuple[str, ...] = ()
    policy: str = "cifar10"
    rows: Mapping[str, np.ndarray] = field(default_factory=dict)


def data_set(request: DataRequest, arrays: Arrays) -> DataSet:
    """The data set that was asked for; `train` is search-train and then search-validation, which share its memory."""
    import numpy as np

    first, second = search_halves(arrays.train.y, request)
    chosen = np.concatenate([first, second])
    if arrays.train.y.ndim == 3 and request.size is not None:
        raise error(
            "HC7303", f"classes of pixels keep their size, so `{request.title}` does too", help="leave `@SIZE` out"
        )
    x, y = pooled(arrays.train.x[chosen], request), _targets(arrays.train.y[chosen])
    tests = {name: (pooled(one.x, request), _targets(one.y)) for name, one in arrays.tests.items()}
    mean, std = statistics(x[: len(first)])
    scale = Scale(mean, std) if x.dtype == np.uint8 else None

    def split(x: np.ndarray, y: np.ndarray) -> Split:
        return Split(x if scale else normalised(x, mean, std), y, scale)

    train = split(x, y)
    splits = {
        "search-train": Split(train.x[: len(first)], y[: len(first)], scale),
        "search-validation": Split(train.x[len(first) :], y[len(first) :], scale),
        "train": train,
        **{name: split(*one) for name, one in tests.items()},
    }
    input_type = TensorType("image" if x.ndim == 4 else "vector", x.shape[1:])
    rows = {"search-train": first, "search-validation": second, **arrays.rows}
    about, policy = arrays.about, arrays.policy
    return DataSet(request.title, input_type, arrays.class_names, mean, std, splits, rows, about, policy)


def _targets(y: np.ndarray) -> np.ndarray:
    found: np.ndarray = y.astype("float32" if y.dtype.kind == "f" else "int64")
    return found


def search_halves(y: np.ndarray, request: DataRequest) -> tuple[np.ndarray, np.ndarray]:
    """The positions of search-train and of search-validation, ascending; drawn with the seed of the request.

    The classes keep their shares in both (stratified), where every class has two inputs and both halves have as many
    inputs as there are classes. HC7303 where there are not so many inputs.
    """
    import numpy as np
    from sklearn.model_selection import train_test_split

    total = len(y)
    first, second = request.halves or (total // 2, total - total // 2)
    if first + second > total or total < 2:
        message = f"`{request.title}` needs {first:,} + {second:,} training inputs, and there are {total:,}"
        raise error("HC7303", message, help="ask for fewer with NAME/TRAIN+VALIDATION")
    left = total - first - second
    fair = False
    if y.ndim == 1 and y.dtype.kind != "f":
        counts = np.unique(y, return_counts=True)[1]
        fair = counts.min() >= 2 and min(first, second) >= len(counts)
    sizes = {"train_size": first, "test_size": second, "random_state": request.seed}
    assert left >= 0
    one, other = train_test_split(np.arange(total), stratify=y if fair else None, **sizes)
    return np.sort(one), np.sort(other)


def pooled(x: np.ndarray, request: DataRequest) -> np.ndarray:
    """Images at the size that was asked for: each pixel is the mean over a square of them, the same everywhere.

    uint8 stays uint8, rounded to the nearest (ties to even). HC7303 where the size is no whole part of the images'.
    """
    import numpy as np

    size = request.size
    if size is None or x.shape[1:][-2:] == (size, size):
        return x
    if x.ndim != 4:
        raise error("HC7303", f"`{request.title}` has no images to make {size} x {size}", help="leave `@SIZE` out")
    height, width = x.shape[2:]
    if height != width or height % size:
        sizes = ", ".join(str(one) for one in range(2, height) if height % one == 0 and height == width) or "none"
        message = f"images of {height} x {width} cannot be pooled to {size} x {size}"
        raise error("HC7303", message, help=f"each side must be a whole part of theirs: {sizes}")
    block = height // size
    whole: np.ndarray = x.reshape(*x.shape[:2], size, block, size, block).mean(axis=(3, 5), dtype=np.float32)
    if x.dtype != np.uint8:
        return whole
    rounded: np.ndarray = np.rint(whole).astype(np.uint8)
    return rounded
