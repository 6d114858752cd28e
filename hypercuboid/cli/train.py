"""`hypercuboid train`: a generated file, or what a search found, trained from scratch and scored on test."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hypercuboid.cli.common import (
    PATH,
    checkpoint_minutes_option,
    command_line,
    data_option,
    device_option,
    is_run,
    json_option,
    log_option,
    mean_text,
    move_aside,
    open_architecture,
    print_json,
    quiet_option,
    restart_option,
    say,
    seed_option,
    show_diagnostics,
    threads_option,
    workers_option,
)
from hypercuboid.cli.evaluate import score_data, score_line
from hypercuboid.cli.inherited import inherited_weights
from hypercuboid.cli.ranks import on_ranks, ranks_options
from hypercuboid.cli.recipe_options import recipe_layers, recipe_of, recipe_option, recipe_options
from hypercuboid.cli.seeds import format_option, jobs_option, seeds_option
from hypercuboid.training.recipe import Recipe

if TYPE_CHECKING:
    import torch

    from hypercuboid.training.train import Score, Step


@click.command()
@click.argument("model", metavar="MODEL.py|RUN", help="A generated file, or the folder of a search.")
@data_option
@click.option(
    "--run", type=PATH, required=True, metavar="DIR", help="The folder of the run: a new one, or one to go on with."
)
@recipe_option
@recipe_options(Recipe)
@click.option(
    "--inherit", is_flag=True, help="Begin with the weights of the supernet that RUN searched, instead of fresh ones."
)
@click.option("--weights", type=PATH, metavar="FILE", help="Begin with the weights of this safetensors file.")
@seed_option
@seeds_option
@jobs_option
@format_option
@workers_option
@device_option
@threads_option
@ranks_options
@restart_option
@checkpoint_minutes_option
@json_option
@log_option
@quiet_option
def train(
    model: str,
    data: str,
    run: Path,
    recipe_name: str | None,
    inherit: bool,
    weights: Path | None,
    seed: int,
    seeds: int,
    jobs: int,
    table_format: str,
    workers: int,
    device: str,
    threads: int | None,
    devices: int,
    nodes: int,
    sync_batch_norm: bool,
    restart: bool,
    checkpoint_minutes: float,
    as_json: bool,
    logs: tuple[str, ...],
    quiet: bool,
    **options: Any,
) -> None:
    """Train a generated file from scratch and score it once on the test split.

    The file is run, so give only files that you trust. Its last class is the network. SGD with momentum, cosine
    power annealing; both halves that a search used are training data here, and test has never been seen before.
    Stopped by Ctrl-C, SIGTERM or SIGUSR1 (exit code 75), or killed, the same command goes on, bit for bit.

    With --seeds N it trains under N seeds, goes on with those that did not end, and shows median and half range.

    Examples:

      hypercuboid train runs/first --data digits --run runs/first-trained

      hypercuboid train model.py --data digits --run runs/again --epochs 60 --seed 1

      hypercuboid train model.py --data cifar10 --recipe cifar10-final-2000 --run runs/paper

      hypercuboid train runs/first --inherit --data digits --run runs/first-tuned --lr 0.01
    """
    from hypercuboid.cli.progress import Watch
    from hypercuboid.data.base import load_data
    from hypercuboid.runs.reading import read_run
    from hypercuboid.search.objective import objective_of
    from hypercuboid.training.run import TrainingRequest, train_file

    if seeds > 1 and devices * nodes > 1:
        raise click.UsageError("several seeds on several devices each are trainings of their own: give one --seed.")
    with on_ranks(devices, nodes, device, threads, sync_batch_norm) as (ranks, chosen):
        source = read_run(model).need("model.py") if is_run(model) else Path(model)
        resolved = recipe_of(Recipe, options, recipe_layers("train", recipe_name))
        recipe = resolved.recipe
        initial = _initial(model, inherit, weights, quiet or not ranks.is_writer)
        images, every = load_data(data), 60 * checkpoint_minutes
        more = (command_line(), every, resolved.sources, initial, ranks, logs, sync_batch_norm)
        request = TrainingRequest(source, images, run, recipe, seed, chosen, workers, *more)
        if restart and ranks.is_writer:
            move_aside(run)
        metric = objective_of(recipe).metric_name(images)
        share = metric.endswith("accuracy") and not recipe.metric
        steps = recipe.epochs * -(-len(request.data.splits["train"]) // recipe.batch)
        if seeds > 1:
            from hypercuboid.cli.training_seeds import train_seeds

            train_seeds(request, seeds, jobs, "json" if as_json else table_format, steps, quiet)
            return
        for line in images.about if ranks.is_writer else ():
            say(line)
        with Watch("train", steps, quiet or not ranks.is_writer) as watch:

            def show(step: Step) -> None:
                watch.update(step.step, f"loss {step.loss:.4f}, {metric} {mean_text(step.accuracy, share)}")

            score = train_file(request, show, lambda warning: show_diagnostics([warning]))
    if ranks.is_writer:
        _print(score, run, as_json)


def _initial(model: str, inherit: bool, weights: Path | None, quiet: bool) -> dict[str, torch.Tensor] | None:
    """What the network begins with, where it is not fresh weights."""
    if inherit and weights is not None:
        raise click.UsageError("--inherit and --weights both say what to begin with: give one")
    if weights is not None:
        from hypercuboid.runs.weights_file import read_weights_file

        return read_weights_file(weights)
    if not inherit:
        return None
    if not is_run(model):
        raise click.UsageError(
            "--inherit needs the folder of a search, which has a supernet; of a file, give --weights"
        )
    return inherited_weights(open_architecture(model, (), ())[0], Path(model), quiet)


def _print(score: Score, run: Path, as_json: bool) -> None:
    if as_json:
        print_json({**score_data(score), "more": {name: score_data(one) for name, one in score.more.items()}})
        return
    for name, one in {"test": score, **score.more}.items():
        say(score_line(name, one))
    say(f"wrote {run}")
