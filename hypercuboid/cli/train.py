"""`hypercuboid train`: a generated file, or what a search found, trained from scratch and scored on test."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hypercuboid.cli.common import (
    PATH,
    checkpoint_minutes_option,
    command_line,
    device_option,
    is_run,
    json_option,
    move_aside,
    print_json,
    quiet_option,
    restart_option,
    say,
    seed_option,
    show_diagnostics,
    threads_option,
    use_device,
    workers_option,
)

if TYPE_CHECKING:
    from hypercuboid.training.train import Score, Step


@click.command()
@click.argument("model", metavar="MODEL.py|RUN", help="A generated file, or the folder of a search.")
@click.option("--data", required=True, metavar="NAME", help="The data set: digits.")
@click.option(
    "--run", type=PATH, required=True, metavar="DIR", help="The folder of the run: a new one, or one to go on with."
)
@click.option("--epochs", type=click.IntRange(min=1, max=100_000), default=30, help="Passes over the training images.")
@click.option("--batch", type=click.IntRange(min=2, max=1_000_000), default=64, help="Images in one step.")
@click.option("--lr", type=click.FloatRange(min=1e-9), default=0.05, help="The highest learning rate.")
@click.option("--shift", type=click.IntRange(min=0), default=0, help="Augment: move images by up to this many pixels.")
@seed_option
@workers_option
@device_option
@threads_option
@restart_option
@checkpoint_minutes_option
@json_option
@quiet_option
def train(
    model: str,
    data: str,
    run: Path,
    epochs: int,
    batch: int,
    lr: float,
    shift: int,
    seed: int,
    workers: int,
    device: str,
    threads: int | None,
    restart: bool,
    checkpoint_minutes: float,
    as_json: bool,
    quiet: bool,
) -> None:
    """Train a generated file from scratch and score it once on the test split.

    The file is run, so give only files that you trust. Its last class is the network. SGD with momentum, cosine
    power annealing; both halves that a search used are training data here, and test has never been seen before.
    Stopped by Ctrl-C, SIGTERM or SIGUSR1 (exit code 75), or killed, the same command goes on, bit for bit.

    Examples:

      hypercuboid train runs/first --data digits --run runs/first-trained

      hypercuboid train model.py --data digits --run runs/again --epochs 60 --seed 1
    """
    from hypercuboid.cli.progress import Watch
    from hypercuboid.data.base import load_data
    from hypercuboid.runs.folder import read_run
    from hypercuboid.training.recipe import Recipe
    from hypercuboid.training.run import TrainingRequest, train_file

    source = read_run(model).need("model.py") if is_run(model) else Path(model)
    chosen = use_device(device, threads)
    recipe = Recipe(epochs=epochs, batch=batch, lr=lr, lr_min=min(lr, 1e-4), shift=shift)
    images, every = load_data(data), 60 * checkpoint_minutes
    request = TrainingRequest(source, images, run, recipe, seed, chosen, workers, command_line(), every)
    if restart:
        move_aside(run)
    steps = epochs * -(-len(request.data.splits["train"]) // batch)
    with Watch("train", steps, quiet) as watch:

        def show(step: Step) -> None:
            watch.update(step.step, f"loss {step.loss:.4f}, accuracy {100 * step.accuracy:.2f} %")

        score = train_file(request, show, lambda warning: show_diagnostics([warning]))
    _print(score, run, as_json)


def _print(score: Score, run: Path, as_json: bool) -> None:
    low, high = score.interval
    if as_json:
        print_json(
            {"accuracy": score.accuracy, "interval": [low, high], "correct": score.correct, "total": score.total}
        )
        return
    say(
        f"test accuracy {100 * score.accuracy:.2f} % ({score.correct} of {score.total}), "
        f"95 % interval {100 * low:.2f} to {100 * high:.2f} %"
    )
    say(f"wrote {run}")
