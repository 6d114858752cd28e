"""`hypercuboid sweep`: a fleet of searches over spaces, settings and seeds, and the table of what they found."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hypercuboid.cli.common import PATH, print_json, quiet_option, remark, say, say_table
from hypercuboid.diagnostics import error

if TYPE_CHECKING:
    from hypercuboid.sweep_table import Group, Row, SweepTable
    from hypercuboid.sweeping import Member


@click.command()
@click.argument("file", required=False, metavar="[FILE.toml]", type=PATH, help="What to search.")
@click.option("--run", type=PATH, metavar="DIR", help="The folder of all runs: a new one, or one to go on with.")
@click.option("--table", type=PATH, metavar="DIR", help="Run nothing; print the table of the searches below DIR.")
@click.option("--on", "place", default="local", metavar="FLEET", help="Where they run: local, slurm or dask.")
@click.option("--jobs", type=click.IntRange(min=1, max=10_000), default=1, help="Searches at a time.")
@click.option(
    "--retries", type=click.IntRange(min=0, max=1000), default=2, help="How often one that failed is started again."
)
@click.option(
    "--option", "options", multiple=True, metavar="NAME=VALUE", help="Of the fleet: slurm_partition=..., address=..."
)
@click.option("--dry-run", is_flag=True, help="Run nothing; print the commands.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", help="How the table is printed."
)
@quiet_option
def sweep(
    file: Path | None,
    run: Path | None,
    table: Path | None,
    place: str,
    jobs: int,
    retries: int,
    options: tuple[str, ...],
    dry_run: bool,
    form: str,
    quiet: bool,
) -> None:
    """Run searches over spaces, settings and seeds, each in a run folder of its own, and show what they found.

    FILE.toml says `data`, `spaces`, `seeds`, settings of all of them in `[settings]`, and lists of values in `[vary]`,
    of which every combination is searched. A search that fails is started again and goes on from its checkpoint. The
    same command goes on with what is not finished.

    Examples:

      hypercuboid sweep sweep.toml --run runs/sweep --jobs 4

      hypercuboid sweep sweep.toml --run runs/sweep --on slurm --jobs 100 --option slurm_partition=gpu

      hypercuboid sweep --table runs/sweep
    """
    if (file is None) == (table is None):
        raise click.UsageError("give FILE.toml to run, or --table DIR to look at")
    if file is not None:
        if run is None:
            raise click.UsageError("--run says where the runs are to be")
        _run(file, run, place, jobs, retries, _options(options), dry_run, quiet)
        table = run
    if table is not None and not dry_run:
        _show(table, form)


def _options(given: tuple[str, ...]) -> Mapping[str, str]:
    pairs = [one.partition("=") for one in given]
    if not all(sign for _, sign, _ in pairs):
        raise click.BadParameter("write NAME=VALUE", param_hint="'--option'")
    return {name: value for name, _, value in pairs}


def _run(
    file: Path,
    run: Path,
    place: str,
    jobs: int,
    retries: int,
    options: Mapping[str, str],
    dry_run: bool,
    quiet: bool,
) -> None:
    from hypercuboid.fleets import FLEETS, Asked, Task, run_fleet
    from hypercuboid.sweeping import is_done, members_of, read_sweep

    members = members_of(read_sweep(file), run)
    _check(members)
    fleet = FLEETS.get(place)
    if fleet is None:
        raise error("HC7812", f"no fleet is called `{place}`", help=FLEETS.suggest(place))
    if dry_run:
        for one in members:
            say(shlex.join(["hypercuboid", *one.arguments]))
        return
    left = [one for one in members if not is_done(one)]
    tasks = [Task(one.name, one.arguments, run / "logs" / f"{one.name.replace('/', '_')}.log") for one in left]
    done = {"ended": len(members) - len(left)}

    def tell(name: str, what: str) -> None:
        done["ended"] += what == "finished"
        if not quiet:
            remark(f"{done['ended']}/{len(members)} {name} {what}")

    with fleet(Asked(run.absolute(), jobs, options)) as opened:
        failed = run_fleet(opened, tasks, jobs, retries, tell)
    if failed:
        first, code = next(iter(failed.items()))
        message = f"{len(failed)} of {len(members)} searches failed, first `{first}` with code {code}"
        raise error("HC7814", message, help=f"what they said is in `{run / 'logs'}`; the same command goes on")


def _check(members: Sequence[Member]) -> None:
    """Wrong settings are told before anything runs, in the words of `search`."""
    from hypercuboid.cli.search import search

    for one in {one.arguments: one for one in members}.values():
        try:
            search.make_context("search", list(one.arguments[1:]))
        except click.UsageError as problem:
            raise click.UsageError(f"{one.name}: {problem.format_message()}") from None


def _show(folder: Path, form: str) -> None:
    from hypercuboid.sweep_table import sweep_table

    if not folder.is_dir():
        raise error("HC7007", f"`{folder}` is no folder", help="name the folder that holds the runs")
    table = sweep_table(folder)
    if form == "json":
        print_json(_data(table))
    elif form == "csv":
        say(_csv(table).rstrip("\n"))
    else:
        _print(table)


def _data(table: SweepTable) -> dict[str, Any]:
    spreads = [
        {
            "settings": dict(one.settings),
            "seeds": one.seeds,
            "spread": {name: {"median": middle, "half_range": half} for name, (middle, half) in one.spread.items()},
        }
        for one in table.groups
    ]
    return {"searches": [_flat(row) for row in table.rows], "groups": spreads, "device_hours": table.hours}


def _flat(row: Row) -> dict[str, Any]:
    about = {"run": row.run, "seed": row.seed, "state": row.state, "epochs": row.epochs}
    return {**about, **row.settings, **row.numbers, "seconds": round(row.seconds, 3)}


def _csv(table: SweepTable) -> str:
    from hypercuboid.cli.seeds import csv_of

    rows = [_flat(row) for row in table.rows]
    return csv_of(list(rows[0]) if rows else ["run"], rows)


def _print(table: SweepTable) -> None:
    from rich.table import Table

    from hypercuboid.cli.seeds import cell_text
    from hypercuboid.sweep_table import NUMBERS

    if not table.rows:
        say("no searches")
        return
    heads = [name.replace("_", " ") for name in NUMBERS]
    shown = Table("run", "state", "epochs", *heads, box=None, pad_edge=False)
    for row in table.rows:
        cells = [cell_text(row.numbers[name]) for name in NUMBERS]
        shown.add_row(row.run, row.state, row.epochs, *cells)
    say_table(shown)
    places = Table(*table.settings, "seeds", *heads, box=None, pad_edge=False)
    for group in table.groups:
        places.add_row(*map(str, group.settings.values()), str(group.seeds), *_spreads(group))
    say_table(places)
    say(f"{table.hours:.4g} device hours")


def _spreads(group: Group) -> list[str]:
    from hypercuboid.cli.seeds import spread_text
    from hypercuboid.sweep_table import NUMBERS

    return [spread_text(group.spread, name) for name in NUMBERS]
