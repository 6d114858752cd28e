"""Data sets: the splits of digits, the order of batches, unknown names."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
import torch

from hypercuboid.data.base import DATA_SETS, DataSet, Split, load_data
from hypercuboid.data.batches import batches, epoch_order, step_seed
from hypercuboid.data.request import DataRequest
from hypercuboid.diagnostics import HypercuboidError

SIZES = {"search-train": 718, "search-validation": 719, "train": 1437, "test": 360}


@pytest.fixture(scope="module")
def digits() -> DataSet:
    return load_data("digits")


def test_digits_has_its_splits_in_its_shapes(digits: DataSet) -> None:
    assert {name: len(split) for name, split in digits.splits.items()} == SIZES
    assert digits.input_type.shape == (1, 8, 8)
    assert digits.classes == 10
    assert all(split.x.shape[1:] == (1, 8, 8) and split.x.dtype == np.float32 for split in digits.splits.values())


def test_digits_is_cut_the_same_way_everywhere(digits: DataSet) -> None:
    """The classes in order pin the positions, whatever the version of scikit-learn."""
    sums = {name: hashlib.sha256(split.y.tobytes()).hexdigest()[:16] for name, split in digits.splits.items()}
    assert sums == {
        "search-train": "9d0f221db0f83103",
        "search-validation": "e128ee5323427bb0",
        "train": "93b79d504a7c7f0d",
        "test": "539a60cd578c36f6",
    }


def test_digits_splits_share_no_image(digits: DataSet) -> None:
    def images(*names: str) -> list[bytes]:
        return sorted(image.tobytes() for name in names for image in digits.splits[name].x)

    assert images("search-train", "search-validation") == images("train")
    assert len(images("train", "test")) == len(set(images("train", "test"))) == 1797


def test_digits_is_stratified(digits: DataSet) -> None:
    whole = np.bincount(np.concatenate([digits.splits["train"].y, digits.splits["test"].y]))
    for split in digits.splits.values():
        assert np.abs(np.bincount(split.y) - whole * len(split) / 1797).max() < 1.5


def test_digits_is_normalised_by_search_train_alone(digits: DataSet) -> None:
    x = digits.splits["search-train"].x.astype(np.float64)
    assert abs(x.mean()) < 1e-6
    assert abs(x.std() - 1) < 1e-6
    values = digits.splits["test"].x.astype(np.float64) * digits.std[0] + digits.mean[0]
    assert np.abs(values - values.round()).max() < 1e-5, "pixels are whole numbers from 0 to 16"
    assert (values.round().min(), values.round().max()) == (0, 16)


def test_unknown_data_set_is_named_with_a_suggestion() -> None:
    with pytest.raises(HypercuboidError) as raised:
        load_data("digit")
    (diagnostic,) = raised.value.diagnostics
    assert (diagnostic.code, diagnostic.message) == ("HC7050", "unknown data set `digit`")
    assert diagnostic.help == "did you mean `digits`?"


def test_missing_package_says_what_to_install() -> None:
    def make(request: DataRequest) -> DataSet:
        raise ModuleNotFoundError("No module named 'sklearn'", name="sklearn")

    DATA_SETS.add("needs-a-package", make)
    try:
        with pytest.raises(HypercuboidError, match="needs the package `scikit-learn`") as raised:
            load_data("needs-a-package")
    finally:
        DATA_SETS._entries.pop("needs-a-package")
    assert raised.value.diagnostics[0].help == "pip install scikit-learn"


def small_split() -> Split:
    return Split(np.arange(22, dtype=np.float32).reshape(11, 2, 1, 1), np.arange(11, dtype=np.int64))


@pytest.mark.parametrize("workers", [0, 2])
def test_batches_follow_the_order_whatever_the_workers(workers: int) -> None:
    order = epoch_order(11, seed=3, epoch=1)
    got = list(batches(small_split(), 4, order, torch.device("cpu"), workers))
    assert [len(y) for _, y in got] == [4, 4, 3]
    assert torch.cat([y for _, y in got]).tolist() == order.tolist()
    assert torch.equal(torch.cat([x for x, _ in got])[:, 0, 0, 0], 2.0 * torch.from_numpy(order))


def test_order_is_a_permutation_that_depends_on_seed_and_epoch() -> None:
    assert sorted(epoch_order(50, 0, 1).tolist()) == list(range(50))
    assert epoch_order(50, 0, 1).tolist() == epoch_order(50, 0, 1).tolist()
    assert epoch_order(50, 0, 1).tolist() != epoch_order(50, 0, 2).tolist() != epoch_order(50, 1, 2).tolist()
    assert 0 <= step_seed(0, 1) < 2**63 and step_seed(0, 1) != step_seed(1, 0)
