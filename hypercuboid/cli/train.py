"""`hypercuboid train`: a generated file, or what a search found, trained from scratch and scored on test."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hypercuboid.cli.common import (
    AsJson,
    CheckpointMinutes,
    Device,
    Quiet,
    Restart,
    Seed,
    Threads,
    Workers,
    command_line,
    is_run,
    move_aside,
    print_json,
    say,
    show_diagnostics,
    use_device,
)

if TYPE_CHECKING:
    from hypercuboid.training.train import Score, Step


def train(
    model: Annotated[str, typer.Argument(metavar="MODEL.py|RUN", help="A generated file, or the folder of a search.")],
    data: Annotated[str, typer.Option("--data", metavar="NAME", help="The data set: digits.")],
    run: Annotated[
        Path, typer.Option("--run", metavar="DIR", help="The folder of the run: a new one, or one to go on with.")
    ],
    epochs: Annotated[int, typer.Option("--epochs", min=1, max=100_000, help="Passes over the training images.")] = 30,
    batch: Annotated[int, typer.Option("--batch", min=2, max=1_000_000, help="Images in one step.")] = 64,
    lr: Annotated[float, typer.Option("--lr", min=1e-9, help="The highest learning rate.")] = 0.05,
    shift: Annotated[int, typer.Option("--shift", min=0, help="Augment: move images by up to this many pixels.")] = 0,
    seed: Seed = 0,
    workers: Workers = 0,
    device: Device = "auto",
    threads: Threads = None,
    restart: Restart = False,
    checkpoint_minutes: CheckpointMinutes = 1.0,
    as_json: AsJson = False,
    quiet: Quiet = False,
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
