"""Small data sets in their real file formats: published CIFAR pickles, idx, .mat, .bin, images, arrays."""

from __future__ import annotations

import gzip
import pickle
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from hypercuboid.data.mnist import Family


def pixels(count: int, *shape: int, seed: int = 0) -> np.ndarray:
    """Noise in uint8, (count, *shape)."""
    return np.random.default_rng([seed, count]).integers(0, 256, (count, *shape), dtype=np.uint8)


def labels(count: int, classes: int) -> np.ndarray:
    """Every class in turn."""
    return np.arange(count, dtype=np.int64) % classes


_OF_PYTHON: Any = vars(pickle)["_Pickler"]
"""The pickler that is written in Python: its parts can be replaced."""


class Python2Pickler(_OF_PYTHON):  # type: ignore[misc]
    """Writes as the Python 2 that wrote CIFAR did: strings are bytes, numpy's modules have their old names."""

    dispatch = dict(_OF_PYTHON.dispatch)  # noqa: RUF012

    def _text(self, value: str | bytes) -> None:
        raw = value.encode("latin1") if isinstance(value, str) else value
        self.write(b"T" + struct.pack("<i", len(raw)) + raw)

    def _function(self, value: Any) -> None:
        module = value.__module__.replace("numpy._core", "numpy.core")
        self.write(f"c{module}\n{value.__name__}\n".encode())

    dispatch[str] = dispatch[bytes] = _text
    dispatch[type(_text)] = dispatch[type(np.zeros(1).__reduce__()[0])] = _function


def write_pickle(path: Path, value: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        Python2Pickler(file, protocol=2).dump(value)


def write_cifar10(root: Path, per_batch: int = 20) -> None:
    folder = root / "cifar-10-batches-py"
    for number, name in enumerate([*(f"data_batch_{one}" for one in range(1, 6)), "test_batch"]):
        held = {"data": pixels(per_batch, 3072, seed=number), "labels": labels(per_batch, 10).tolist()}
        write_pickle(folder / name, {"batch_label": name, **held})
    names = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
    write_pickle(folder / "batches.meta", {"label_names": names, "num_vis": 3072})


def write_cifar101(root: Path, version: str = "v6", count: int = 20) -> None:
    np.save(root / f"cifar10.1_{version}_data.npy", pixels(count, 32, 32, 3, seed=7))
    np.save(root / f"cifar10.1_{version}_labels.npy", labels(count, 10).astype(np.int32))


def write_cifar100(root: Path) -> None:
    folder = root / "cifar-100-python"
    for seed, (name, count) in enumerate({"train": 200, "test": 100}.items()):
        fine = labels(count, 100)
        held = {"data": pixels(count, 3072, seed=seed), "fine_labels": fine.tolist()}
        write_pickle(folder / name, {**held, "coarse_labels": (fine // 5).tolist()})
    write_pickle(folder / "meta", {"fine_label_names": [f"kind {one}" for one in range(100)]})


def write_idx(path: Path, array: np.ndarray) -> None:
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    content = header + array.astype(np.uint8).tobytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


def write_mnist(folder: Path, family: Family, end: str = ".gz", per_class: int = 4) -> None:
    """The four files of a member of the family."""
    classes = len(family.class_names)
    for number, (part, count) in enumerate(zip(family.parts, (per_class * classes, classes), strict=True)):
        write_idx(folder / f"{part}-images-idx3-ubyte{end}", pixels(count, 28, 28, seed=number))
        write_idx(folder / f"{part}-labels-idx1-ubyte{end}", labels(count, classes) + family.first_class)


def write_svhn(root: Path) -> None:
    from scipy.io import savemat

    for number, (split, count) in enumerate({"train": 40, "test": 20}.items()):
        y = labels(count, 10)
        held = {"X": pixels(count, 32, 32, 3, seed=number).transpose(1, 2, 3, 0), "y": np.where(y == 0, 10, y)[:, None]}
        savemat(root / f"{split}_32x32.mat", held)


def write_stl10(root: Path) -> None:
    folder = root / "stl10_binary"
    folder.mkdir(parents=True)
    for number, (split, count) in enumerate({"train": 20, "test": 10}.items()):
        (folder / f"{split}_X.bin").write_bytes(pixels(count, 3, 96, 96, seed=number).tobytes())
        (folder / f"{split}_y.bin").write_bytes((labels(count, 10) + 1).astype(np.uint8).tobytes())
    (folder / "class_names.txt").write_text("\n".join(f"thing {one}" for one in range(10)), encoding="utf-8")


def write_images(
    folder: Path, count: int, ending: str = ".png", classes: int = 2, shape: tuple[int, int] = (20, 16)
) -> None:
    """Images of several sizes, a folder per class."""
    from PIL import Image

    for kind in range(classes):
        (folder / f"class_{kind}").mkdir(parents=True)
        for number in range(count):
            height, width = shape[0] + number, shape[1]
            path = folder / f"class_{kind}" / f"{number}{ending}"
            Image.fromarray(pixels(1, height, width, 3, seed=10 * kind + number)[0]).save(path)


def write_npz(path: Path, **changes: Any) -> None:
    held = {
        "x_train": pixels(40, 3, 8, 8),
        "y_train": labels(40, 4),
        "x_test": pixels(12, 3, 8, 8),
        "y_test": labels(12, 4),
    }
    np.savez(path, **{**held, **changes})


def _images(test: str, ending: str) -> Callable[[Path], None]:
    def write(root: Path) -> None:
        write_images(root / "train", 6, ending)
        write_images(root / test, 3, ending)

    return write


def _mnist(name: str) -> Callable[[Path], None]:
    def write(root: Path) -> None:
        from hypercuboid.data.base import DATA_SETS

        family = DATA_SETS[name]
        assert isinstance(family, Family)
        write_mnist(root / family.folder / "raw", family)

    return write


def _cifar101(root: Path) -> None:
    write_cifar10(root)
    write_cifar101(root)


MNISTS = (
    "mnist",
    "fashion-mnist",
    *(f"emnist-{one}" for one in ["byclass", "bymerge", "balanced", "letters", "digits", "mnist"]),
)

WRITERS: dict[str, Callable[[Path], None]] = {
    "cifar10": write_cifar10,
    "cifar10.1": _cifar101,
    "cifar100": write_cifar100,
    "svhn": write_svhn,
    "stl10": write_stl10,
    "folder": _images("test", ".png"),
    "imagenet": _images("val", ".jpeg"),
    **{name: _mnist(name) for name in MNISTS},
}
"""What writes a small one into an empty folder, by the name of the data set."""

NEED_VISION = ("svhn", "stl10", "folder", "imagenet")
"""Those that torchvision reads."""
