"""`hypercuboid runs`: the runs below a folder, with their states, progress and best results."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from hypercuboid.cli.common import PATH, json_option, print_json, say, say_table
from hypercuboid.diagnostics import error


@click.command()
@click.argument("place", required=False, default=Path("runs"), metavar="[DIR]", type=PATH, help="Where to look.")
@json_option
def runs(place: Path, as_json: bool) -> None:
    """List runs: finished, running, or stopped, which means that the command that began one goes on with it.

    Examples:

      hypercuboid runs

      hypercuboid runs /data/experiments --json
    """
    from rich.table import Table

    from hypercuboid.runs.listing import find_runs, summarise

    if not place.is_dir():
        raise error("HC7007", f"`{place}` is no folder", help="name the folder that holds your runs")
    found = [summarise(path) for path in find_runs(place)]
    if as_json:
        print_json([{**asdict(one), "path": str(one.path)} for one in found])
        return
    if not found:
        say(f"no runs in {place}")
        return
    table = Table(*("run", "kind", "state", "epoch", "best"), box=None, pad_edge=False)
    for one in found:
        table.add_row(str(one.path), one.kind, one.state, f"{one.epoch}/{one.epochs}" if one.epochs else "", one.best)
    say_table(table)
