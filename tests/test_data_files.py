"""Data sets read from their real file formats: what was written comes back, and what is wrong is said."""

from __future__ import annotations

import importlib.util
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from data_files import (
    MNISTS,
    NEED_VISION,
    WRITERS,
    labels,
    pixels,
    write_cifar10,
    write_cifar101,
    write_idx,
    write_images,
    write_mnist,
    write_npz,
    write_pickle,
)

from hypercuboid.data.base import DATA_SETS, DataSet, load_data, register_all
from hypercuboid.data.batches import batches
from hypercuboid.data.cifar_pickle import read_cifar
from hypercuboid.data.folder import FileSplit
from hypercuboid.data.idx import read_idx
from hypercuboid.data.mnist import DEBIAN, Family
from hypercuboid.data.request import DataRequest
from hypercuboid.diagnostics import Diagnostic, HypercuboidError

CPU = torch.device("cpu")

needs_vision = pytest.mark.skipif(
    importlib.util.find_spec("torchvision") is None, reason="torchvision is not installed"
)


def test_the_vision_extra_is_installed() -> None:
    """Without it the tests that need torchvision are skipped, and this one says so."""
    assert importlib.util.find_spec("torchvision"), "pip install -c constraints.txt -e '.[dev,vision]'"


def written(name: str, folder: Path) -> DataSet:
    """A small data set of that name."""
    if name in WRITERS:
        WRITERS[name](folder)
        return load_data(f"{name}:{folder}")
    if name == "arrays":
        write_npz(folder / "images.npz")
        return load_data(f"arrays:{folder / 'images.npz'}")
    return load_data({"characters": "characters@8", "words": "words@8"}.get(name, name))


def mistake(text: str) -> Diagnostic:
    with pytest.raises(HypercuboidError) as raised:
        load_data(text)
    (found,) = raised.value.diagnostics
    return found


register_all()
MARKED = [
    pytest.param(one, marks=[needs_vision] if one in NEED_VISION else []) for one in DATA_SETS if one != "function"
]


@pytest.mark.parametrize("name", MARKED)
def test_every_data_set_keeps_the_contract(name: str, tmp_path: Path) -> None:
    data = written(name, tmp_path)
    type, tokens = data.input_type, data.input_type.kind == "tokens"
    assert set(data.splits) >= {"search-train", "search-validation", "train", "test"}
    assert len(data.mean) == len(data.std) == (0 if tokens else type.channels)
    assert len(data.splits["train"]) == len(data.splits["search-train"]) + len(data.splits["search-validation"])
    for split in data.splits.values():
        assert split.y.min() >= 0 and split.y.max() < data.classes
        ((x, y),) = batches(split, 4, np.arange(4), CPU)
        assert x.shape == (4, *type.shape) and y.shape == ((4, *type.shape) if tokens else (4,))
        assert x.dtype == (torch.int64 if tokens else torch.float32) and y.dtype == torch.int64
    if not tokens:
        assert set(data.splits["train"].y.tolist()) == set(range(data.classes))
    assert data.fingerprint() == written_again(name, tmp_path).fingerprint()


def written_again(name: str, folder: Path) -> DataSet:
    if name in WRITERS:
        return load_data(f"{name}:{folder}")
    return load_data(f"arrays:{folder / 'images.npz'}" if name == "arrays" else f"{name}@8")


def places(data: DataSet) -> np.ndarray:
    """Where the training inputs stand in the file, in the order of `train`."""
    return np.concatenate([data.rows["search-train"], data.rows["search-validation"]])


# ------------------------------------------------------------------------------------------------- CIFAR


def cifar_pixels(first: int, last: int) -> np.ndarray:
    return np.concatenate([pixels(20, 3072, seed=one) for one in range(first, last)]).reshape(-1, 3, 32, 32)


def test_cifar10_is_what_was_written(tmp_path: Path) -> None:
    data = written("cifar10", tmp_path)
    train, test = cifar_pixels(0, 5), cifar_pixels(5, 6)
    assert np.array_equal(data.splits["train"].x, train[places(data)])
    assert np.array_equal(data.splits["train"].y, np.tile(labels(20, 10), 5)[places(data)])
    assert np.array_equal(data.splits["test"].x, test)
    assert data.class_names[:2] == ("airplane", "automobile")
    kept = train[data.rows["search-train"]].astype(np.float64) / 255
    assert np.allclose(data.mean, kept.mean(axis=(0, 2, 3)), atol=1e-12)
    assert np.allclose(data.std, kept.std(axis=(0, 2, 3)), atol=1e-12)


def test_the_halves_share_the_memory_of_train(tmp_path: Path) -> None:
    splits = written("cifar10", tmp_path).splits
    halves = [splits["search-train"].x, splits["search-validation"].x]
    assert np.array_equal(np.concatenate(halves), splits["train"].x)
    assert all(np.shares_memory(half, splits["train"].x) for half in halves)


def test_cifar100_has_its_fine_classes(tmp_path: Path) -> None:
    data = written("cifar100", tmp_path)
    assert (data.classes, data.class_names[3]) == (100, "kind 3")
    assert np.array_equal(data.splits["test"].y, labels(100, 100))


@needs_vision
def test_cifar10_is_what_torchvision_reads(tmp_path: Path) -> None:
    from torchvision.datasets import CIFAR10

    class Unchecked(CIFAR10):  # type: ignore[misc]
        train_list = [[name, None] for name, _ in CIFAR10.train_list]  # noqa: RUF012
        test_list = [["test_batch", None]]  # noqa: RUF012
        meta = {**CIFAR10.meta, "md5": None}  # noqa: RUF012

    data = written("cifar10", tmp_path)
    for split, wanted in (("train", Unchecked(tmp_path, train=True)), ("test", Unchecked(tmp_path, train=False))):
        order = places(data) if split == "train" else np.arange(20)
        assert np.array_equal(data.splits[split].x.transpose(0, 2, 3, 1), wanted.data[order])
        assert data.splits[split].y.tolist() == np.asarray(wanted.targets)[order].tolist()
        assert list(data.class_names) == wanted.classes


def test_cifar101_is_a_second_test_set(tmp_path: Path) -> None:
    write_cifar10(tmp_path)
    assert load_data(f"cifar10:{tmp_path}").more_tests == ()
    assert "cifar10.1_v6_data.npy" in mistake(f"cifar10.1:{tmp_path}").message
    write_cifar101(tmp_path, "v6")
    write_cifar101(tmp_path, "v4", count=30)
    for name in ("cifar10", "cifar10.1"):
        data = load_data(f"{name}:{tmp_path}")
        assert data.more_tests == ("cifar10.1-v4", "cifar10.1-v6")
        assert np.array_equal(data.splits["cifar10.1-v6"].x, pixels(20, 32, 32, 3, seed=7).transpose(0, 3, 1, 2))
        assert len(data.splits["cifar10.1-v4"]) == 30


def test_arrays_of_python_2_are_what_the_restricted_reader_reads(tmp_path: Path) -> None:
    array = pixels(3, 5).astype(np.float64)
    write_pickle(tmp_path / "one", {"data": array, "labels": [1, 2], "name": "caf\xe9"})
    assert b"numpy.core.multiarray" in (tmp_path / "one").read_bytes()
    found = read_cifar(tmp_path / "one")
    assert np.array_equal(found["data"], array) and (found["labels"], found["name"]) == ([1, 2], "caf\xe9")


def test_a_pickle_that_runs_something_is_refused_and_does_not_run(tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> Any:
            return (Path.touch, (tmp_path / "ran",))

    write_cifar10(tmp_path)
    for name in ("batches.meta", "data_batch_3"):
        path = tmp_path / "cifar-10-batches-py" / name
        kept = path.read_bytes()
        path.write_bytes(pickle.dumps({"label_names": Bomb()}))
        found = mistake(f"cifar10:{tmp_path}")
        assert found.code == "HC7302" and "which a data set does not need" in found.notes[0]
        path.write_bytes(kept)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "content", [b"", b"\x80\x02", b"not a pickle", b"\x80\x04]\x94.", b"\x80\x02}q\x00X\xff\xff\xff\x7f"]
)
def test_a_damaged_cifar_file_is_named(content: bytes, tmp_path: Path) -> None:
    write_cifar10(tmp_path)
    path = tmp_path / "cifar-10-batches-py" / "test_batch"
    path.write_bytes(content)
    found = mistake(f"cifar10:{tmp_path}")
    assert found.code == "HC7302" and str(path) in found.message


# ------------------------------------------------------------------------------------------- MNIST family


def family(name: str) -> Family:
    found = DATA_SETS[name]
    assert isinstance(found, Family)
    return found


@pytest.mark.parametrize("end", ["", ".gz"])
@pytest.mark.parametrize("folder", ["FashionMNIST/raw", ""])
def test_idx_files_are_read_in_both_layouts(folder: str, end: str, tmp_path: Path) -> None:
    write_mnist(tmp_path / folder, family("fashion-mnist"), end)
    data = load_data(f"fashion-mnist:{tmp_path}")
    assert np.array_equal(data.splits["train"].x[:, 0], pixels(40, 28, 28, seed=0)[places(data)])
    assert np.array_equal(data.splits["train"].y, labels(40, 10)[places(data)])
    assert np.array_equal(data.splits["test"].x[:, 0], pixels(10, 28, 28, seed=1))


def test_debian_files_are_found_without_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = family("fashion-mnist")
    assert made.elsewhere == (DEBIAN,)
    write_mnist(tmp_path / "debian", made)
    data = replace(made, elsewhere=(tmp_path / "debian",))(DataRequest("fashion-mnist"))
    assert len(data.splits["train"]) == 40
    with pytest.raises(HypercuboidError, match="HC7310"):
        replace(made, elsewhere=(tmp_path / "debian",))(DataRequest("fashion-mnist", path=str(tmp_path)))


def test_emnist_letters_count_from_one_and_its_images_lie_on_their_side(tmp_path: Path) -> None:
    data = written("emnist-letters", tmp_path)
    assert (data.classes, data.class_names[0]) == (26, "a")
    assert data.splits["test"].y.tolist() == list(range(26))
    assert np.array_equal(data.splits["test"].x[:, 0], pixels(26, 28, 28, seed=1).swapaxes(1, 2))
    assert len(family("emnist-balanced").class_names) == 47 and len(family("emnist-byclass").class_names) == 62


@needs_vision
@pytest.mark.parametrize("name", MNISTS)
def test_the_mnist_family_is_what_torchvision_reads(name: str, tmp_path: Path) -> None:
    from torchvision import datasets

    made = family(name)
    write_mnist(tmp_path / made.folder / "raw", made, end="")
    given = {"split": name.partition("-")[2]} if made.folder == "EMNIST" else {}
    wanted = getattr(datasets, made.folder)(tmp_path, train=False, **given)
    test = load_data(f"{name}:{tmp_path}").splits["test"]
    images = torch.from_numpy(test.x[:, 0])
    assert torch.equal(images.mT if made.turned else images, wanted.data)
    assert (test.y + made.first_class).tolist() == wanted.targets.tolist()
    if not made.first_class:
        assert list(made.class_names) == [one.partition(" - ")[0] if name == "mnist" else one for one in wanted.classes]


def test_damaged_idx_files_are_named(tmp_path: Path) -> None:
    images = tmp_path / "train-images-idx3-ubyte"
    write_mnist(tmp_path, family("mnist"), end="")
    whole = images.read_bytes()
    for content, told in [
        (b"", "not an idx file"),
        (whole[:-1], "bytes for a shape of 40 x 28 x 28"),
        (b"\0\0\x0d\x03" + whole[4:], "not an idx file of bytes"),
        (b"\0\0\x08\x09" + whole[4:], "9 axes"),
        (b"\0\0\x08\x03" + b"\xff" * 12, "bytes for a shape of 4294967295"),
    ]:
        images.write_bytes(content)
        found = mistake(f"mnist:{tmp_path}")
        assert found.code == "HC7302" and told in found.notes[0]
    images.write_bytes(whole)
    write_idx(tmp_path / "train-labels-idx1-ubyte", labels(40, 11))
    assert "label 10 of 10 classes" in mistake(f"mnist:{tmp_path}").notes[0]
    write_idx(tmp_path / "train-labels-idx1-ubyte", labels(39, 10))
    assert "40 images and 39 labels" in mistake(f"mnist:{tmp_path}").notes[0]
    assert read_idx(images).shape == (40, 28, 28)


# --------------------------------------------------------------------------- SVHN, STL-10, folders of images


@needs_vision
def test_svhn_and_stl10_are_what_was_written(tmp_path: Path) -> None:
    svhn, stl10 = written("svhn", tmp_path), written("stl10", tmp_path)
    assert np.array_equal(svhn.splits["test"].x, pixels(20, 32, 32, 3, seed=1).transpose(0, 3, 1, 2))
    assert np.array_equal(svhn.splits["test"].y, labels(20, 10)) and svhn.policy == "svhn"
    assert np.array_equal(stl10.splits["test"].x, pixels(10, 3, 96, 96, seed=1).swapaxes(2, 3))
    assert np.array_equal(stl10.splits["train"].y, labels(20, 10)[places(stl10)])
    assert stl10.class_names[9] == "thing 9"


@needs_vision
def test_images_in_folders_are_decoded_and_fitted(tmp_path: Path) -> None:
    from torchvision.transforms.v2 import functional

    write_images(tmp_path / "train", 4)
    write_images(tmp_path / "val", 2, shape=(16, 16))
    data = load_data(f"folder@16:{tmp_path}")
    assert data.class_names == ("class_0", "class_1") and data.input_type.shape == (3, 16, 16)
    assert data.splits["test"].y.tolist() == [0, 0, 1, 1]
    kept = data.splits["test"].read([0])[0]
    assert np.array_equal(kept, pixels(1, 16, 16, 3)[0].transpose(2, 0, 1)), "of the size: as it is in the file"
    larger = torch.from_numpy(pixels(1, 17, 16, 3, seed=1)[0].transpose(2, 0, 1).copy())
    resized = functional.resize(larger.float(), [18], antialias=True).round().to(torch.uint8)
    wanted = functional.center_crop(resized, [16, 16])
    assert torch.equal(data.splits["test"].read([1])[0], wanted)
    assert data.splits["test"].x.shape == (4, 3, 16, 16)
    assert sum(len(data.splits[one]) for one in ("search-train", "search-validation")) == 8


@needs_vision
def test_one_folder_of_classes_gives_a_fifth_to_test(tmp_path: Path) -> None:
    write_images(tmp_path, 10)
    splits = load_data(f"folder@16:{tmp_path}").splits
    assert {name: len(split) for name, split in splits.items()} == {
        "search-train": 8,
        "search-validation": 8,
        "train": 16,
        "test": 4,
    }
    files = [one.files.names for one in (splits["train"], splits["test"]) if isinstance(one, FileSplit)]
    assert len(set(files[0]) | set(files[1])) == 20


@needs_vision
def test_mistakes_in_folders_of_images(tmp_path: Path) -> None:
    assert mistake(f"folder:{tmp_path / 'none'}").code == "HC7310"
    assert "image-net.org" in mistake(f"imagenet:{tmp_path}").help
    write_images(tmp_path / "train", 4)
    assert mistake(f"folder:{tmp_path}").code == "HC7310"
    write_images(tmp_path / "test", 2, classes=3)
    assert "class_2" in mistake(f"folder:{tmp_path}").notes[0]
    write_images(tmp_path / "other" / "train", 4)
    write_images(tmp_path / "other" / "test", 2)
    (tmp_path / "other" / "test" / "class_0" / "0.png").write_bytes(b"no image")
    data = load_data(f"folder@16:{tmp_path / 'other'}")
    for workers in (0, 1):
        with pytest.raises(HypercuboidError, match=r"0\.png` cannot be read"):
            list(batches(data.splits["test"], 4, np.arange(4), CPU, workers))


# --------------------------------------------------------------------------------------- damaged files


def codes_of_reading(text: str) -> set[str]:
    """The codes that reading all of a data set ends with; none where it can be read."""
    try:
        for split in load_data(text).splits.values():
            split.read(range(len(split)))
    except HypercuboidError as problem:
        return {one.code for one in problem.diagnostics}
    return set()


DAMAGED = ("arrays", "cifar10.1", "fashion-mnist", "folder", "stl10", "svhn")


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=[needs_vision] if one in NEED_VISION else []) for one in DAMAGED]
)
def test_any_damage_is_a_diagnostic_or_no_damage(name: str, tmp_path: Path) -> None:
    """Files cut off, emptied and with bytes exchanged: read as another data set, or refused with their names."""
    written(name, tmp_path)
    generator = np.random.default_rng(0)
    files = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    refused = 0
    for number in range(24):
        path = files[number % len(files)]
        whole = path.read_bytes()
        changed = bytearray(whole)
        for place in generator.integers(0, min(len(whole), 400), 3 if number % 2 else 0):
            changed[place] = generator.integers(0, 256)
        path.write_bytes(changed if number % 2 else whole[: int(generator.integers(0, len(whole)))])
        found = codes_of_reading(f"arrays:{path}" if name == "arrays" else f"{name}:{tmp_path}")
        assert found <= {"HC7302", "HC7303"}
        refused += bool(found)
        path.write_bytes(whole)
    assert refused >= 6


# ---------------------------------------------------------------------------------------------- arrays


def test_arrays_are_images_or_vectors_in_any_order_of_axes(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    for shape, wanted in [((5, 5), (1, 5, 5)), ((3, 5, 5), (3, 5, 5)), ((5, 5, 3), (3, 5, 5)), ((3, 5, 3), (3, 5, 3))]:
        write_npz(path, x_train=pixels(40, *shape), x_test=pixels(12, *shape))
        data = load_data(f"arrays:{path}")
        assert data.input_type.shape == wanted and data.splits["test"].x.dtype == np.uint8
    vectors = np.random.default_rng(0).normal(3, 2, (40, 6))
    write_npz(path, x_train=vectors, x_test=vectors[:12], class_names=np.array(["a", "b", "c", "d"]))
    data = load_data(f"arrays:{path}")
    assert (data.input_type.kind, data.input_type.shape, data.class_names) == ("vector", (6,), ("a", "b", "c", "d"))
    assert np.abs(data.splits["search-train"].x.mean(axis=0)).max() < 1e-6
    assert np.allclose(data.splits["test"].x * data.std + data.mean, vectors[:12], atol=1e-5)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"x_test": pixels(12, 3, 9, 9)}, "x_train is uint8 (40, 3, 8, 8), and x_test uint8 (12, 3, 9, 9)"),
        ({"y_train": labels(39, 4)}, "40 inputs and 39 labels"),
        ({"y_train": labels(40, 4) - 1}, "whole numbers from 0"),
        ({"y_train": labels(40, 4).astype(float)}, "y_train is float32 (40, 1), and y_test int64 (12,)"),
        ({"x_train": np.array(["a"] * 40)}, "inputs must be numbers"),
        ({"class_names": np.array(["a"])}, "1 class names for 4 classes"),
        ({"x_train": np.array([None] * 40)}, "Object arrays cannot be loaded"),
    ],
)
def test_arrays_that_do_not_fit_are_told(changes: dict[str, Any], told: str, tmp_path: Path) -> None:
    write_npz(tmp_path / "a.npz", **changes)
    found = mistake(f"arrays:{tmp_path / 'a.npz'}")
    assert found.code == "HC7302" and told in found.notes[0]


def test_arrays_that_are_missing_are_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x_train=pixels(4, 3, 8, 8))
    assert "no y_train, x_test, y_test" in mistake(f"arrays:{tmp_path / 'a.npz'}").notes[0]
    (tmp_path / "b.npz").write_bytes(b"nothing")
    assert "not an .npz file" in mistake(f"arrays:{tmp_path / 'b.npz'}").notes[0]


# --------------------------------------------------------------------------------- functions of one's own

MODULE = """
import numpy as np
from hypercuboid.data.base import load_data

def arrays():
    x = np.random.default_rng(0).integers(0, 256, (60, 8, 8), dtype=np.uint8)
    y = np.arange(60) % 3
    return {"x_train": x[:40], "y_train": y[:40], "x_test": x[40:], "y_test": y[40:]}

def whole(): return load_data("digits")
def nothing(): return None
def broken(): return 1 / 0
def half(): return {"x_train": np.zeros((4, 4))}
number = 3
"""


def test_a_function_gives_a_data_set_or_its_arrays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "of_my_own.py").write_text(MODULE, encoding="utf-8")
    data = load_data("of_my_own@4/10+20:arrays")
    assert data.input_type.shape == (1, 4, 4)
    assert (len(data.splits["search-train"]), len(data.splits["search-validation"])) == (10, 20)
    assert load_data("of_my_own:whole").name == "digits"
    for name, told in [
        ("nothing", "returned NoneType"),
        ("broken", "ZeroDivisionError"),
        ("half", "no y_train"),
        ("absent", "AttributeError"),
    ]:
        found = mistake(f"of_my_own:{name}")
        assert found.code == "HC7304" and told in found.notes[0], name
    assert mistake("of_my_own:number").message == "`of_my_own:number` is not a function"
    assert mistake("no_such_module:f").code == "HC7304"
    assert mistake("cifr10:data").help == "did you mean `cifar10`?"
    assert mistake("my-data:/tmp/f").code == "HC7050"


def test_the_page_names_every_data_set() -> None:
    page = (Path(__file__).resolve().parent.parent / "docs" / "data.md").read_text(encoding="utf-8")
    assert [name for name in DATA_SETS if name != "function" and f"`{name}`" not in page] == []


@pytest.mark.parametrize("name", MARKED)
def test_what_is_not_there_says_what_to_do(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if name == "digits":
        return
    found = mistake(f"{name}:{tmp_path / 'nowhere'}")
    assert found.code == "HC7310"
    kind = "FILE" if name in ("arrays", "characters", "words") else "FOLDER"
    assert f"--data {name}:{kind}" in found.help and str(tmp_path / "nowhere") in found.message
