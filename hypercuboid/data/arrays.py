"""`arrays`: an .npz file with x_train, y_train, x_test, y_test, and class_names for classes or numbers with names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from zipfile import is_zipfile

from hypercuboid.data.absent import absent, reading
from hypercuboid.data.base import DATA_SETS, DataSet
from hypercuboid.data.cutting import Arrays, Part, data_set
from hypercuboid.data.request import DataRequest

if TYPE_CHECKING:
    import numpy as np

KEYS = ("x_train", "y_train", "x_test", "y_test")

_CHANNELS = (1, 3)


def arrays(request: DataRequest) -> DataSet:
    """The arrays of a file; nothing in it is run."""
    import numpy as np

    path = request.folder if request.path else request.folder.with_suffix(".npz")
    if not path.is_file():
        source = "write it with numpy.savez(FILE, x_train=..., y_train=..., x_test=..., y_test=...)"
        raise absent(request, path, source, "file")
    with reading(request, path):
        if not is_zipfile(path):
            raise ValueError("not an .npz file")
        with np.load(path, allow_pickle=False) as file:
            found = arrays_of({name: file[name] for name in file.files})
    return data_set(request, found)


def arrays_of(held: Mapping[str, Any]) -> Arrays:
    """Named arrays as a data set's; ValueError or KeyError where they are none."""
    import numpy as np

    missing = [name for name in KEYS if name not in held]
    if missing:
        raise KeyError(f"no {', '.join(missing)}")
    x_train, y_train, x_test, y_test = (np.asarray(held[name]) for name in KEYS)
    y_train, y_test = _targets(y_train, x_train), _targets(y_test, x_test)
    if y_train.dtype != y_test.dtype or y_train.shape[1:] != y_test.shape[1:]:
        raise ValueError(f"y_train is {y_train.dtype} {y_train.shape}, and y_test {y_test.dtype} {y_test.shape}")
    numbers = y_train.dtype.kind == "f"
    classes = y_train.shape[1] if numbers else int(max(y_train.max(), y_test.max())) + 1
    names = tuple(str(one) for one in held.get("class_names", range(classes)))
    if len(names) != classes if numbers else len(names) < classes:
        raise ValueError(f"{len(names)} class names for {classes} classes")
    training, test = Part(_inputs(x_train), y_train), Part(_inputs(x_test), y_test)
    if training.x.shape[1:] != test.x.shape[1:] or training.x.dtype != test.x.dtype:
        raise ValueError(f"x_train is {x_train.dtype} {x_train.shape}, and x_test {x_test.dtype} {x_test.shape}")
    for x, y in ((training.x, y_train), (test.x, y_test)):
        if len(x) != len(y):
            raise ValueError(f"{len(x)} inputs and {len(y)} labels")
    return Arrays(training, {"test": test}, names)


def _targets(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """A class of each input (N,) or pixel (N, H, W), int64, or numbers (N, K), float32."""
    import numpy as np

    if y.dtype.kind == "f" and y.ndim in (1, 2) and len(y) and np.isfinite(y).all():
        found: np.ndarray = y.reshape(len(y), -1).astype("float32")
        return found
    pixels = y.ndim == 3 and x.ndim in (3, 4) and y.shape[1:] in (x.shape[1:3], x.shape[-2:])
    if not (y.ndim == 1 or pixels) or y.dtype.kind not in "iu" or not len(y) or y.min() < 0:
        wanted = "whole numbers from 0, one per input or pixel, or finite floats (N,) or (N, K)"
        raise ValueError(f"labels must be {wanted}, not {y.dtype} {y.shape}")
    return y.astype("int64")


def _inputs(x: np.ndarray) -> np.ndarray:
    """Images (N, C, H, W), from (N, H, W) and (N, H, W, C) too, or vectors (N, D)."""
    if x.dtype.kind not in "iuf" or x.ndim not in (2, 3, 4):
        raise ValueError(f"inputs must be numbers, (N, D), (N, H, W) or (N, C, H, W), not {x.dtype} {x.shape}")
    if x.ndim == 3:
        x = x[:, None]
    elif x.ndim == 4 and x.shape[3] in _CHANNELS and x.shape[1] not in _CHANNELS:
        x = x.transpose(0, 3, 1, 2)
    return x if x.dtype == "uint8" and x.ndim == 4 else x.astype("float32")


DATA_SETS.add("arrays", arrays)
