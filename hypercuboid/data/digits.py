"""`digits`: 1,797 real 8 x 8 images of handwritten digits, shipped with scikit-learn (UCI, Alpaydin and Kaynak, 1998).

360 images (a fifth) are test, stratified by class, the same ones always; the rest is cut into halves, search-train
(718) and search-validation (719). `train` is both halves, in the order of the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypercuboid.data.base import DATA_SETS, DataSet, Split
from hypercuboid.data.cutting import pooled, search_halves
from hypercuboid.data.request import SPLIT_SEED, DataRequest
from hypercuboid.data.scale import normalised, statistics
from hypercuboid.ops.base import TensorType

if TYPE_CHECKING:
    import numpy as np

_TEST = 360
_WHITE = 16.0
"""Pixels count how many of 16 points are ink."""


def digits(request: DataRequest) -> DataSet:
    """The data set, normalised by mean and deviation of search-train."""
    from sklearn.datasets import load_digits

    raw: Any = load_digits()
    x = pooled(raw.images.astype("float32")[:, None], request)
    y = raw.target.astype("int64")
    rows = split_positions(y, request)
    mean, std = statistics(x[rows["search-train"]])
    normal = normalised(x, mean, std)
    splits = {name: Split(normal[positions], y[positions]) for name, positions in rows.items()}
    names = tuple(str(digit) for digit in range(10))
    return DataSet(request.title, TensorType("image", x.shape[1:]), names, mean, std, splits, rows, white=_WHITE)


def split_positions(y: np.ndarray, request: DataRequest) -> dict[str, np.ndarray]:
    """The positions in the file of every split, ascending."""
    import numpy as np
    from sklearn.model_selection import train_test_split

    train, test = train_test_split(np.arange(len(y)), test_size=_TEST, stratify=y, random_state=SPLIT_SEED)
    first, second = search_halves(y[train], request)
    parts = {"search-train": train[first], "search-validation": train[second], "test": test}
    parts["train"] = np.concatenate([parts["search-train"], parts["search-validation"]])
    return {name: np.sort(positions) for name, positions in parts.items()}


DATA_SETS.add("digits", digits)
