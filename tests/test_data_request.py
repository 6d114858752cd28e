"""What `--data` says: its form, sizes, halves and seeds; and how images are cut and scaled."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from data_files import labels, pixels, write_cifar10, write_npz
from torch.nn import functional as F

from hypercuboid.data.base import load_data
from hypercuboid.data.cutting import pooled, search_halves
from hypercuboid.data.request import SPLIT_SEED, DataRequest, read_request
from hypercuboid.data.scale import Scale
from hypercuboid.data.splits_file import splits_of
from hypercuboid.data.text import Text
from hypercuboid.diagnostics import Diagnostic, HypercuboidError


def mistake(text: str) -> Diagnostic:
    with pytest.raises(HypercuboidError) as raised:
        load_data(text)
    (found,) = raised.value.diagnostics
    return found


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("digits", DataRequest("digits")),
        ("cifar10.1:a/b", DataRequest("cifar10.1", path="a/b")),
        ("fashion-mnist@14/4000+2000#3:x:y", DataRequest("fashion-mnist", 14, (4000, 2000), 3, "x:y")),
        ("digits/100+50", DataRequest("digits", halves=(100, 50))),
        ("digits#0", DataRequest("digits", seed=0)),
        ("my.module@4:make", DataRequest("my.module", 4, path="make")),
    ],
)
def test_a_request_is_read_and_written_again(text: str, wanted: DataRequest) -> None:
    assert read_request(text) == wanted
    assert wanted.title == (text.partition(":")[0] if wanted.path else text)
    assert (wanted.seed == SPLIT_SEED) == ("#" not in text)


@pytest.mark.parametrize(
    "text", ["", "@14", "digits@", "digits@0", "digits/5", "digits/0+5", "digits#x", "digits/5+5@4", "digits:", "a\nb@"]
)
def test_another_form_is_refused(text: str) -> None:
    assert mistake(text).code == "HC7303"


def test_halves_are_stratified_apart_and_drawn_by_the_seed() -> None:
    y = np.repeat(np.arange(4), [40, 40, 80, 40])
    first, second = search_halves(y, DataRequest("a", halves=(50, 30)))
    assert np.bincount(y[first]).tolist() == [10, 10, 20, 10]
    assert np.bincount(y[second]).tolist() == [6, 6, 12, 6]
    assert not set(first) & set(second)
    assert (first.tolist(), second.tolist()) == (sorted(first), sorted(second))
    same, other = (search_halves(y, DataRequest("a", halves=(50, 30), seed=seed))[0] for seed in (SPLIT_SEED, 1))
    assert first.tolist() == same.tolist() != other.tolist()
    whole = search_halves(y[:199], DataRequest("a"))
    assert [len(one) for one in whole] == [99, 100] and len(set(whole[0]) | set(whole[1])) == 199


def test_halves_need_no_two_inputs_of_a_class() -> None:
    first, second = search_halves(np.arange(10), DataRequest("a"))
    assert sorted([*first, *second]) == list(range(10))


def test_digits_take_size_halves_and_seed() -> None:
    data = load_data("digits@4/100+50#3")
    assert data.name == "digits@4/100+50#3" and data.input_type.shape == (1, 4, 4)
    assert [len(data.splits[one]) for one in ("search-train", "search-validation", "train", "test")] == [
        100,
        50,
        150,
        360,
    ]
    assert abs(data.splits["search-train"].x.mean()) < 1e-6
    assert data.splits["test"].y.tolist() == load_data("digits").splits["test"].y.tolist()
    assert "719 + 719" in mistake("digits/719+719").message
    assert mistake("digits@3").help == "each side must be a whole part of theirs: 2, 4"


def test_pooling_is_the_mean_over_squares_rounded_to_even() -> None:
    x = pixels(6, 3, 12, 12)
    mean = F.avg_pool2d(torch.from_numpy(x).double(), 3).numpy()
    got = pooled(x, DataRequest("a", 4))
    assert got.dtype == np.uint8 and np.array_equal(got, np.rint(mean))
    flat = pooled(x.astype(np.float32), DataRequest("a", 4))
    assert flat.dtype == np.float32 and np.allclose(flat, mean, atol=1e-4)
    assert pooled(x, DataRequest("a", 12)) is x
    with pytest.raises(HypercuboidError, match="cannot be pooled to 24 x 24"):
        pooled(x, DataRequest("a", 24))
    with pytest.raises(HypercuboidError, match="has no images"):
        pooled(np.zeros((3, 5), np.float32), DataRequest("a", 4))


def test_scaling_is_the_formula() -> None:
    x = pixels(4, 2, 3, 3)
    mean, std = (0.3, 0.6), (0.2, 0.9)
    wanted = (x / 255 - np.reshape(mean, (2, 1, 1))) / np.reshape(std, (2, 1, 1))
    assert np.allclose(Scale(mean, std)(torch.from_numpy(x)).numpy(), wanted, atol=1e-6)


def test_a_channel_that_never_varies_stays_finite(tmp_path: Path) -> None:
    x = pixels(40, 3, 8, 8)
    x[:, 1] = 7
    write_npz(tmp_path / "a.npz", x_train=x)
    data = load_data(f"arrays:{tmp_path / 'a.npz'}")
    assert data.std[1] == 1.0 and abs(data.mean[1] - 7 / 255) < 1e-12


def test_the_splits_file_says_where_inputs_stand(tmp_path: Path) -> None:
    write_cifar10(tmp_path)
    data = load_data(f"cifar10/30+20:{tmp_path}")
    found = splits_of(data)
    assert found["data"] == "cifar10/30+20"
    assert {name: one["count"] for name, one in found["splits"].items()} == {
        "search-train": 30,
        "search-validation": 20,
        "train": 50,
        "test": 20,
    }
    assert found["splits"]["search-validation"]["rows"] == data.rows["search-validation"].tolist()
    text = json.dumps(json.loads(json.dumps(found["splits"])), sort_keys=True, separators=(",", ":"))
    assert found["hash"] == hashlib.sha256(text.encode()).hexdigest()
    assert splits_of(load_data(f"cifar10/30+20#1:{tmp_path}"))["hash"] != found["hash"]


# ------------------------------------------------------------------------------------------------ text


def test_characters_are_learned_from_the_next(tmp_path: Path) -> None:
    text = "the quick brown fox jumps over the lazy dog. " * 40
    (tmp_path / "a.txt").write_text(text + "#", encoding="utf-8")
    data = load_data(f"characters@7:{tmp_path / 'a.txt'}")
    train, test = data.splits["train"], data.splits["test"]
    told = "".join(data.class_names[code] for code in train.x[0])
    assert told == text[:7] and (train.x[:, 1:] == train.y[:, :-1]).all()
    # Pieces follow each other: what comes after one is what the next begins with.
    assert (train.y[:-1, -1] == train.x[1:, 0])[: len(data.splits["search-train"]) - 1].all()
    assert data.input_type.shape == (7,) and data.input_type.vocab == data.classes == len(set(text)) + 1
    assert data.class_names[0] == "<unknown>" and test.y[-1, -1] != 0
    digest = hashlib.sha256((text + "#").encode()).hexdigest()
    assert data.about[0].endswith(f"1,801 characters, {data.classes} different ones, sha256 {digest}")
    assert not set(data.rows["search-train"]) & set(data.rows["search-validation"])


def test_words_that_are_rare_in_training_are_unknown(tmp_path: Path) -> None:
    words = ["often", "seldom", ","] + ["often", "sometimes", ","] * 3 + ["often", ","] * 50 + ["late"] * 8
    (tmp_path / "a.txt").write_text(" ".join(words), encoding="utf-8")
    data = load_data(f"words@4:{tmp_path / 'a.txt'}")
    assert data.class_names == ("<unknown>", ",", "often", "sometimes")
    assert data.splits["train"].x[0].tolist() == [2, 0, 1, 2]
    assert 0 in data.splits["test"].x, "`late` stands only in the last tenth"


def test_the_help_topics_of_python_are_there() -> None:
    data = load_data("characters@35/200+100")
    assert data.about[0].startswith("the help topics of Python: 4") and 90 < data.classes < 200
    assert [len(data.splits[one]) for one in ("search-train", "search-validation", "train")] == [200, 100, 300]
    assert data.splits["test"].x.shape[1] == 35


def test_a_text_that_is_too_short_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("short", encoding="utf-8")
    assert mistake(f"characters:{tmp_path / 'a.txt'}").code == "HC7303"
    assert "0 + 0" in mistake(f"characters:{tmp_path / 'a.txt'}").message
    assert mistake("characters@35/9999999+1").code == "HC7303"
    (tmp_path / "b.txt").write_bytes(b"\xff\xfe\xff")
    assert mistake(f"characters:{tmp_path / 'b.txt'}").code == "HC7302"
    assert Text(list, 1).least == 1 and labels(3, 2).tolist() == [0, 1, 0]
