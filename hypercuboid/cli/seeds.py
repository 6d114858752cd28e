"""What `search --seeds N` prints: progress over all seeds, one table, agreement, consensus and cost."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from hypercuboid.cli.common import print_json, say, say_table, show_diagnostics

if TYPE_CHECKING:
    from hypercuboid.search.progress import Step
    from hypercuboid.searching import SearchRequest
    from hypercuboid.seed_table import SeedTable

COLUMNS = ("seed", "score", "margin", "entropy", "validation_accuracy", "alpha_gradient", "params", "macs", "seconds")


def search_seeds(request: SearchRequest, seeds: int, jobs: int, form: str, quiet: bool) -> None:
    """Runs what is not finished, and prints and writes the table (`seeds.json`, `seeds.csv`) and the consensus."""
    from hypercuboid.cli.progress import Watch
    from hypercuboid.runs.files import write_text
    from hypercuboid.search.loop import steps_of_a_search
    from hypercuboid.seed_runs import requests_of, run_in_processes, run_one_after_another
    from hypercuboid.seed_table import seed_table

    requests = requests_of(request, seeds)
    if jobs > 1:
        run_in_processes(requests, jobs, sys.argv[1:])
    else:
        steps = steps_of_a_search(request.data, request.recipe)
        with Watch("search", seeds * steps, quiet) as watch:

            def show(position: int, step: Step) -> None:
                watch.update(
                    position * steps + step.step, f"seed {requests[position].recipe.seed}, loss {step.loss:.4f}"
                )

            run_one_after_another(requests, show, lambda warning: show_diagnostics([warning]))
    table = seed_table(request.space, [(one.recipe.seed, one.run) for one in requests])
    data, lines = _data(table, request), _csv(table)
    write_text(request.run / "seeds.csv", lines)
    _write_json(request, data)
    _write_consensus(table, request)
    if form == "json":
        print_json(data)
    elif form == "csv":
        say(lines.rstrip("\n"))
    else:
        _print(table, request)


def _write_json(request: SearchRequest, data: dict[str, Any]) -> None:
    import json

    from hypercuboid.runs.files import write_text

    write_text(request.run / "seeds.json", json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


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


def _csv(table: SeedTable) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in table.rows:
        writer.writerow([getattr(row, name) for name in COLUMNS])
    return text.getvalue()


def _print(table: SeedTable, request: SearchRequest) -> None:
    from rich.table import Table

    shown = Table(*(name.replace("_", " ") for name in COLUMNS), box=None, pad_edge=False)
    for row in table.rows:
        shown.add_row(*(_cell(getattr(row, name)) for name in COLUMNS))
    shown.add_row("spread", *(_spread(table, name) for name in COLUMNS[1:]))
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


def _cell(value: float | int | None) -> str:
    if value is None:
        return "none"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"


def _spread(table: SeedTable, name: str) -> str:
    if name not in table.spread:
        return ""
    middle, half = table.spread[name]
    return f"{middle:.4g} +- {half:.2g}"
