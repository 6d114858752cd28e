"""What the searches below a folder found: a row for each, and medians over the seeds of what is otherwise the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypercuboid.runs.folder import flat_config
from hypercuboid.runs.intervals import median_and_half_range
from hypercuboid.runs.listing import find_runs, read_metrics, summarise
from hypercuboid.runs.reading import read_run

NUMBERS = ("validation_accuracy", "score", "margin", "entropy", "alpha_gradient", "params", "macs")
"""Columns of the last epoch of a run."""

SAME = ("command", "seed", "recipe.seed", "hash", "data_hash", "workers", "threads", "torch", "version")
"""Entries of a configuration by which runs are not told apart."""


@dataclass(frozen=True)
class Row:
    """One search: its settings that differ over the table, and its last epoch, as far as it came."""

    run: str
    settings: Mapping[str, Any]
    seed: int
    state: str
    epochs: str
    numbers: Mapping[str, float | None]
    seconds: float


@dataclass(frozen=True)
class Group:
    """Finished searches that differ in their seed: median and half range of each column that all of them have."""

    settings: Mapping[str, Any]
    seeds: int
    spread: Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class SweepTable:
    """`settings` are the names of those that differ."""

    settings: tuple[str, ...]
    rows: tuple[Row, ...]
    groups: tuple[Group, ...]

    @property
    def hours(self) -> float:
        """Device hours of all searches together."""
        return sum(row.seconds for row in self.rows) / 3600


def sweep_table(folder: Path) -> SweepTable:
    """Of all searches at and below a folder; damaged runs are left out."""
    paths = [path for path in find_runs(folder) if summarise(path).kind == "search"]
    configs = [flat_config(read_run(path).config) for path in paths]
    names = [name for name in dict.fromkeys(key for one in configs for key in one) if name not in SAME]
    differing = tuple(name for name in names if len({str(one.get(name)) for one in configs}) > 1)
    rows = tuple(_row(folder, path, config, differing) for path, config in zip(paths, configs, strict=True))
    return SweepTable(differing, rows, tuple(_groups(rows)))


def _row(folder: Path, path: Path, config: Mapping[str, Any], differing: Sequence[str]) -> Row:
    summary, metrics = summarise(path), read_metrics(path)
    last = metrics[-1] if metrics else {}
    numbers = {name: last.get(name) for name in NUMBERS}
    seconds = sum(float(one.get("seconds", 0)) for one in metrics)
    settings = {name: config.get(name) for name in differing}
    run, epochs = str(path.relative_to(folder)), f"{summary.epoch}/{summary.epochs}"
    return Row(run, settings, int(config.get("seed", 0)), summary.state, epochs, numbers, seconds)


def _groups(rows: Sequence[Row]) -> list[Group]:
    """In the order of the rows."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row.state == "finished":
            found.setdefault(str(row.settings), []).append(row)
    return [Group(same[0].settings, len(same), _spread(same)) for same in found.values()]


def _spread(rows: Sequence[Row]) -> dict[str, tuple[float, float]]:
    columns = {name: [row.numbers[name] for row in rows] for name in NUMBERS}
    return {
        name: median_and_half_range([one for one in values if one is not None])
        for name, values in columns.items()
        if None not in values
    }
