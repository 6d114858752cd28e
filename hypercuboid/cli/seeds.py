"""Several seeds by one command: its options, progress over all of them, and what `search --seeds N` prints."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hypercuboid.cli.common import print_json, say, say_table, show_diagnostics

if TYPE_CHECKING:
    from hypercuboid.searching import SearchRequest
    from hypercuboid.seed_runs import SeedRun
    from hypercuboid.seed_table import SeedTable

COLUMNS = ("seed", "score", "margin", "entropy", "validation_accuracy", "alpha_gradient", "params", "macs", "seconds")


seeds_option = click.option(
    "--seeds",
    type=click.IntRange(min=1, max=10_000),
    default=1,
    help="So many runs, from --seed on, each in a folder of DIR, and one table.",
)
jobs_option = click.option(
    "--jobs", type=click.IntRange(min=1, max=1000), default=1, help="Of several seeds: processes at a time."
)
format_option = click.option(
    "--format",
    "table_format",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    help="Of several seeds: how the table is printed.",
)


def run_seeds(runs: Sequence[SeedRun[Any]], jobs: int, steps: int, quiet: bool) -> None:
    """Runs what is not finished, `steps` steps each, with one progress bar over all seeds."""
    from hypercuboid.cli.progress import Watch
    from hypercuboid.seed_runs import run_in_processes, run_one_after_another

    if jobs > 1:
        run_in_processes(runs, jobs, sys.argv[1:])
        return
    with Watch(runs[0].what, len(runs) * steps, quiet) as watch:

        def show(position: int, step: Any) -> None:
            watch.update(position * steps + step.step, f"seed {runs[position].seed}, loss {step.loss:.4f}")

        run_one_after_another(runs, show, lambda warning: show_diagnostics([warning]))


def search_seeds(request: SearchRequest, seeds: int, jobs: int, form: str, quiet: bool) -> None:
    """Runs what is not finished, and prints and writes the table (`seeds.json`, `seeds.csv`) and the consensus."""
    from hypercuboid.runs.files import write_text
    from hypercuboid.search.loop import steps_of_a_search
    from hypercuboid.seed_runs import searches_of
    from hypercuboid.seed_table import seed_table

    runs = searches_of(request, seeds)
    run_seeds(runs, jobs, steps_of_a_search(request.data, request.recipe), quiet)
    table = seed_table(request.space, [(one.seed, one.run) for one in runs])
    data, lines = _data(table, request), csv_of(COLUMNS, [vars(row) for row in table.rows])
    write_text(request.run / "seeds.csv", lines)
    write_json(request.run, data)
    _write_consensus(table, request)
    if form == "json":
        print_json(data)
    elif form == "csv":
        say(lines.rstrip("\n"))
    else:
        _print(table, request)


def write_json(folder: Path, data: dict[str, Any]) -> None:
    """The table as `seeds.json`."""
    import json

    from hypercuboid.runs.files import write_text

    write_text(folder / "seeds.json", json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def _write_consensus(table: SeedTable, request: SearchRequest) -> None:
    """The consensus as a run folder has its architecture: text beside the space, and source."""
    from hypercuboid.data.card import card_of
    from hypercuboid.runs.files import write_text
    from hypercuboid.searching import arch_file

    for name, text in request.space.companions().items():
        (request.run / name).parent.mkdir(parents=True, exist_ok=True)
        write_text(request.run / name, text)
    write_text(request.run / "space.hc", request.space.resolved())
    write_text(request.run / "arch.hc", arch_file(table.consensus))
    write_text(request.run / "model.py", table.consensus.source(command=request.command, card=card_of(request.data)))


def _data(table: SeedTable, request: SearchRequest) -> dict[str, Any]:
    return {
        "seeds": [asdict(row) for row in table.rows],
        "spread": {name: {"median": middle, "half_range": half} for name, (middle, half) in table.spread.items()},
        "agreement": {site: {**asdict(one), "decided": one.decided} for site, one in table.agreements.items()},
        "gradients_between_seeds": table.gradients,
        "decided": not table.doubts,
        "doubts": list(table.doubts),
        "consensus": table.consensus.text,
        "majority": table.majority.text,
        "device": str(request.device),
        "device_hours": table.hours,
    }


def csv_of(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """A table as text with commas."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[row[name] for name in columns] for row in rows])
    return text.getvalue()


def _print(table: SeedTable, request: SearchRequest) -> None:
    from rich.table import Table

    shown = Table(*(name.replace("_", " ") for name in COLUMNS), box=None, pad_edge=False)
    for row in table.rows:
        shown.add_row(*(cell_text(getattr(row, name)) for name in COLUMNS))
    shown.add_row("spread", *(spread_text(table.spread, name) for name in COLUMNS[1:]))
    say_table(shown)
    places = Table("decision", "kept by most", "share", "bootstrap 95 %", "", box=None, pad_edge=False)
    for site, one in table.agreements.items():
        low, high = one.interval or (one.share, one.share)
        verdict = "" if one.decided else "not decided"
        places.add_row(site, one.kept, f"{one.share:.2f}", f"{low:.2f} to {high:.2f}", verdict)
    say_table(places)
    for doubt in table.doubts:
        say(f"not decided: {doubt}")
    same = "the same" if table.majority.text == table.consensus.text else "another, in seeds.json"
    say(f"consensus by mean weights, in {request.run / 'arch.hc'} (by majority: {same})")
    say(table.consensus.text.rstrip("\n"))
    say(f"{table.hours:.4g} device hours on {request.device}")


def cell_text(value: float | int | None) -> str:
    """A number of a table."""
    if value is None:
        return "none"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"


def spread_text(spread: Mapping[str, tuple[float, float]], name: str) -> str:
    """Median and half range of a column that has them."""
    if name not in spread:
        return ""
    middle, half = spread[name]
    return f"{middle:.4g} +- {half:.2g}"
