"""Percentiles among random architectures: by hand, by the command, and the table of the page."""

from __future__ import annotations

import csv
import itertools
import json
from pathlib import Path

import pytest
from supernets import ROOT

from hypercuboid.benchmarking.alike import Trained
from hypercuboid.benchmarking.standing import equal_cost, runs_of
from hypercuboid.cli.main import main
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.runs.intervals import median_and_half_range, percentile

PAGE = ROOT / "docs" / "baselines.md"
FILES = {"multichannelnet": 2, "nas_bench_macro": 3}
"""The trainings of the page, and the column of its table."""

FILE = str(ROOT / "spaces" / "multichannelnet.hc")
SMALL = ["-p", "filters=[2, 4]", "-p", "reductions=1", "-p", "layers=2", "-p", "head=4"]


def test_equal_ones_count_as_halves() -> None:
    assert percentile(0.5, [0.1, 0.5, 0.5, 0.9]) == 50.0
    assert percentile(0.95, [0.1, 0.5, 0.5, 0.9]) == 100.0
    assert percentile(0.0, [0.1, 0.5, 0.5, 0.9]) == 0.0


class Known:
    """Validation accuracies by number."""

    def __init__(self, values: list[int]) -> None:
        self.values = values

    def train(self, number: int, on: str) -> Trained:
        assert on == "search-train"
        return Trained(number, on, 0, 1, 1, self.values[number], 100, 0.0)


@pytest.mark.parametrize("trainings", [1, 2, 4, 6])
def test_equal_cost_is_the_mean_over_all_ways_to_draw(trainings: int) -> None:
    validated, tested = [50, 70, 60, 90, 80, 55], [60, 71, 58, 88, 90, 61]
    drawn = [Trained(number, "train", 0, 1, 1, correct, 100, 0.0) for number, correct in enumerate(tested)]
    found = equal_cost(Known(validated), drawn, trainings)  # type: ignore[arg-type]
    ways = list(itertools.combinations(range(6), trainings))
    best = [tested[max(way, key=validated.__getitem__)] / 100 for way in ways]
    assert found.accuracy == pytest.approx(sum(best) / len(ways), abs=1e-12)


@pytest.mark.parametrize("name", FILES)
def test_the_page_says_what_the_trainings_say(name: str) -> None:
    with (ROOT / "docs" / "baselines" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    accuracies = [int(row["correct"]) / int(row["total"]) for row in rows]
    drawn = accuracies[:100]
    found_by = {row["number"]: accuracy for row, accuracy in zip(rows, accuracies, strict=True)}
    cells = {line.split("|")[1].strip(): line.split("|")[FILES[name]].strip() for line in _table()}
    ranks = _ranks(cells["found: percentiles, seeds 0 to 7"])
    assert len(drawn) == 100 and len(ranks) == 8
    own = {f"{percentile(one, drawn):g}" for one in found_by.values()}
    assert {f"{one:g}" for one in ranks} <= own
    assert f"**{median_and_half_range(ranks)[0]:.1f}**" == cells["**found: median percentile over 8 seeds**"]
    median, half = median_and_half_range(drawn)
    wanted = f"{100 * median:.2f} % +- {100 * half:.2f}"
    assert cells["100 random: accuracy, median and half range"] == wanted
    by_rank = {percentile(one, drawn): one for one in accuracies[100:]}
    median, half = median_and_half_range([by_rank[rank] for rank in ranks if rank in by_rank])
    if len({*ranks}) == len(ranks):
        assert cells["found: accuracy, median and half range"] == f"{100 * median:.2f} % +- {100 * half:.2f}"


@pytest.mark.parametrize("name", FILES)
def test_the_page_says_what_the_default_before_found(name: str) -> None:
    with (ROOT / "docs" / "baselines" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        accuracies = [int(row["correct"]) / int(row["total"]) for row in csv.DictReader(file)]
    cells = {line.split("|")[1].strip(): line.split("|")[FILES[name]].strip() for line in _table()}
    before, earlier = (_ranks(cells[f"{which}: percentiles, seeds 0 to 7"]) for which in ("before", "earlier still"))
    assert {*before, *earlier} <= {percentile(one, accuracies[:100]) for one in accuracies}
    (said,) = (cell for row, cell in cells.items() if row.startswith("before, with"))
    assert said == f"{median_and_half_range(before)[0]:.1f}"
    assert cells["median of these 16 older searches"] == f"{median_and_half_range(before + earlier)[0]:.1f}"


def _ranks(cell: str) -> list[float]:
    return [float(one) for one in cell.split(",")]


def _table() -> list[str]:
    return [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]


def test_the_command_ranks_what_was_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data", "digits/64+64", "--quiet", "--threads", "1", "--device", "cpu"]
    run = str(tmp_path / "run")
    assert (
        _command("search", FILE, *SMALL, *data, "--run", run, "--seeds", "2", "--epochs", "1", "--trainings", "2") == 0
    )
    capsys.readouterr()
    asked = ["baselines", run, *data, "--epochs", "1", "--random", "4", "--equal-cost", "2", "--json"]
    assert _command(*asked) == 0
    first = json.loads(capsys.readouterr().out)
    names = [one["name"] for one in first["architectures"]]
    assert names == ["found by seed-0", "found by seed-1", "most params", "fewest params"]
    sizes = {one["name"]: one["params"] for one in first["architectures"]}
    assert sizes["fewest params"] < sizes["most params"]
    assert first["random"]["count"] == 4 and first["equal_cost"]["trainings"] == 2
    (kept,) = (tmp_path / "run" / "trained").iterdir()
    before = kept.read_bytes()
    assert _command(*asked) == 0
    assert json.loads(capsys.readouterr().out) == first
    assert kept.read_bytes() == before


def test_a_folder_without_searches_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HypercuboidError) as caught:
        runs_of(tmp_path)
    assert caught.value.diagnostics[0].code == "HC7002"


def _command(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)
