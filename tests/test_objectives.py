"""Losses and metrics of one's own, regression and segmentation: from arrays in a file to a scored network."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from hypercuboid.cli.main import main
from hypercuboid.data.base import DataSet, Split, load_data
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.runs.intervals import normal_interval
from hypercuboid.search.objective import Objective, check_objective, default_loss, default_metric, objective_of
from hypercuboid.training.recipe import Recipe
from hypercuboid.training.train import score

ROOT = Path(__file__).resolve().parent.parent
CPU = torch.device("cpu")
MINE = """
from torch.nn import functional as F


def huber(output, y):
    return F.huber_loss(output, y)


def within(output, y):
    \"\"\"Whether each number is near.\"\"\"
    return (output - y).abs().flatten(1).amax(1) < 0.5


def overlap(output, y):
    \"\"\"Intersection over union of class 1, for each image.\"\"\"
    found = output.argmax(1) == 1
    return ((found & (y == 1)).flatten(1).sum(1) + 1) / ((found | (y == 1)).flatten(1).sum(1) + 1)


def each(output, y):
    return (output - y).abs()


def fails(output, y):
    raise ValueError("no")


def words(output, y):
    return "well"
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    torch.set_num_threads(1)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own_objectives.py").write_text(MINE, encoding="utf-8")
    (tmp_path / "spaces").symlink_to(ROOT / "spaces")
    return tmp_path


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main([*arguments])
    return int(ended.value.code or 0)


def squares(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Grey images with a brighter rectangle, and which pixels are in it."""
    random = np.random.default_rng(seed)
    x, y = random.normal(size=(count, 1, 8, 8)).astype("float32") * 0.3, np.zeros((count, 8, 8), "int64")
    for number, (top, left) in enumerate(random.integers(0, 5, (count, 2))):
        y[number, top : top + 4, left : left + 4] = 1
    return x + y[:, None], y


def numbers(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    x = np.random.default_rng(seed).normal(size=(count, 5)).astype("float32")
    return x, np.stack([x[:, 0] - 2 * x[:, 1], np.abs(x[:, 2])], axis=1)


def write(path: Path, make: object) -> None:
    assert callable(make)
    (x_train, y_train), (x_test, y_test) = make(256, 0), make(96, 1)
    np.savez(path, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)


def test_the_defaults_follow_the_targets() -> None:
    y, output = torch.randn(6, 3), torch.randn(6, 3)
    assert torch.equal(default_loss(output, y), F.mse_loss(output, y))
    assert torch.allclose(default_metric(output, y), -(output - y).abs().mean(1))
    pixels, images = torch.randint(0, 4, (2, 5, 5)), torch.randn(2, 4, 5, 5)
    assert torch.allclose(default_loss(images, pixels), F.cross_entropy(images, pixels))
    assert torch.equal(default_metric(images, pixels), images.argmax(1) == pixels)
    tokens, places = torch.randint(0, 4, (2, 5)), torch.randn(2, 5, 4)
    assert torch.allclose(default_loss(places, tokens), F.cross_entropy(places.movedim(2, 1), tokens))
    assert torch.equal(default_metric(places, tokens), places.argmax(2) == tokens)


def test_arrays_say_what_the_targets_are(here: Path) -> None:
    write(here / "numbers.npz", numbers)
    write(here / "squares.npz", squares)
    found = load_data("arrays:numbers.npz")
    assert (found.target, found.classes, found.output_shape) == ("number", 2, (2,))
    assert found.splits["train"].y.dtype == np.float32
    found = load_data("arrays:squares.npz")
    assert (found.target, found.classes, found.output_shape) == ("pixel", 2, (2, 8, 8))
    np.savez("flat.npz", x_train=np.ones((4, 2)), y_train=np.arange(4.0), x_test=np.ones((2, 2)), y_test=np.ones(2))
    assert load_data("arrays:flat.npz").splits["test"].y.tolist() == [[1.0], [1.0]]


WRONG_TARGETS = {
    "not finite": (np.array([1.0, np.nan, 2.0, 3.0]), "finite floats"),
    "of another size": (np.zeros((4, 3, 3), "int64"), "one per input or pixel"),
    "negative": (np.array([0, 1, -1, 2]), "whole numbers from 0"),
}


@pytest.mark.parametrize("name", list(WRONG_TARGETS))
def test_targets_that_are_none_are_refused(here: Path, name: str) -> None:
    y, message = WRONG_TARGETS[name]
    x = np.ones((4, 1, 8, 8), "float32")
    np.savez("wrong.npz", x_train=x, y_train=y, x_test=x, y_test=y)
    with pytest.raises(HypercuboidError, match="HC7302") as raised:
        load_data("arrays:wrong.npz")
    assert message in " ".join(raised.value.diagnostics[0].notes)


def test_regression_from_a_file_to_a_scored_network(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here / "numbers.npz", numbers)
    common = ["--data", "arrays:numbers.npz", "--threads", "1", "--device", "cpu", "--quiet", "--batch", "32"]
    own = ["--loss", "own_objectives:huber", "--metric", "own_objectives:within"]
    small = ["-p", "d=16", "-p", "most=2", "--epochs", "2", "--alpha-lr", "0.01"]
    assert run("search", "spaces/regression.hc", *small, *own, *common, "--run", "found") == 0
    logged = json.loads((here / "found" / "metrics.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert 0 <= logged["validation_accuracy"] <= 1
    assert run("train", "found", *common, *own, "--epochs", "20", "--run", "trained") == 0
    result = json.loads((here / "trained" / "result.json").read_text(encoding="utf-8"))
    assert result["metric"] == "own_objectives:within" and result["total"] == 96
    assert result["accuracy"] > 0.5  # of guesses at the mean fewer than a tenth are as near
    capsys.readouterr()
    assert run("evaluate", "trained", "--data", "arrays:numbers.npz", "--device", "cpu") == 0
    assert "test own_objectives:within" in capsys.readouterr().out
    card = json.loads((here / "trained" / "model.json").read_text(encoding="utf-8"))
    assert card["target"] == "number"


def test_segmentation_from_a_file_to_a_scored_network(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here / "squares.npz", squares)
    common = ["--data", "arrays:squares.npz", "--threads", "1", "--device", "cpu", "--quiet", "--batch", "32"]
    assert run("search", "spaces/segmentation.hc", "-p", "c=4", "--epochs", "1", *common, "--run", "found") == 0
    own = ["--metric", "own_objectives:overlap", "--epochs", "12", "--run", "trained"]
    assert run("train", "found", *common, *own) == 0
    result = json.loads((here / "trained" / "result.json").read_text(encoding="utf-8"))
    low, high = result["interval"]
    assert result["metric"] == "own_objectives:overlap" and low < result["accuracy"] < high
    assert result["accuracy"] > 0.4  # a fifth of the pixels is in the rectangle
    capsys.readouterr()
    assert run("train", "found", *common, "--augment", "flip", "--run", "flipped") == 1
    assert "HC7306" in capsys.readouterr().err


@pytest.mark.parametrize("strategy", ["second_order", "single_level", "random"])
def test_every_strategy_learns_by_the_loss_and_counts_by_the_metric(here: Path, strategy: str) -> None:
    write(here / "numbers.npz", numbers)
    common = ["--data", "arrays:numbers.npz", "--threads", "1", "--device", "cpu", "--quiet", "--batch", "32"]
    small = ["-p", "d=4", "-p", "most=1", "--epochs", "1", "--scoring", "0.5", "--evaluations", "2"]
    assert run("search", "spaces/regression.hc", *small, *common, "--strategy", strategy, "--run", "found") == 0
    logged = json.loads((here / "found" / "metrics.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert logged["validation_accuracy"] < 0 < logged["validation_loss"]


def few(y: np.ndarray, x: np.ndarray) -> DataSet:
    from hypercuboid.ops.base import TensorType

    part = Split(x, y)
    splits = dict.fromkeys(("search-train", "search-validation", "train", "test"), part)
    return DataSet("few", TensorType("vector", x.shape[1:]), ("a", "b"), (0.0,) * 3, (1.0,) * 3, splits)


@pytest.mark.parametrize(
    ("loss", "metric", "message"),
    [
        ("own_objectives", "", "HC7620.*no MODULE:FUNCTION"),
        ("nowhere_to_be_found:loss", "", "HC7620.*cannot be imported"),
        ("own_objectives:MINE", "", "HC7620.*cannot be imported"),
        ("own_objectives:each", "", r"HC7621.*a tensor \(2, 2\), not one number"),
        ("own_objectives:fails", "", "HC7621.*fails on outputs"),
        ("", "own_objectives:words", "HC7622.*str, not a tensor"),
    ],
)
@pytest.mark.usefixtures("here")
def test_what_is_no_loss_or_metric_is_refused(loss: str, metric: str, message: str) -> None:
    data = few(np.ones((4, 2), "float32"), np.ones((4, 3), "float32"))
    with pytest.raises(HypercuboidError, match=message):
        check_objective(objective_of(Recipe(loss=loss, metric=metric)), data, CPU)


def test_a_score_that_is_no_share_has_the_interval_of_its_mean() -> None:
    x = np.random.default_rng(0).normal(size=(400, 3)).astype("float32")
    data = few(np.zeros((400, 2), "float32"), x)
    got = score(torch.nn.Linear(3, 2), data.splits["test"], CPU, objective=Objective())
    assert got.total == 400 and got.squares is not None
    low, high = got.interval
    assert low < got.accuracy < high
    values = [1.0, 2.0, 4.0, 9.0]
    mean, deviation = np.mean(values), np.std(values, ddof=1)
    wanted = (mean - 1.959964 * deviation / 2, mean + 1.959964 * deviation / 2)
    assert normal_interval(sum(values), sum(one * one for one in values), 4) == pytest.approx(wanted, rel=1e-6)
