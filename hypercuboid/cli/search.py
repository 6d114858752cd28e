"""`hypercuboid search`: a space searched on data, and a run folder with all that was found."""

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
    inputs_option,
    log_option,
    mean_text,
    move_aside,
    parameters_option,
    quiet_option,
    remark,
    restart_option,
    say,
    show_diagnostics,
    split_target,
    target_argument,
    threads_option,
    warn,
    workers_option,
)
from hypercuboid.cli.ranks import on_ranks, ranks_options
from hypercuboid.cli.recipe_options import recipe_layers, recipe_of, recipe_option, recipe_options
from hypercuboid.cli.seeds import format_option, jobs_option, search_seeds, seeds_option
from hypercuboid.search.recipe import Recipe

if TYPE_CHECKING:
    from hypercuboid.pipeline import Architecture
    from hypercuboid.search.progress import Step


@click.command()
@target_argument
@data_option
@click.option(
    "--run", type=PATH, required=True, metavar="DIR", help="The folder of the run: a new one, or one to go on with."
)
@recipe_option
@recipe_options(Recipe)
@seeds_option
@jobs_option
@format_option
@parameters_option
@inputs_option
@workers_option
@device_option
@threads_option
@click.option("--max-ops", type=click.IntRange(min=1), default=100_000, help="The most atomic ops to build.")
@click.option("--max-weights", type=click.IntRange(min=1), default=1_000_000, help="The most weights to build.")
@ranks_options
@restart_option
@checkpoint_minutes_option
@log_option
@quiet_option
def search(
    target: str,
    data: str,
    run: Path,
    recipe_name: str | None,
    seeds: int,
    jobs: int,
    table_format: str,
    parameters: tuple[str, ...],
    inputs: tuple[str, ...],
    workers: int,
    device: str,
    threads: int | None,
    max_ops: int,
    max_weights: int,
    devices: int,
    nodes: int,
    sync_batch_norm: bool,
    restart: bool,
    checkpoint_minutes: float,
    logs: tuple[str, ...],
    quiet: bool,
    **options: Any,
) -> None:
    """Search a space: weights on one half of the training images, the architecture on the other.

    Without a strategy it trains some architectures alone and models what alternatives are worth; --strategy
    first_order is the bilevel search of the paper. It ends by selecting the best architecture and writing
    it as text (arch.hc), as plain PyTorch source (model.py) and as a picture (supernet.svg). The test images are never
    seen. Ctrl-C (or SIGTERM, SIGUSR1) stops it after the step, with exit code 75; the same command goes on where it
    stopped, bit for bit, also after a crash.

    With --seeds N it runs N seeds, goes on with those that did not end, and shows what they agree on.

    FILE:NAME may name a `search` of the file: its space is searched with its settings. Options win over them, and they
    over those of --recipe.

    Examples:

      hypercuboid search spaces/multichannelnet.hc --data digits --run runs/first --epochs 10

      hypercuboid search spaces/multichannelnet.hc --data digits --run runs/max-w --weighting max_w -p layers=2
    """
    from hypercuboid.cli.decisions import Decisions
    from hypercuboid.cli.progress import Watch
    from hypercuboid.data.base import load_data
    from hypercuboid.search.idle import idle_settings
    from hypercuboid.search.loop import steps_of_a_search
    from hypercuboid.search.objective import objective_of
    from hypercuboid.searching import SearchRequest, load_for_data, run_search, settings_of

    if seeds > 1 and devices * nodes > 1:
        raise click.UsageError("several seeds on several devices each are searches of their own: give one --seed.")
    with on_ranks(devices, nodes, device, threads, sync_batch_norm) as (ranks, chosen):
        images = load_data(data)
        file, name = split_target(target)
        block = name
        name, settings = settings_of(file, name)
        space = load_for_data(file, name, parameters, inputs, images)
        layers = [*recipe_layers("search", recipe_name), (f"search block {block}", settings)]
        resolved = recipe_of(Recipe, options, layers)
        recipe = resolved.recipe
        limits = (max_ops, max_weights, 60 * checkpoint_minutes, resolved.sources, ranks, logs, sync_batch_norm)
        request = SearchRequest(space, images, run, recipe, chosen, workers, command_line(), *limits)
        metric = objective_of(recipe).metric_name(images)
        share = metric.endswith("accuracy") and not recipe.metric
        if restart and ranks.is_writer:
            move_aside(run)
        if seeds > 1:
            search_seeds(request, seeds, jobs, table_format, quiet)
            return
        if ranks.is_writer:
            for line in images.about:
                say(line)
            given = [name for name, source in resolved.sources.items() if source != "default"]
            for setting, reason in idle_settings(recipe, given):
                warn(f"`{setting}` does nothing: {reason}")
        silent = quiet or not ranks.is_writer
        with Watch("search", steps_of_a_search(images, recipe), silent, Decisions(run)) as watch:

            def show(step: Step) -> None:
                means = " and ".join(mean_text(one, share) for one in (step.accuracy, step.validation_accuracy))
                watch.update(step.step, f"loss {step.loss:.4f}, {metric} {means} (train, validation)")

            tell = (lambda text: None) if quiet or not ranks.is_writer else remark
            found = run_search(request, show, lambda warning: show_diagnostics([warning]), tell)
    if ranks.is_writer:
        _print(found, run)


def _print(found: Architecture, run: Path) -> None:
    from hypercuboid.runs.agreement import gradient_doubts, steadiness
    from hypercuboid.runs.listing import read_metrics
    from hypercuboid.runs.weights_history import read_history

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
    gradient = read_metrics(run)[-1].get("alpha_gradient")
    if gradient is not None:
        say(f"the gradients of architecture steps correlate {gradient:.2f} between halves of the last epoch")
    steady = steadiness(read_history(run), selection.picks)
    if steady is not None:
        say(steady.text)
    moved = () if steady is None else steady.doubts
    for doubt in (*selection.doubts, *gradient_doubts(gradient), *moved):
        say(f"not decided: {doubt}")
    if counts.params is not None:
        say(f"params {counts.params:,}, macs {counts.macs:,}")
    written = [name for name in ("arch.hc", "model.py", "supernet.svg", "weights.json") if (run / name).is_file()]
    say(f"wrote {', '.join(str(run / name) for name in written)}")
