"""Several seeds by one command: runs that go on, the table, agreement, and the architecture they agree on."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from supernets import ROOT

from hypercuboid.cli.main import main
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.graph.selection import select
from hypercuboid.graph.weights import read_weights
from hypercuboid.pipeline import Space, load_target
from hypercuboid.runs.agreement import agreement, few_scored, steadiness
from hypercuboid.runs.weights_history import Recorded
from hypercuboid.seed_runs import Command, run_commands
from hypercuboid.seed_table import seed_table

FILE = str(ROOT / "spaces" / "multichannelnet.hc")
SMALL = ["-p", "filters=[2,4]", "-p", "reductions=1", "-p", "layers=2", "-p", "head=4"]
ASKED = [
    *SMALL,
    "--data",
    "digits",
    "--strategy",
    "first_order",
    "--epochs",
    "2",
    "--batch",
    "300",
    "--quiet",
    "--threads",
    "1",
    "--device",
    "cpu",
]


def command(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def search(run: Path, *more: str) -> int:
    return command("search", FILE, *ASKED, "--run", str(run), "--seeds", "3", *more)


def space() -> Space:
    return load_target(FILE, None, SMALL[1::2], ("1x8x8",))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    place = tmp_path_factory.mktemp("seeds") / "runs"
    assert search(place) == 0
    return place


def test_agreement_is_the_share_of_what_most_keep() -> None:
    found = agreement(["a", "b", "a", "a"])
    assert (found.kept, found.share, found.decided) == ("a", 0.75, True)
    assert found.interval is not None and found.interval[0] < 0.75 < found.interval[1] <= 1
    assert agreement(["b", "a"]).kept == "b"
    assert not agreement(["b", "a"]).decided
    assert agreement(["a", "a", "a"]).interval == (1.0, 1.0)
    assert agreement(["a"]).interval is None


def test_steady_is_what_the_best_of_the_last_quarter_kept() -> None:
    """Twelve epochs, so the last three count: `h` was kept in all of them, `g` in one."""
    history = [
        Recorded(e, {}, {}, {"h": ["a" if e > 9 else "b"], "g": ["a" if e == 12 else "b"]}) for e in range(1, 13)
    ]
    found = steadiness(history, {"h": ("a",), "g": ("a",)})
    assert found is not None
    assert (found.epochs, dict(found.shares)) == (3, {"h": 1.0, "g": 1 / 3})
    assert found.text == "the best of the last 3 epochs kept 67 % of it, least `g` (33 %)"
    assert found.doubts == (f"{found.text}; below 75 % on average",)
    same = steadiness(history, {"h": ("a",)})
    assert same is not None and not same.doubts and same.text == "the best of the last 3 epochs kept 100 % of it"
    assert steadiness(history[:4], {"h": ("a",)}) is None, "one epoch is no agreement"
    assert steadiness(history, {}) is None


def test_few_scores_say_little() -> None:
    assert few_scored(10, 1000) == ()
    assert few_scored(9, 1000) == ("9 architectures were scored, below 10",)
    assert few_scored(1, 3) == ("1 architecture was scored, below 3",)
    assert few_scored(3, 3) == ()


def test_the_table_holds_what_the_runs_found(runs: Path) -> None:
    data = json.loads((runs / "seeds.json").read_text(encoding="utf-8"))
    rows = list(csv.DictReader((runs / "seeds.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["seed"] for row in data["seeds"]] == [0, 1, 2] == [int(row["seed"]) for row in rows]
    arrays, seconds = [], 0.0
    for row in data["seeds"]:
        folder = runs / f"seed-{row['seed']}"
        metrics = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
        found = space().architecture((folder / "arch.hc").read_text(encoding="utf-8"))
        assert (row["params"], row["macs"]) == (found.counts().params, found.counts().macs)
        assert row["validation_accuracy"] == metrics[-1]["validation_accuracy"]
        assert row["score"] == metrics[-1]["score"]
        seconds += sum(one["seconds"] for one in metrics)
        arrays.append(read_weights(space().graph, folder / "weights.json").values["h"])
    assert data["device_hours"] == pytest.approx(seconds / 3600)
    accuracies = [row["validation_accuracy"] for row in data["seeds"]]
    assert data["spread"]["validation_accuracy"] == {
        "median": sorted(accuracies)[1],
        "half_range": (max(accuracies) - min(accuracies)) / 2,
    }
    (best,) = select(space().graph, {"h": np.mean(arrays, axis=0)})
    assert data["consensus"] == space().decide(best).text
    assert space().architecture((runs / "arch.hc").read_text(encoding="utf-8")).text == data["consensus"]


def test_agreement_counts_the_texts_of_the_architectures(runs: Path) -> None:
    table = seed_table(space(), [(seed, runs / f"seed-{seed}") for seed in range(3)])
    texts = [(runs / f"seed-{seed}" / "arch.hc").read_text(encoding="utf-8") for seed in range(3)]
    assert list(table.agreements) == ["h[reduction = 0, layer = 0]", "h[reduction = 0, layer = 1]"]
    for one in table.agreements.values():
        assert 1 / 3 <= one.share <= 1
        assert any(one.kept in text for text in texts)
    alone = seed_table(space(), [(seed, runs / "seed-1") for seed in range(2)])
    assert {one.share for one in alone.agreements.values()} == {1.0}
    assert alone.majority.text == space().architecture(texts[1]).text
    assert alone.gradients == pytest.approx(1.0, abs=1e-12)


def test_given_again_nothing_is_run_again(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in runs.glob("seed-*/*") if path.is_file()}
    assert search(runs, "--format", "csv") == 0
    assert capsys.readouterr().out == (runs / "seeds.csv").read_text(encoding="utf-8")
    assert {path: path.stat().st_mtime_ns for path in runs.glob("seed-*/*") if path.is_file()} == before
    assert search(runs) == 0
    shown = capsys.readouterr().out
    assert "consensus by mean weights" in shown and "device hours on cpu" in shown


def test_runs_of_something_else_are_refused(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert search(runs, "--alpha-lr", "0.5") == 1
    assert "recipe.alpha_lr" in capsys.readouterr().err


def run_aside(run: Path, *more: str) -> subprocess.Popen[bytes]:
    arguments = ["search", FILE, *ASKED, "--run", str(run), "--seeds", "3", *more]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-m", "hypercuboid.cli.main", *arguments], env=environment)


@pytest.mark.long
def test_processes_find_what_one_after_another_finds_also_after_a_stop(runs: Path, tmp_path: Path) -> None:
    import time

    process = run_aside(tmp_path / "runs", "--jobs", "2")
    while not list((tmp_path / "runs").glob("seed-*/metrics.jsonl")):
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    assert process.wait() in (0, 75)
    assert run_aside(tmp_path / "runs", "--jobs", "2").wait() == 0
    for seed in range(3):
        for name in ("arch.hc", "weights.json", "supernet.safetensors"):
            path = Path(f"seed-{seed}") / name
            assert (runs / path).read_bytes() == (tmp_path / "runs" / path).read_bytes()


def test_a_seed_that_fails_is_named() -> None:
    with pytest.raises(HypercuboidError, match="the search of seed 7 ended with code 2"):
        run_commands([Command("the search of seed 7", ["search", "--nothing"])], 1)
