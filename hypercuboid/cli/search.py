"""`hypercuboid search`: a space searched on data, and a run folder with all that was found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hypercuboid.cli.common import (
    CheckpointMinutes,
    Device,
    Inputs,
    Parameters,
    Quiet,
    Restart,
    Seed,
    Target,
    Threads,
    Workers,
    command_line,
    move_aside,
    say,
    show_diagnostics,
    split_target,
    use_device,
)

if TYPE_CHECKING:
    from hypercuboid.pipeline import Architecture
    from hypercuboid.search.loop import Step


def search(
    target: Target,
    data: Annotated[str, typer.Option("--data", metavar="NAME", help="The data set: digits.")],
    run: Annotated[
        Path, typer.Option("--run", metavar="DIR", help="The folder of the run: a new one, or one to go on with.")
    ],
    weighting: Annotated[
        str, typer.Option("--weighting", help="How weights become coefficients: scalar, or max_w (Eq. 3).")
    ] = "scalar",
    epochs: Annotated[int, typer.Option("--epochs", min=1, max=100_000, help="Passes over the search halves.")] = 60,
    batch: Annotated[int, typer.Option("--batch", min=2, max=1_000_000, help="Images in one step.")] = 64,
    lr: Annotated[float, typer.Option("--lr", min=1e-9, help="The highest learning rate of the weights.")] = 0.025,
    alpha_lr: Annotated[
        float, typer.Option("--alpha-lr", min=1e-9, help="The learning rate of the architecture parameters.")
    ] = 3e-4,
    power: Annotated[float, typer.Option("--power", min=1, help="p of cosine power annealing; 1 is cosine.")] = 2.0,
    warmup: Annotated[int, typer.Option("--warmup", min=0, help="Epochs of linear ramp before it.")] = 0,
    seed: Seed = 0,
    parameters: Parameters = None,
    inputs: Inputs = None,
    workers: Workers = 0,
    device: Device = "auto",
    threads: Threads = None,
    max_ops: Annotated[int, typer.Option("--max-ops", min=1, help="The most atomic ops to build.")] = 100_000,
    max_weights: Annotated[int, typer.Option("--max-weights", min=1, help="The most weights to build.")] = 1_000_000,
    restart: Restart = False,
    checkpoint_minutes: CheckpointMinutes = 1.0,
    quiet: Quiet = False,
) -> None:
    """Search a space: weights on one half of the training images, the architecture on the other.

    First-order bilevel search with the defaults of the paper. It ends by selecting the best architecture and writing
    it as text (arch.hc), as plain PyTorch source (model.py) and as a picture (supernet.svg). The test images are never
    seen. Ctrl-C (or SIGTERM, SIGUSR1) stops it after the step, with exit code 75; the same command goes on where it
    stopped, bit for bit, also after a crash.

    Examples:

      hypercuboid search spaces/multichannelnet.hc --data digits --run runs/first --epochs 10

      hypercuboid search spaces/multichannelnet.hc --data digits --run runs/max-w --weighting max_w -p layers=2
    """
    from hypercuboid.cli.progress import Watch
    from hypercuboid.data.base import load_data
    from hypercuboid.search.loop import steps_of_a_search
    from hypercuboid.search.recipe import Recipe
    from hypercuboid.searching import SearchRequest, load_for_data, run_search

    images = load_data(data)
    file, name = split_target(target)
    space = load_for_data(file, name, parameters or (), inputs or (), images)
    chosen = use_device(device, threads)
    recipe = Recipe(
        epochs=epochs,
        batch=batch,
        seed=seed,
        weighting=weighting,
        lr=lr,
        lr_min=min(lr, 1e-4),
        power=power,
        warmup=warmup,
        alpha_lr=alpha_lr,
    )
    limits = (max_ops, max_weights, 60 * checkpoint_minutes)
    request = SearchRequest(space, images, run, recipe, chosen, workers, command_line(), *limits)
    if restart:
        move_aside(run)
    with Watch("search", steps_of_a_search(images, recipe), quiet) as watch:

        def show(step: Step) -> None:
            accuracy = f"{100 * step.accuracy:.2f} % and {100 * step.validation_accuracy:.2f} %"
            watch.update(step.step, f"loss {step.loss:.4f}, accuracy {accuracy} (train, validation)")

        found = run_search(request, show, lambda warning: show_diagnostics([warning]))
    _print(found, run)


def _print(found: Architecture, run: Path) -> None:
    selection, counts = found.selection, found.counts()
    assert selection is not None
    say(f"found {found.name}")
    for site, kept in selection.picks.items():
        say(f"  {site} = {', '.join(kept)}")
    margin = "" if selection.margin is None else f", {100 * selection.margin:.3g} % above the second"
    say(f"score {selection.score:.6g}{margin}")
    if selection.entropy:
        values = selection.entropy.values()
        say(f"entropy per group {min(values):.4f} to {max(values):.4f} (1 is uniform, 0 decided)")
    if counts.params is not None:
        say(f"params {counts.params:,}, macs {counts.macs:,}")
    written = [name for name in ("arch.hc", "model.py", "supernet.svg", "weights.json") if (run / name).is_file()]
    say(f"wrote {', '.join(str(run / name) for name in written)}")
