"""What trainings under several seeds came to: a row for each with its accuracies, medians and half ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypercuboid.diagnostics import error
from hypercuboid.runs.files import read_json
from hypercuboid.runs.intervals import median_and_half_range
from hypercuboid.runs.reading import read_run


@dataclass(frozen=True)
class TrainingTable:
    """Rows of numbers by column, `seed` first, a column for each test set; medians and half ranges by column."""

    rows: tuple[Mapping[str, float], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.rows[0])

    @property
    def spread(self) -> dict[str, tuple[float, float]]:
        """Of all columns but the seed and the time."""
        names = [name for name in self.columns if name not in ("seed", "seconds")]
        return {name: median_and_half_range([row[name] for row in self.rows]) for name in names}


def training_table(runs: Sequence[tuple[int, Path]]) -> TrainingTable:
    """Of finished trainings by seed, all of one network."""
    return TrainingTable(tuple(_row(seed, path) for seed, path in runs))


def _row(seed: int, path: Path) -> dict[str, float]:
    result = _result(path)
    more = {name: one["accuracy"] for name, one in result.get("more", {}).items()}
    return {"seed": seed, "test": result["accuracy"], **more, "params": result["params"], "seconds": result["seconds"]}


def _result(path: Path) -> dict[str, Any]:
    try:
        found = read_json(read_run(path).read_text("result.json"))
    except ValueError:
        raise error("HC7007", f"`{path}/result.json` is damaged", help="train that seed again") from None
    assert isinstance(found, dict)
    return found
