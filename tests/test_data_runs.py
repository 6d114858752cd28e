"""Data in runs: what a search and a training read, write and print of the data sets that are not digits."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from commands import run
from data_files import write_cifar10, write_cifar101, write_npz
from dying_worker import SEARCH, training_request

from hypercuboid.data.augment.crop import Crop
from hypercuboid.data.base import load_data
from hypercuboid.data.batches import epoch_order
from hypercuboid.data.splits_file import splits_of
from hypercuboid.runs.intervals import binomial_interval
from hypercuboid.search.layout import laid_out
from hypercuboid.search.recipe import Recipe
from hypercuboid.searching import SearchRequest, load_for_data, run_search
from hypercuboid.training.run import train_file

SPACES = Path(__file__).resolve().parent.parent / "spaces"
CPU = torch.device("cpu")

SPACE = """hypercuboid 1
use std.ops { conv, gap, linear }

param classes: int = 7

space S() on x: image(3, 9, 9) {
  out x -> choose op { k1: conv(4), k3: conv(4, 3) } -> gap -> linear(classes)
}
"""

NETWORK = """
from torch import nn


class Net(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 10))
"""


def searched(folder: Path, name: str, workers: int, recipe: Recipe) -> dict[str, str]:
    """What a search on small arrays leaves, by file."""
    data = load_data(f"arrays/16+20:{folder / 'images.npz'}")
    space = load_for_data(str(folder / "space.hc"), None, (), (), data)
    run_search(SearchRequest(space, data, folder / name, recipe, CPU, workers), lambda step: None)
    return {
        one: (folder / name / one).read_text(encoding="utf-8") for one in ("weights.json", "splits.json", "config.json")
    }


def test_a_search_is_the_same_with_workers_and_not_without_augmentation(tmp_path: Path) -> None:
    write_npz(tmp_path / "images.npz")
    (tmp_path / "space.hc").write_text(SPACE, encoding="utf-8")
    recipe = Recipe(epochs=2, batch=8, strategy="first_order", augment="crop=2,flip,cutout=2")
    one, other = (searched(tmp_path, f"w{workers}", workers, recipe) for workers in (0, 1))
    assert one["weights.json"] == other["weights.json"] and one["splits.json"] == other["splits.json"]
    plain = searched(tmp_path, "plain", 0, Recipe(epochs=2, batch=8, strategy="first_order"))
    assert plain["weights.json"] != one["weights.json"]
    data = load_data(f"arrays/16+20:{tmp_path / 'images.npz'}")
    assert json.loads(one["splits.json"]) == splits_of(data)
    config = json.loads(one["config.json"])
    assert config["data"] == "arrays/16+20" and config["recipe"]["augment"] == "crop=2,flip,cutout=2"


def test_what_trains_alphas_is_not_augmented(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The batches that a strategy is given, against the order and the images of the data set."""
    from hypercuboid.search.loop import VALIDATION_SEED, Search

    write_npz(tmp_path / "images.npz")
    (tmp_path / "space.hc").write_text(SPACE, encoding="utf-8")
    seen = []
    step = Search._batches

    def watched(self, loader, epoch, done):  # type: ignore[no-untyped-def]
        for batch in step(self, loader, epoch, done):
            seen.append((loader.augmentation.steps, batch))
            yield batch

    monkeypatch.setattr(Search, "_batches", watched)
    searched(tmp_path, "run", 0, Recipe(epochs=1, batch=8, seed=4, augment="crop=2"))
    data = load_data(f"arrays/16+20:{tmp_path / 'images.npz'}")
    split = data.splits["search-validation"]
    order = epoch_order(20, 4 + VALIDATION_SEED, 1)
    assert split.scale is not None
    plain = [split.scale(split.read(order[start : start + 8].tolist())) for start in (0, 8)]
    assert [steps for steps, _ in seen] == [(Crop(2),), ()] * 2
    assert all(torch.equal(seen[2 * at + 1][1][0], laid_out(plain[at])) for at in (0, 1))
    assert not any(torch.equal(x, other) for _, (x, _) in seen[::2] for other in plain)


def told_in_a_process(kind: str, folder: Path) -> str:
    """The code that a run ends with whose loader workers are killed in the middle."""
    script = Path(__file__).with_name("dying_worker.py")
    ended = subprocess.run(
        [sys.executable, str(script), kind, str(folder)], capture_output=True, text=True, timeout=100, check=True
    )
    return ended.stdout.strip()


def test_a_worker_that_dies_ends_the_search_which_then_goes_on(tmp_path: Path) -> None:
    write_npz(tmp_path / "images.npz")
    (tmp_path / "space.hc").write_text(SPACE, encoding="utf-8")
    assert told_in_a_process("search", tmp_path) == "HC7045"
    went_on = searched(tmp_path, "run", 0, SEARCH)
    assert went_on["weights.json"] == searched(tmp_path, "unbroken", 0, SEARCH)["weights.json"]


def test_a_worker_that_dies_ends_a_training_too(tmp_path: Path) -> None:
    write_cifar10(tmp_path)
    (tmp_path / "model.py").write_text(NETWORK, encoding="utf-8")
    assert told_in_a_process("train", tmp_path) == "HC7045"
    run_, whole = (train_file(training_request(tmp_path, name, 0), lambda step: None) for name in ("run", "whole"))
    assert run_ == whole
    one, other = ((tmp_path / name / "weights.safetensors").read_bytes() for name in ("run", "whole"))
    assert one == other


def test_a_death_is_told_once_however_many_announcements_there_are(tmp_path: Path) -> None:
    assert told_in_a_process("announcements", tmp_path) == "nothing"


def test_a_training_scores_on_every_test_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_cifar10(tmp_path / "data")
    write_cifar101(tmp_path / "data", "v6", count=30)
    (tmp_path / "model.py").write_text(NETWORK, encoding="utf-8")
    given = ("--data", "cifar10.1", "--run", "r", "--epochs", "2", "--augment", "crop,flip,cutout", "--quiet")
    assert run("train", "model.py", *given) == 0
    out = capsys.readouterr().out
    result = json.loads((tmp_path / "r" / "result.json").read_text(encoding="utf-8"))
    more = result["more"]["cifar10.1-v6"]
    assert (result["total"], more["total"]) == (20, 30)
    assert more["interval"] == list(binomial_interval(more["correct"], 30))
    low, high = (100 * one for one in more["interval"])
    assert f"cifar10.1-v6 accuracy {100 * more['accuracy']:.2f} % ({more['correct']} of 30), " in out
    assert f"95 % interval {low:.2f} to {high:.2f} %" in out
    assert json.loads((tmp_path / "r" / "splits.json").read_text(encoding="utf-8"))["data"] == "cifar10.1"


def test_nothing_is_begun_with_a_wrong_augmentation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "space.hc").write_text(SPACE, encoding="utf-8")
    write_npz(tmp_path / "images.npz")
    given = ("search", "space.hc", "--data", "arrays:images.npz", "--run", "r", "--quiet")
    assert run(*given, "--augment", "blur") == 1
    assert "HC7305" in capsys.readouterr().err and not (tmp_path / "r").exists()


def test_a_recurrent_language_model_is_searched_and_trained_on_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.txt").write_text("to be, or not to be, that is the question. " * 30, encoding="utf-8")
    data = ("--data", "characters@5/16+16:text.txt")
    space = str(SPACES / "rnn_language_model.hc")
    assert run("search", space, "-p", "width=6", *data, "--run", "r", "--epochs", "1", "--batch", "8", "--quiet") == 0
    assert "text.txt: 1,290 characters" in capsys.readouterr().out
    config = json.loads((tmp_path / "r" / "config.json").read_text(encoding="utf-8"))
    classes = load_data(data[1]).classes
    assert (config["parameters"]["vocab"], config["parameters"]["length"]) == (str(classes), "5")
    assert run("train", "r", *data, "--run", "t", "--epochs", "1", "--quiet") == 0
    result = json.loads((tmp_path / "t" / "result.json").read_text(encoding="utf-8"))
    assert result["total"] == load_data(data[1]).splits["test"].y.size
    capsys.readouterr()
    assert run("search", space, "-p", "length=7", *data, "--run", "no", "--quiet") == 1
    err = capsys.readouterr().err
    assert "HC7043" in err and "@LENGTH" in err


def test_scores_count_tokens() -> None:
    from hypercuboid.training.train import score

    class Next(torch.nn.Module):
        """Says that the next token is the one that stands there."""

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.nn.functional.one_hot(x, 200).float()

    split = load_data("characters@35/20+20").splits["test"]
    found = score(Next(), split, CPU)
    assert (found.correct, found.total) == (int((split.x == split.y).sum()), split.x.size)
    assert np.prod(split.x.shape) == found.total
