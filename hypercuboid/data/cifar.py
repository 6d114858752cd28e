"""`cifar10`, `cifar100`, and `cifar10.1`: CIFAR-10 with one or two more test sets (Recht et al., 2018).

The published Python files in torchvision's layout. Where the arrays of CIFAR-10.1 lie beside those of CIFAR-10, they
are test sets of `cifar10` too; `cifar10.1` asks for version 6 at least.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypercuboid.data.absent import absent, first_there, reading
from hypercuboid.data.base import DATA_SETS, DataSet
from hypercuboid.data.cifar_pickle import read_cifar
from hypercuboid.data.cutting import Arrays, Part, data_set
from hypercuboid.data.request import DataRequest

if TYPE_CHECKING:
    import numpy as np

VERSIONS = ("v4", "v6")
"""Of CIFAR-10.1: v6 has 2,000 images, as many of each class."""


@dataclass(frozen=True)
class Cifar:
    """One of the two. `labels` is what a file calls the classes, `names` what the meta file calls their names."""

    folder: str
    training: tuple[str, ...]
    test: str
    meta: str
    labels: str
    names: str
    archive: str
    needed: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    def __call__(self, request: DataRequest) -> DataSet:
        folder = first_there(request.folder / self.folder) or request.folder
        names = tuple(map(str, self._file(request, folder, self.meta).get(self.names, ())))
        training = _joined([self._part(request, folder, name, len(names)) for name in self.training])
        tests = {"test": self._part(request, folder, self.test, len(names))}
        tests |= {f"cifar10.1-{one}": found for one in VERSIONS if (found := self._again(request, folder, one))}
        return data_set(request, Arrays(training, tests, names))

    def _file(self, request: DataRequest, folder: Path, name: str) -> dict[str, Any]:
        path = folder / name
        if not path.is_file():
            source = f"download {self.archive} from https://www.cs.toronto.edu/~kriz/ and unpack it"
            raise absent(request, request.folder / self.folder / name, source)
        with reading(request, path):
            return read_cifar(path)

    def _part(self, request: DataRequest, folder: Path, name: str, classes: int) -> Part:
        import numpy as np

        held = self._file(request, folder, name)
        with reading(request, folder / name):
            x = np.asarray(held["data"]).reshape(-1, 3, 32, 32)
            return checked(x, np.asarray(held[self.labels]), classes)

    def _again(self, request: DataRequest, folder: Path, version: str) -> Part | None:
        """CIFAR-10.1 in one version: images (N, 32, 32, 3)."""
        import numpy as np
        from numpy.lib.format import open_memmap

        if version not in (*self.needed, *self.optional):
            return None
        stem = f"cifar10.1_{version}"
        path = first_there(request.folder / f"{stem}_data.npy", folder / f"{stem}_data.npy")
        if path is None and version in self.needed:
            wanted = request.folder / f"{stem}_data.npy"
            raise absent(
                request, wanted, f"download {stem}_data.npy and its labels from github.com/modestyachts/CIFAR-10.1"
            )
        if path is None:
            return None
        with reading(request, path):
            images = open_memmap(path, mode="r")
            y = np.asarray(open_memmap(path.with_name(f"{stem}_labels.npy"), mode="r"))
            if images.shape[1:] != (32, 32, 3):
                raise ValueError(f"an array of {images.shape}")
            return checked(np.ascontiguousarray(images.transpose(0, 3, 1, 2)), y, 10)


def checked(x: np.ndarray, y: np.ndarray, classes: int) -> Part:
    """Images and classes; ValueError where they do not belong together."""
    if x.dtype != "uint8" or y.ndim != 1 or y.dtype.kind not in "iu" or len(x) != len(y) or not len(y):
        raise ValueError(f"{len(x)} images of {x.dtype} and {y.size} labels of {y.dtype}")
    if y.min() < 0 or y.max() >= classes:
        raise ValueError(f"classes from {y.min()} to {y.max()}, of {classes}")
    return Part(x, y)


def _joined(parts: list[Part]) -> Part:
    import numpy as np

    return Part(np.concatenate([one.x for one in parts]), np.concatenate([one.y for one in parts]))


_TEN = (
    "cifar-10-batches-py",
    tuple(f"data_batch_{number}" for number in range(1, 6)),
    "test_batch",
    "batches.meta",
    "labels",
    "label_names",
    "cifar-10-python.tar.gz",
)
_HUNDRED = (
    "cifar-100-python",
    ("train",),
    "test",
    "meta",
    "fine_labels",
    "fine_label_names",
    "cifar-100-python.tar.gz",
)

DATA_SETS.add("cifar10", Cifar(*_TEN, optional=VERSIONS))
DATA_SETS.add("cifar10.1", Cifar(*_TEN, needed=("v6",), optional=("v4",)))
DATA_SETS.add("cifar100", Cifar(*_HUNDRED))
