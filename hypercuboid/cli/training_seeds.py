"""What `train --seeds N` prints: progress over all seeds, then one table with medians and half ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypercuboid.cli.common import print_json, say, say_table
from hypercuboid.cli.seeds import cell_text, csv_of, run_seeds, spread_text, write_json

if TYPE_CHECKING:
    from hypercuboid.training.run import TrainingRequest
    from hypercuboid.training_table import TrainingTable


def train_seeds(request: TrainingRequest, seeds: int, jobs: int, form: str, steps: int, quiet: bool) -> None:
    """Trains what is not finished, and prints and writes the table (`seeds.json`, `seeds.csv`)."""
    from hypercuboid.runs.files import write_text
    from hypercuboid.seed_runs import trainings_of
    from hypercuboid.training_table import training_table

    runs = trainings_of(request, seeds)
    run_seeds(runs, jobs, steps, quiet)
    table = training_table([(one.seed, one.run) for one in runs])
    data, lines = _data(table), csv_of(table.columns, table.rows)
    write_text(request.run / "seeds.csv", lines)
    write_json(request.run, data)
    if form == "json":
        print_json(data)
    elif form == "csv":
        say(lines.rstrip("\n"))
    else:
        _print(table)


def _data(table: TrainingTable) -> dict[str, Any]:
    spread = {name: {"median": middle, "half_range": half} for name, (middle, half) in table.spread.items()}
    return {"seeds": [dict(row) for row in table.rows], "spread": spread}


def _print(table: TrainingTable) -> None:
    from rich.table import Table

    shown = Table(*table.columns, box=None, pad_edge=False)
    for row in table.rows:
        shown.add_row(*(cell_text(value) for value in row.values()))
    shown.add_row("spread", *(spread_text(table.spread, name) for name in table.columns[1:]))
    say_table(shown)
