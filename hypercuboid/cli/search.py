"""`hypercuboid search`: a space searched on data, and a run folder with all that was found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hypercuboid.cli.common import (
    PATH,
    augment_option,
    checkpoint_minutes_option,
    command_line,
    data_option,
    device_option,
    inputs_option,
    move_aside,
    parameters_option,
    quiet_option,
    restart_option,
    say,
    seed_option,
    show_diagnostics,
    split_target,
    target_argument,
    threads_option,
    use_device,
    workers_option,
)

if TYPE_CHECKING:
    from hypercuboid.pipeline import Architecture
    from hypercuboid.search.progress import Step


@click.command()
@target_argument
@data_option
@click.option(
    "--run", type=PATH, required=True, metavar="DIR", help="The folder of the run: a new one, or one to go on with."
)
@click.option(
    "--strategy",
    default="first_order",
    metavar="NAME",
    help="How the search is made: first_order, second_order (DARTS), single_level, ...; an unknown name lists them.",
)
@click.option(
    "--weighting",
    default="scalar",
    metavar="NAME",
    help="How weights become coefficients: scalar, max_w (Eq. 3), ...; an unknown name lists them.",
)
@click.option(
    "--temperature",
    type=(click.FloatRange(min=1e-9), click.FloatRange(min=1e-9)),
    default=(10.0, 0.1),
    metavar="FIRST LAST",
    help="Of Gumbel-softmax: at the first step and at the last.",
)
@click.option("--penalty", default="", metavar="NAME", help="Added to the loss of architecture steps: zero_one, ...")
@click.option("--penalty-weight", type=click.FloatRange(min=0), default=1.0, help="What multiplies it.")
@click.option("--cost", default="", metavar="NAME", help="Expected params, macs, add_mult or activations in the loss.")
@click.option("--cost-weight", type=click.FloatRange(min=0), default=0.1, help="What multiplies it, over its start.")
@click.option("--cost-target", type=click.FloatRange(min=0), default=0.0, help="What it may be; 0 is as little as can.")
@click.option(
    "--perturb", default="", metavar="NAME", help="Perturb alphas in steps of the weights: random, or adversarial."
)
@click.option(
    "--perturb-by", type=click.FloatRange(min=0, min_open=True), default=0.3, help="The largest offset, at the end."
)
@click.option("--perturb-steps", type=click.IntRange(min=1), default=7, help="Steps of the adversary.")
@click.option(
    "--alpha-warmup", type=click.IntRange(min=0), default=0, help="Epochs at the start without architecture steps."
)
@click.option(
    "--without", multiple=True, metavar="LABEL", help="Leave the alternatives of this label out of every choice."
)
@click.option(
    "--freeze", multiple=True, metavar="NAME", help="A decision or a label whose architecture parameters do not move."
)
@click.option("--epochs", type=click.IntRange(min=1, max=100_000), default=60, help="Passes over the search halves.")
@click.option("--batch", type=click.IntRange(min=2, max=1_000_000), default=64, help="Images in one step.")
@click.option("--lr", type=click.FloatRange(min=1e-9), default=0.025, help="The highest learning rate of the weights.")
@click.option(
    "--alpha-lr",
    type=click.FloatRange(min=1e-9),
    default=3e-4,
    help="The learning rate of the architecture parameters.",
)
@click.option("--power", type=click.FloatRange(min=1), default=2.0, help="p of cosine power annealing; 1 is cosine.")
@click.option(
    "--narrow-every", type=click.IntRange(min=1), default=5, help="Of narrowing: epochs between two times it decides."
)
@click.option(
    "--narrow-share",
    type=click.FloatRange(min=0, max=1, min_open=True),
    default=0.25,
    help="Of narrowing: the share of the open parts decided each time.",
)
@click.option(
    "--narrow-by",
    type=click.Choice(["margin", "entropy"]),
    default="margin",
    help="Of narrowing: what says which part is surest.",
)
@augment_option
@click.option("--warmup", type=click.IntRange(min=0), default=0, help="Epochs of linear ramp before it.")
@seed_option
@parameters_option
@inputs_option
@workers_option
@device_option
@threads_option
@click.option("--max-ops", type=click.IntRange(min=1), default=100_000, help="The most atomic ops to build.")
@click.option("--max-weights", type=click.IntRange(min=1), default=1_000_000, help="The most weights to build.")
@restart_option
@checkpoint_minutes_option
@quiet_option
def search(
    target: str,
    data: str,
    run: Path,
    strategy: str,
    weighting: str,
    temperature: tuple[float, float],
    penalty: str,
    penalty_weight: float,
    cost: str,
    cost_weight: float,
    cost_target: float,
    perturb: str,
    perturb_by: float,
    perturb_steps: int,
    alpha_warmup: int,
    freeze: tuple[str, ...],
    without: tuple[str, ...],
    epochs: int,
    batch: int,
    lr: float,
    alpha_lr: float,
    power: float,
    narrow_every: int,
    narrow_share: float,
    narrow_by: str,
    augment: str,
    warmup: int,
    seed: int,
    parameters: tuple[str, ...],
    inputs: tuple[str, ...],
    workers: int,
    device: str,
    threads: int | None,
    max_ops: int,
    max_weights: int,
    restart: bool,
    checkpoint_minutes: float,
    quiet: bool,
) -> None:
    """Search a space: weights on one half of the training images, the architecture on the other.

    First-order bilevel search with the defaults of the paper. It ends by selecting the best architecture and writing
    it as text (arch.hc), as plain PyTorch source (model.py) and as a picture (supernet.svg). The test images are never
    seen. Ctrl-C (or SIGTERM, SIGUSR1) stops it after the step, with exit code 75; the same command goes on where it
    stopped, bit for bit, also after a crash.

    FILE:NAME may name a `search` of the file: its space is searched with its settings, and options win over them.

    Examples:

      hypercuboid search spaces/multichannelnet.hc --data digits --run runs/first --epochs 10

      hypercuboid search spaces/multichannelnet.hc --data digits --run runs/max-w --weighting max_w -p layers=2
    """
    from hypercuboid.cli.progress import Watch
    from hypercuboid.data.base import load_data
    from hypercuboid.search.loop import steps_of_a_search
    from hypercuboid.search.recipe import Recipe
    from hypercuboid.searching import SearchRequest, load_for_data, run_search, settings_of

    images = load_data(data)
    file, name = split_target(target)
    name, settings = settings_of(file, name)
    space = load_for_data(file, name, parameters, inputs, images)
    chosen = use_device(device, threads)
    options = {
        "epochs": epochs,
        "batch": batch,
        "seed": seed,
        "strategy": strategy,
        "weighting": weighting,
        "temperature": temperature,
        "penalty": penalty,
        "penalty_weight": penalty_weight,
        "cost": cost,
        "cost_weight": cost_weight,
        "cost_target": cost_target,
        "perturb": perturb,
        "perturb_by": perturb_by,
        "perturb_steps": perturb_steps,
        "alpha_warmup": alpha_warmup,
        "freeze": freeze,
        "without": without,
        "lr": lr,
        "power": power,
        "narrow_every": narrow_every,
        "narrow_share": narrow_share,
        "narrow_by": narrow_by,
        "augment": augment,
        "warmup": warmup,
        "alpha_lr": alpha_lr,
    }
    recipe = Recipe.model_validate({**options, **settings, **_written(options)})
    if "lr_min" not in settings:
        recipe = recipe.model_copy(update={"lr_min": min(recipe.lr, 1e-4)})
    limits = (max_ops, max_weights, 60 * checkpoint_minutes)
    request = SearchRequest(space, images, run, recipe, chosen, workers, command_line(), *limits)
    if restart:
        move_aside(run)
    for line in images.about:
        say(line)
    with Watch("search", steps_of_a_search(images, recipe), quiet) as watch:

        def show(step: Step) -> None:
            accuracy = f"{100 * step.accuracy:.2f} % and {100 * step.validation_accuracy:.2f} %"
            watch.update(step.step, f"loss {step.loss:.4f}, accuracy {accuracy} (train, validation)")

        found = run_search(request, show, lambda warning: show_diagnostics([warning]))
    _print(found, run)


def _written(options: dict[str, object]) -> dict[str, object]:
    """The options that stand on the command line: they win over the settings of a `search`."""
    context = click.get_current_context()
    source = click.core.ParameterSource.COMMANDLINE
    return {name: value for name, value in options.items() if context.get_parameter_source(name) is source}


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
