"""Several seeds by one `train`: the same runs as one by one, a table of medians and half ranges."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import torch

from hypercuboid.cli.main import main

MODEL = """from torch import nn


class Network(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Flatten(), nn.Linear(64, 10))
"""


@pytest.fixture
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.set_num_threads(1)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.py").write_text(MODEL, encoding="utf-8")


def train(run: str, *more: str) -> int:
    asked = ["--data", "digits", "--epochs", "2", "--batch", "500", "--threads", "1", "--device", "cpu", "--quiet"]
    with pytest.raises(SystemExit) as ended:
        main(["train", "model.py", "--run", run, *asked, *more])
    return int(ended.value.code or 0)


@pytest.mark.usefixtures("_here")
def test_seeds_are_single_trainings_in_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train("all", "--seeds", "3", "--seed", "4") == 0
    shown = capsys.readouterr().out
    assert train("one", "--seed", "5") == 0
    one = json.loads((tmp_path / "one" / "result.json").read_text(encoding="utf-8"))
    accuracies = []
    for seed in (4, 5, 6):
        result = json.loads((tmp_path / "all" / f"seed-{seed}" / "result.json").read_text(encoding="utf-8"))
        accuracies.append(result["accuracy"])
    assert accuracies[1] == one["accuracy"] and len(set(accuracies)) > 1
    weights = [tmp_path / "one" / "weights.safetensors", tmp_path / "all" / "seed-5" / "weights.safetensors"]
    assert weights[0].read_bytes() == weights[1].read_bytes()
    data = json.loads((tmp_path / "all" / "seeds.json").read_text(encoding="utf-8"))
    assert [row["test"] for row in data["seeds"]] == accuracies
    spread = data["spread"]["test"]
    assert spread == {"median": sorted(accuracies)[1], "half_range": (max(accuracies) - min(accuracies)) / 2}
    rows = list(csv.DictReader((tmp_path / "all" / "seeds.csv").read_text(encoding="utf-8").splitlines()))
    assert [float(row["test"]) for row in rows] == accuracies
    assert f"{spread['median']:.4g} +- {spread['half_range']:.2g}" in shown


@pytest.mark.usefixtures("_here")
def test_what_is_finished_is_not_trained_again_and_the_rest_is(tmp_path: Path) -> None:
    assert train("all", "--seeds", "2") == 0
    before = (tmp_path / "all" / "seed-1" / "state.json").stat().st_mtime_ns
    assert train("all", "--seeds", "3") == 0
    assert (tmp_path / "all" / "seed-1" / "state.json").stat().st_mtime_ns == before
    assert len(json.loads((tmp_path / "all" / "seeds.json").read_text(encoding="utf-8"))["seeds"]) == 3
    assert train("all", "--seeds", "3", "--lr", "0.1") == 1


@pytest.mark.long
@pytest.mark.usefixtures("_here")
def test_processes_train_what_one_after_another_trains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    assert train("one", "--seeds", "2") == 0
    arguments = ["train", "model.py", "--run", "two", "--data", "digits", "--epochs", "2", "--batch", "500"]
    arguments += ["--threads", "1", "--device", "cpu", "--seeds", "2", "--jobs", "2"]
    monkeypatch.setattr(sys, "argv", ["hypercuboid", *arguments])
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parent.parent))
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code in (0, None)
    for seed in (0, 1):
        one, two = (tmp_path / name / f"seed-{seed}" / "weights.safetensors" for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
