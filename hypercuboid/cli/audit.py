"""`hypercuboid audit`: whether weightings prefer small alternatives, on planted spaces and on a given one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hypercuboid.cli.common import (
    PATH,
    checkpoint_minutes_option,
    command_line,
    device_option,
    inputs_option,
    json_option,
    parameters_option,
    quiet_option,
    say,
    show_diagnostics,
    split_target,
    threads_option,
    use_device,
)
from hypercuboid.cli.recipe_options import recipe_of, recipe_options
from hypercuboid.search.recipe import Recipe

if TYPE_CHECKING:
    from hypercuboid.auditing.numbers import Number
    from hypercuboid.auditing.work import Piece

FIRST = "scalar"

COLLAPSED = "HC7090"
"""An audit measures what this warning is about, in hundreds of searches."""


@click.command()
@click.argument("target", metavar="FILE[:NAME]")
@click.option("--data", metavar="NAME[:PATH]", help="The data set, as of `search`.")
@click.option("--run", type=PATH, metavar="DIR", help="The folder of the audit: a new one, or one to go on with.")
@click.option(
    "--weightings",
    metavar="NAME,...",
    help="What is compared, each with the first; without it all, beginning with scalar.",
)
@click.option("--seeds", type=click.IntRange(min=1, max=40), default=30, help="Searches of each kind, from --seed on.")
@click.option("--only", type=click.Choice(["planted", "natural"]), help="Leave out FILE's space, or the planted ones.")
@click.option(
    "--vary",
    multiple=True,
    metavar="NAME=VALUE",
    help="Run all of it again with another setting of the search or parameter of the space; repeatable.",
)
@click.option(
    "--train-epochs",
    type=click.IntRange(min=0),
    default=0,
    help="Train what is found for so many epochs, and random, the largest and the smallest architectures.",
)
@click.option("--random", type=click.IntRange(min=1), default=30, help="Random architectures that are trained.")
@click.option("--handmade", metavar="NAME", help="An `arch` of FILE that is trained beside them.")
@click.option("--jobs", type=click.IntRange(min=1, max=1000), default=1, help="Processes at a time.")
@click.option("--share", metavar="K/N", hidden=True, help="What one process of several does.")
@recipe_options(Recipe, without=("weighting",))
@parameters_option
@inputs_option
@device_option
@threads_option
@checkpoint_minutes_option
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Print the number of every seed, as numbers.csv in DIR has them.")
@quiet_option
def audit(
    target: str,
    data: str | None,
    run: Path | None,
    jobs: int,
    share: str | None,
    as_json: bool,
    as_csv: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Test whether weightings prefer small alternatives early on (sharpDARTS, Sec. 4.3).

    Planted spaces have alternatives that can do equally much, with parameters and without; the space of FILE has its
    own. Searches are paired by seed: the same weights and batches at the start, another weighting. Means over
    seeds, exact sign-flip tests corrected by Holm, and what so many seeds could have detected.

    Stopped or killed, the same command goes on. FILE may be the numbers.csv of an audit: its tables alone.

    Examples:

      hypercuboid audit spaces/multichannelnet.hc --data digits --run runs/audit --epochs 8 --seeds 10

      hypercuboid audit spaces/multichannelnet.hc --data digits --run runs/two --weightings scalar,max_w --only natural
      --vary alpha_weight_decay=0 --train-epochs 10

      hypercuboid audit runs/audit/numbers.csv
    """
    if target.endswith(".csv"):
        from hypercuboid.auditing.numbers import read_numbers

        _show(read_numbers(Path(target)), as_json, as_csv)
        return
    if data is None or run is None:
        raise click.UsageError("Missing option '--data'." if data is None else "Missing option '--run'.")
    all_pieces = _pieces(target, data, run, options)
    part = _read_share(share)
    if part is not None:
        _work(all_pieces, part, quiet=True)
        return
    _run(all_pieces, jobs, quiet)
    _finish(all_pieces, run, as_json, as_csv)


def _pieces(target: str, data: str, run: Path, options: dict[str, Any]) -> list[Piece]:
    """All that is to be run."""
    from hypercuboid.auditing.design import Given, check_weightings, natural, planted
    from hypercuboid.auditing.work import Trainings, pieces
    from hypercuboid.data.base import load_data
    from hypercuboid.searching import SearchRequest
    from hypercuboid.training.recipe import Recipe as TrainingRecipe

    images, recipe = (
        load_data(data),
        recipe_of(Recipe, {name: options[name] for name in Recipe.model_fields if name in options}).recipe,
    )
    names = _weightings(options["weightings"])
    check_weightings(names)
    device = use_device(options["device"], options["threads"])
    file, name = split_target(target)
    given = Given(file, name, options["parameters"], options["inputs"])
    places = [] if options["only"] == "planted" else natural(given, images, recipe, options["vary"])
    places = [*([] if options["only"] == "natural" else planted(images, recipe)), *places]
    epochs = options["train_epochs"]
    trainings = (
        Trainings(TrainingRecipe(epochs=epochs), given, options["random"], options["handmade"]) if epochs else None
    )
    every, command = 60 * options["checkpoint_minutes"], command_line().split(" --share ")[0]
    request = SearchRequest(places[0].space, images, run, recipe, device, 0, command, checkpoint_seconds=every)
    return pieces(places, names, options["seeds"], request, trainings)


def _weightings(text: str | None) -> list[str]:
    from hypercuboid.search.known import KNOWN

    names = KNOWN["weighting"].names
    asked = text.split(",") if text else [FIRST, *(name for name in names if name != FIRST)]
    return list(dict.fromkeys(name.strip() for name in asked))


def _read_share(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    part, parts = map(int, text.split("/"))
    return part, parts


def _run(all_pieces: Sequence[Piece], jobs: int, quiet: bool) -> None:
    from hypercuboid.auditing.work import prepare
    from hypercuboid.seed_runs import Command, run_commands

    if jobs == 1:
        _work(all_pieces, (1, 1), quiet)
        return
    prepare(all_pieces)
    arguments = [[*sys.argv[1:], "--share", f"{part}/{jobs}", "--quiet"] for part in range(1, jobs + 1)]
    run_commands([Command(f"process {part} of the audit", one) for part, one in enumerate(arguments, 1)], jobs)


def _work(all_pieces: Sequence[Piece], part: tuple[int, int], quiet: bool) -> None:
    from hypercuboid.auditing.work import share
    from hypercuboid.cli.progress import Watch

    mine, done = share(all_pieces, *part), 0
    with Watch("audit", sum(piece.steps for piece in mine), quiet) as watch:
        for piece in mine:
            words = f"{piece.arm.space}, {piece.arm.condition}, {piece.arm.name}, seed {piece.seed}"
            piece.run(
                lambda step, done=done, words=words: watch.update(done + step.step, words),  # type: ignore[misc]
                lambda warning: None if warning.code == COLLAPSED else show_diagnostics([warning]),
            )
            done += piece.steps
            watch.update(done, words)


def _finish(all_pieces: Sequence[Piece], run: Path, as_json: bool, as_csv: bool) -> None:
    from hypercuboid.auditing.numbers import write_numbers
    from hypercuboid.auditing.results import numbers
    from hypercuboid.runs.files import write_text

    found = numbers(all_pieces)
    write_text(run / "numbers.csv", write_numbers(found))
    _show(found, as_json, as_csv)
    if not (as_json or as_csv):
        say(f"wrote {run / 'numbers.csv'}")


def _show(numbers: Sequence[Number], as_json: bool, as_csv: bool) -> None:
    from hypercuboid.auditing.numbers import write_numbers
    from hypercuboid.cli.audit_tables import print_audit_json, print_tables

    if as_csv:
        say(write_numbers(numbers).rstrip("\n"))
    elif as_json:
        print_audit_json(numbers)
    else:
        print_tables(numbers)
