"""`digits`: 1,797 real 8 x 8 images of handwritten digits, shipped with scikit-learn (UCI, Alpaydin and Kaynak, 1998).

The split is made once, stratified by class and seeded: 360 images (a fifth) are test, the rest is cut into halves,
search-train (718) and search-validation (719). `train` is both halves, in the order of the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypercuboid.data.base import DATA_SETS, DataSet, Split
from hypercuboid.ops.base import TensorType

if TYPE_CHECKING:
    import numpy as np

_SPLIT_SEED = 20191019
_TEST = 360


def digits() -> DataSet:
    """The data set, normalised by mean and deviation of search-train."""
    import numpy as np
    from sklearn.datasets import load_digits

    raw: Any = load_digits()
    x = raw.images.astype("float32")[:, None]
    y = raw.target.astype("int64")
    parts = split_positions(y)
    mean = float(x[parts["search-train"]].mean(dtype=np.float64))
    std = float(x[parts["search-train"]].std(dtype=np.float64))
    normal = ((x - np.float32(mean)) / np.float32(std)).astype("float32")
    splits = {name: Split(normal[positions], y[positions]) for name, positions in parts.items()}
    names = tuple(str(digit) for digit in range(10))
    return DataSet("digits", TensorType("image", (1, 8, 8)), names, (mean,), (std,), splits)


def split_positions(y: np.ndarray) -> dict[str, np.ndarray]:
    """The positions in the file of every split, ascending."""
    import numpy as np
    from sklearn.model_selection import train_test_split

    train, test = train_test_split(np.arange(len(y)), test_size=_TEST, stratify=y, random_state=_SPLIT_SEED)
    half, other = train_test_split(train, test_size=0.5, stratify=y[train], random_state=_SPLIT_SEED)
    parts = {"search-train": half, "search-validation": other, "train": train, "test": test}
    return {name: np.sort(positions) for name, positions in parts.items()}


DATA_SETS.add("digits", digits)
