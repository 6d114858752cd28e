"""`hypercuboid show`: one run: what was asked for, how far it came, what it found."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from hypercuboid.cli.common import PATH, json_option, print_json, say


@click.command()
@click.argument("run", metavar="RUN", type=PATH, help="The folder of a search or a training.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the metrics as CSV: a row per epoch.")
@json_option
def show(run: Path, as_csv: bool, as_json: bool) -> None:
    """Show a run: its command, its settings, its state, and its last and best epochs.

    Examples:

      hypercuboid show runs/first

      hypercuboid show runs/first --json

      hypercuboid show runs/first --csv > metrics.csv
    """
    from hypercuboid.runs.listing import last_checkpoint, read_metrics, summarise
    from hypercuboid.runs.reading import read_run

    if as_csv:
        from hypercuboid.runs.metrics_table import csv_text

        say(csv_text(read_metrics(read_run(run).path)).rstrip("\n"))
        return
    config, summary, metrics = read_run(run).config, summarise(run), read_metrics(run)
    files = sorted(path.name for path in run.iterdir() if path.is_file() and not path.name.startswith("."))
    found: dict[str, Any] = {
        **asdict(summary),
        "path": str(run),
        "checkpoint": last_checkpoint(run),
        "config": dict(config),
        "last": metrics[-1] if metrics else {},
        "files": files,
    }
    if as_json:
        print_json(found)
        return
    say(f"{run}: {summary.kind}, {summary.state}, epoch {summary.epoch} of {summary.epochs}")
    say(f"began with: {summary.command}")
    if summary.best:
        say(f"best: {summary.best}")
    if summary.state == "stopped":
        step = found["checkpoint"]
        say(f"the same command goes on {'from its beginning' if step is None else f'after step {step}'}")
    for name, value in found["last"].items():
        say(f"  {name} {value}")
    for name, value in config.items():
        if name not in ("kind", "command"):
            say(f"  {name}: {value}")
    say(f"files: {', '.join(files)}")
