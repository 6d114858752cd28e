"""`hypercuboid benchmark`: searches held against networks whose accuracy is known."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from hypercuboid.cli.common import json_option, print_json, quiet_option, remark, say, say_table, threads_option

if TYPE_CHECKING:
    from rich.table import Table as Printed

Rows = list[dict[str, Any]]


@click.command()
@click.argument("name", type=click.Choice(["nas-bench-macro"]))
@click.option(
    "--strategy",
    "strategies",
    multiple=True,
    metavar="NAME",
    help="A black-box strategy to compare with random; repeatable. Without it all of them.",
)
@click.option(
    "--evaluations",
    "evaluations",
    multiple=True,
    type=click.IntRange(min=2, max=6561),
    default=(25, 50, 100),
    help="Architectures that may be looked up; repeatable.",
)
@click.option("--seeds", type=click.IntRange(min=2, max=40), default=30, help="Searches of each kind.")
@click.option("--data", metavar="NAME", help="Also rank a sample by shared weights and by training alone, on digits.")
@click.option("--sample", type=click.IntRange(min=3, max=6561), default=20, help="Architectures in that sample.")
@click.option("--search-epochs", type=click.IntRange(min=1), default=60, help="Epochs of the shared weights.")
@click.option("--train-epochs", type=click.IntRange(min=1), default=15, help="Epochs of each training alone.")
@threads_option
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, one row for each number.")
@quiet_option
def benchmark(
    name: str,
    strategies: tuple[str, ...],
    evaluations: tuple[int, ...],
    seeds: int,
    data: str | None,
    sample: int,
    search_epochs: int,
    train_epochs: int,
    threads: int | None,
    as_json: bool,
    as_csv: bool,
    quiet: bool,
) -> None:
    """Hold every black-box strategy and selection rule against known accuracies and against random search.

    NAS-Bench-Macro has 6,561 networks that its authors trained on CIFAR-10. A search that asks for accuracies is told
    the published ones. Regret is how far the best that it found is below the best there is; Kendall's tau says how
    well an order of all networks agrees with their accuracies. Random search asks for as many.

    Examples:

      hypercuboid benchmark nas-bench-macro

      hypercuboid benchmark nas-bench-macro --strategy evolution --evaluations 100 --seeds 10 --csv

      hypercuboid benchmark nas-bench-macro --data digits --threads 1
    """
    counts, silent = sorted(set(evaluations)), quiet or as_json or as_csv
    found = _known(strategies, counts, seeds, silent)
    if data is not None:
        found |= _trained(data, sample, search_epochs, train_epochs, threads, silent)
    if as_json:
        print_json(found)
    elif as_csv:
        _print_csv(found)
    else:
        _print(found)


def _known(strategies: Sequence[str], evaluations: list[int], seeds: int, silent: bool) -> dict[str, Rows]:
    """What is looked up."""
    from hypercuboid.benchmarking.ranking import rankings
    from hypercuboid.benchmarking.regret import compare, measure, merged, methods
    from hypercuboid.benchmarking.table import nas_bench_macro
    from hypercuboid.search.blackbox import BLACK_BOX

    table, names = nas_bench_macro(), methods(strategies or list(BLACK_BOX))
    regrets = []
    for one in measure(table, names, evaluations, seeds):
        regrets.append(one)
        if one.evaluations == evaluations[-1] and not silent:
            remark(f"{one.method}: {seeds} searches done")
    ranked = rankings(table, evaluations, seeds)
    return {"regret": [asdict(one) for one in compare(merged(regrets))], "ranking": [asdict(one) for one in ranked]}


def _trained(
    data: str, sample: int, search_epochs: int, train_epochs: int, threads: int | None, silent: bool
) -> dict[str, Rows]:
    """What is trained here."""
    from hypercuboid.benchmarking.sharing import Sharing, agreements
    from hypercuboid.cli.common import use_device
    from hypercuboid.data.base import load_data

    use_device("cpu", threads)
    sharing = Sharing(load_data(data), sample, search_epochs, train_epochs)
    tried = sharing.run(lambda what: None if silent else remark(f"training {what}"))
    return {"agreement": [asdict(one) for one in agreements(tried)], "sample": [asdict(one) for one in tried]}


def _print_csv(found: dict[str, Rows]) -> None:
    """A column `table` says which of the tables a row belongs to; what a table has not is empty."""
    rows = [{"table": name, **row} for name in ("regret", "ranking", "agreement") for row in found.get(name, [])]
    columns = list(dict.fromkeys(key for row in rows for key in row))
    writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def _print(found: dict[str, Rows]) -> None:
    say("regret in percentage points, mean and 95 % interval over seeds; p: exact sign-flip test against random, Holm")
    say_table(_table(found["regret"], "method", _regret_cell))
    say("Kendall's tau with the known accuracies, mean and 95 % interval over seeds; a random order has 0")
    say_table(_table(found["ranking"], "order", _tau_cell))
    if "agreement" in found:
        say("Kendall's tau with training alone, and 95 % interval over architectures")
        say_table(_table(found["agreement"], "what", _tau_cell, "by"))


def _table(rows: Rows, name: str, cell: Any, column: str = "evaluations") -> Printed:
    """A row for each name, a column for each value of `column`."""
    from rich.table import Table as Printed

    columns = list(dict.fromkeys(row[column] for row in rows))
    printed = Printed(name, *("none" if one is None else f"{one}" for one in columns))
    cells = {(row[name], row[column]): cell(row) for row in rows}
    for one in dict.fromkeys(row[name] for row in rows):
        printed.add_row(one, *(cells.get((one, column), "") for column in columns))
    return printed


def _regret_cell(row: dict[str, Any]) -> str:
    p = "" if row["p"] is None else f"  p {row['p']:.2g}"
    return f"{row['mean']:.3f} ({row['low']:.3f} to {row['high']:.3f}){p}"


def _tau_cell(row: dict[str, Any]) -> str:
    spread = "" if row["low"] is None else f" ({row['low']:.3f} to {row['high']:.3f})"
    return f"{row['tau']:.3f}{spread}"
