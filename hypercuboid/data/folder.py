"""`imagenet` and `folder`: images in files, a folder per class, read from the disk whenever they are needed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hypercuboid.data.absent import absent, reading
from hypercuboid.data.base import DATA_SETS, DataSet, Fit, Split
from hypercuboid.data.cutting import search_halves
from hypercuboid.data.fit import photograph
from hypercuboid.data.image_file import decode_image
from hypercuboid.data.request import DataRequest
from hypercuboid.data.scale import Scale
from hypercuboid.data.vision import vision
from hypercuboid.ops.base import TensorType

if TYPE_CHECKING:
    import torch

_SIZE = 224
_SCALE = Scale((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
"""The mean and deviation of ImageNet, which are usual for photographs."""

_TESTS = ("test", "val")


@dataclass(frozen=True, eq=False)
class Files:
    """Images by their files, of which each is decoded to `size` x `size` when it is read."""

    root: Path
    names: tuple[str, ...]
    y: np.ndarray
    size: int

    def at(self, rows: np.ndarray) -> Files:
        return Files(self.root, tuple(self.names[row] for row in rows.tolist()), self.y[rows], self.size)

    def decode(self, position: int) -> torch.Tensor:
        """One image (3, h, w) in uint8, as large as it is in the file."""
        return decode_image(self.root / self.names[position], 3)

    def fit(self, image_chw: torch.Tensor) -> torch.Tensor:
        """The middle of an image."""
        return photograph(image_chw, self.size, self.size)


class FileSplit(Split):
    """A split whose images stay in files. `x` decodes all of them: for small ones only."""

    def __init__(self, files: Files) -> None:
        object.__setattr__(self, "files", files)
        object.__setattr__(self, "y", files.y)
        object.__setattr__(self, "scale", _SCALE)

    files: Files

    @property
    def x(self) -> np.ndarray:
        whole: np.ndarray = self.read(range(len(self))).numpy()
        return whole

    def read(self, positions: Sequence[int], crop: Fit | None = None) -> torch.Tensor:
        """The images at some positions, uint8 (B, 3, S, S): their middle, or what `crop` makes of each."""
        import torch

        found = []
        for place, position in enumerate(positions):
            with reading(DataRequest("folder"), self.files.root / self.files.names[position]):
                image = self.files.decode(position)
            found.append(self.files.fit(image) if crop is None else crop(place, image))
        return torch.stack(found)

    def digest(self, sha256: hashlib._Hash) -> None:
        """Names, sizes in bytes and classes of the files; their content would take hours for ImageNet."""
        for name in self.files.names:
            sha256.update(f"{name} {(self.files.root / name).stat().st_size}\n".encode())
        sha256.update(np.ascontiguousarray(self.files.y).data)


def folder(request: DataRequest) -> DataSet:
    """The classes of PATH/train, with PATH/test or PATH/val; or those of PATH, of which a fifth becomes test."""
    root = request.folder
    if not root.is_dir():
        raise absent(request, root, "put the images of each class into a folder of its own, in `train` and in `test`")
    held = [name for name in _TESTS if (root / name).is_dir()]
    size = request.size or _SIZE
    if (root / "train").is_dir() and held:
        classes, training = _files(request, root / "train", size)
        others, test = _files(request, root / held[0], size)
        with reading(request, root / held[0]):
            if classes != others:
                raise ValueError(f"other classes than in train: {sorted(set(classes) ^ set(others))[:5]}")
        return _data_set(request, classes, training, test)
    if (root / "train").is_dir():
        raise absent(request, root / "test", "put images that are not in `train` into `test`")
    classes, whole = _files(request, root, size)
    fifth = max(1, len(whole.y) // 5)
    rows, test_rows = search_halves(whole.y, DataRequest(request.name, halves=(len(whole.y) - fifth, fifth)))
    return _data_set(request, classes, whole.at(rows), whole.at(test_rows))


def _data_set(request: DataRequest, classes: tuple[str, ...], training: Files, test: Files) -> DataSet:
    first, second = search_halves(training.y, request)
    parts = {"search-train": first, "search-validation": second, "train": np.concatenate([first, second])}
    splits: dict[str, Split] = {name: FileSplit(training.at(rows)) for name, rows in parts.items()}
    input_type = TensorType("image", (3, test.size, test.size))
    rows = {"search-train": first, "search-validation": second}
    splits["test"] = FileSplit(test)
    return DataSet(
        request.title, input_type, classes, _SCALE.mean, _SCALE.std, splits, rows, policy="imagenet", fit="photograph"
    )


def _files(request: DataRequest, root: Path, size: int) -> tuple[tuple[str, ...], Files]:
    """The classes of a folder, and its images in the order of their names."""
    with reading(request, root):
        listed: Any = vision("datasets").ImageFolder(root)
        names = tuple(str(Path(name).relative_to(root)) for name, _ in listed.samples)
        return tuple(listed.classes), Files(root, names, np.asarray(listed.targets, np.int64), size)


def imagenet(request: DataRequest) -> DataSet:
    """PATH/train and PATH/val, a folder for each of the classes, as the ILSVRC 2012 archives unpack."""
    if not (request.folder / "train").is_dir() or not (request.folder / "val").is_dir():
        source = "download the ILSVRC 2012 archives from image-net.org and unpack them into `train` and `val`"
        raise absent(request, request.folder / "train", f"{source}, a folder per class")
    return folder(request)


DATA_SETS.add("imagenet", imagenet)
DATA_SETS.add("folder", folder)
