"""The MNIST family: `mnist`, `fashion-mnist` and the six splits of EMNIST, from idx files.

They are read without torchvision, in its layout (`MNIST/raw/...`) or in a folder of their own, gzipped or not; Debian's
package `dataset-fashion-mnist` is found by itself.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hypercuboid.data.absent import absent, first_there, reading
from hypercuboid.data.base import DATA_SETS, DataSet
from hypercuboid.data.cutting import Arrays, Part, data_set
from hypercuboid.data.idx import read_idx
from hypercuboid.data.request import DataRequest

if TYPE_CHECKING:
    import numpy as np

DEBIAN = Path("/usr/share/datasets/fashion-mnist")
"""Where Debian's package `dataset-fashion-mnist` puts its files."""


@dataclass(frozen=True)
class Family:
    """One data set of the family. `parts` are the names of the files of training and test, without what follows."""

    folder: str
    class_names: tuple[str, ...]
    source: str
    parts: tuple[str, str] = ("train", "t10k")
    elsewhere: tuple[Path, ...] = ()
    first_class: int = 0
    turned: bool = False
    """Whether rows and columns are exchanged in the files."""

    def __call__(self, request: DataRequest) -> DataSet:
        folders = [request.folder / self.folder / "raw", request.folder]
        folders += self.elsewhere if request.path is None else ()
        training, test = (self._part(request, folders, part) for part in self.parts)
        return data_set(request, Arrays(training, {"test": test}, self.class_names))

    def _part(self, request: DataRequest, folders: list[Path], part: str) -> Part:
        images = self._read(request, folders, f"{part}-images-idx3-ubyte")
        labels = self._read(request, folders, f"{part}-labels-idx1-ubyte")
        with reading(request, folders[0]):
            if len(images) != len(labels) or images.ndim != 3 or not len(labels):
                raise ValueError(f"{len(images)} images and {len(labels)} labels")
            y = labels.astype("int64") - self.first_class
            if y.min() < 0 or y.max() >= len(self.class_names):
                raise ValueError(f"label {y.max() + self.first_class} of {len(self.class_names)} classes")
        return Part((images.swapaxes(1, 2) if self.turned else images)[:, None], y)

    def _read(self, request: DataRequest, folders: list[Path], name: str) -> np.ndarray:
        path = first_there(*(folder / f"{name}{end}" for folder in folders for end in ("", ".gz")))
        if path is None:
            raise absent(request, folders[0] / f"{name}.gz", self.source)
        with reading(request, path):
            return read_idx(path)


_CLOTHES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")
_DIGITS = tuple(string.digits)
_LETTERS = tuple(sorted(string.digits + string.ascii_letters))
_MERGED = tuple(one for one in _LETTERS if one not in "cijklmopsuvwxyz")
"""EMNIST's classes where the capital and the small letter look alike."""

DATA_SETS.add(
    "mnist", Family("MNIST", _DIGITS, "download the four files of https://ossci-datasets.s3.amazonaws.com/mnist")
)
DATA_SETS.add(
    "fashion-mnist",
    Family(
        "FashionMNIST",
        _CLOTHES,
        "apt-get install dataset-fashion-mnist, or download the four files of github.com/zalandoresearch/fashion-mnist",
        elsewhere=(DEBIAN,),
    ),
)
for _split, _names in {
    "byclass": _LETTERS,
    "bymerge": _MERGED,
    "balanced": _MERGED,
    "letters": tuple(string.ascii_lowercase),
    "digits": _DIGITS,
    "mnist": _DIGITS,
}.items():
    _source = "download gzip.zip of EMNIST (www.nist.gov/itl/products-and-services/emnist-dataset) and unpack it"
    _parts = (f"emnist-{_split}-train", f"emnist-{_split}-test")
    _first = 1 if _split == "letters" else 0
    DATA_SETS.add(f"emnist-{_split}", Family("EMNIST", _names, _source, _parts, (), _first, turned=True))
