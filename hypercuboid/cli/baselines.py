"""`hypercuboid baselines`: what searches found among random and other architectures, all trained alike."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hypercuboid.cli.common import (
    PATH,
    data_option,
    device_option,
    json_option,
    open_target,
    print_json,
    quiet_option,
    say,
    say_table,
    threads_option,
    use_device,
)
from hypercuboid.cli.recipe_options import recipe_layers, recipe_of, recipe_option, recipe_options
from hypercuboid.training.recipe import Recipe

if TYPE_CHECKING:
    from hypercuboid.benchmarking.alike import Alike, Trained
    from hypercuboid.benchmarking.standing import EqualCost, Standing
    from hypercuboid.pipeline import Space


@click.command()
@click.argument("run", metavar="RUN", type=PATH)
@data_option
@click.option("--random", "count", type=click.IntRange(min=2), default=100, help="Random architectures, none twice.")
@click.option(
    "--equal-cost",
    "trainings",
    type=click.IntRange(min=0),
    default=0,
    help="Also what random search has that trains so many on search-train and takes the best; 0: not.",
)
@click.option("--arch", "names", multiple=True, metavar="FILE:ARCH", help="Another one of the space; repeatable.")
@click.option("--into", type=PATH, metavar="DIR", help="Where trainings are kept, to be shared; `trained` in RUN.")
@recipe_option
@recipe_options(Recipe)
@device_option
@threads_option
@json_option
@quiet_option
def baselines(
    run: Path,
    data: str,
    count: int,
    trainings: int,
    names: tuple[str, ...],
    into: Path | None,
    recipe_name: str | None,
    device: str,
    threads: int | None,
    as_json: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Train what searches found, and random, largest and smallest architectures of the space, all alike.

    RUN is the folder of a search, or of several seeds. Every training is from scratch on both halves, with one seed and
    one recipe, and scored on test. The table says how many of 100 random architectures are less accurate. What was
    trained is kept: stopped or killed, the same command goes on, and other searches of the space share it by --into.
    The table is also in RUN/baselines.json, from which `report` shows it.

    Examples:

      hypercuboid baselines runs/first --data digits --random 20 --epochs 15

      hypercuboid baselines runs/eight-seeds --data fashion-mnist@14/4000+4000 --epochs 10 --equal-cost 8
    """
    from hypercuboid.benchmarking.alike import Alike
    from hypercuboid.benchmarking.standing import equal_cost, runs_of, standings
    from hypercuboid.data.base import load_data
    from hypercuboid.runs.files import write_text

    found = runs_of(run)
    space = open_target(str(found[0]), (), ())
    recipe = recipe_of(Recipe, options, recipe_layers("train", recipe_name)).recipe
    chosen = use_device(device, threads)
    alike = Alike(space, load_data(data), recipe, into or run / "trained", chosen)
    numbers = _numbers(space, found, names)
    drawn = _drawn(alike, count, quiet or as_json)
    rows = standings(alike, numbers, drawn)
    cost = equal_cost(alike, drawn, trainings) if trainings else None
    found_all = _data(rows, drawn, cost)
    write_text(run / "baselines.json", json.dumps(found_all, indent=2, allow_nan=False) + "\n")
    if as_json:
        print_json(found_all)
    else:
        _print(rows, drawn, cost)


def _numbers(space: Space, runs: Sequence[Path], names: Sequence[str]) -> dict[str, int]:
    """By what the table calls them."""
    from hypercuboid.auditing.baselines import found, largest, number_of, smallest

    numbers = {f"found by {one.name}": found(space, one) for one in runs}
    for name, number in (("most params", largest(space)), ("fewest params", smallest(space))):
        numbers |= {} if number is None else {name: number}
    for name in names:
        architecture = open_target(name, (), ())
        numbers[name] = number_of(space, architecture.elaborated.decided)
    return numbers


def _drawn(alike: Alike, count: int, quiet: bool) -> list[Trained]:
    from hypercuboid.auditing.baselines import drawn
    from hypercuboid.cli.progress import Watch

    numbers = drawn(alike.space, count)
    with Watch("train", len(numbers), quiet) as watch:
        found = []
        for place, number in enumerate(numbers):
            found.append(alike.train(number))
            watch.update(place + 1, f"random architectures, the last {100 * found[-1].accuracy:.2f} %")
    return found


def _data(rows: Sequence[Standing], drawn: Sequence[Trained], cost: EqualCost | None) -> Mapping[str, Any]:
    from hypercuboid.runs.intervals import median_and_half_range

    accuracy = median_and_half_range([one.accuracy for one in drawn])
    percentiles = [one.percentile for one in rows if one.name.startswith("found")]
    return {
        "found": {"percentile": median_and_half_range(percentiles)[0], "searches": len(percentiles)},
        "random": {"count": len(drawn), "median": accuracy[0], "half_range": accuracy[1]},
        "equal_cost": None if cost is None else asdict(cost),
        "architectures": [asdict(one) for one in rows],
    }


def _print(rows: Sequence[Standing], drawn: Sequence[Trained], cost: EqualCost | None) -> None:
    from rich.table import Table

    table = Table("architecture", "accuracy", "percentile", "params", "macs", box=None, pad_edge=False)
    for one in rows:
        cells = (f"{100 * one.accuracy:.2f} %", f"{one.percentile:.1f}", f"{one.params:,}", f"{one.macs:,}")
        table.add_row(one.name, *cells)
    say_table(table)
    data = _data(rows, drawn, cost)
    random, found = data["random"], data["found"]
    say(f"random: {random['count']}, median {100 * random['median']:.2f} % +- {100 * random['half_range']:.2f}")
    if cost is not None:
        what = f"the best of {cost.trainings} random ones by search-validation"
        say(f"{what}: on average {100 * cost.accuracy:.2f} %, percentile {cost.percentile:.1f}")
    say(f"found: median percentile {found['percentile']:.1f} over {found['searches']} searches")
