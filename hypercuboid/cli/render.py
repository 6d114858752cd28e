"""`hypercuboid render`: a space, an architecture, a block or a finished run as a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hypercuboid.cli.common import (
    PATH,
    inputs_option,
    is_run,
    open_target,
    parameters_option,
    quiet_option,
    say,
    target_argument,
)
from hypercuboid.cli.epochs import render_epochs
from hypercuboid.diagnostics import HypercuboidError

if TYPE_CHECKING:
    from hypercuboid.graph.selection import Selection
    from hypercuboid.pipeline import Space


@click.command()
@target_argument
@click.option("-o", "--output", type=PATH, help="NAME.svg or NAME.dot; stdout (SVG) without it.")
@click.option("--weights", type=PATH, help="A weights file to draw; of a run it is the run's own.")
@click.option("--epochs", is_flag=True, help="Of a run: all epochs, as NAME.svg that moves, NAME.gif or NAME.webp.")
@parameters_option
@inputs_option
@quiet_option
def render(
    target: str,
    output: Path | None,
    weights: Path | None,
    epochs: bool,
    parameters: tuple[str, ...],
    inputs: tuple[str, ...],
    quiet: bool,
) -> None:
    """Draw a space, an architecture, a block or a finished run as SVG; torch is not imported.

    A space that is one cuboid is drawn with depth from left to right and its states as rows; colour is the primitive,
    dark and wide is heavy, and the red line is the best path. Everything else is drawn as a graph by Graphviz.

    Examples:

      hypercuboid render spaces/multichannelnet.hc --input 3x32x32 -o space.svg

      hypercuboid render runs/first -o supernet.svg

      hypercuboid render runs/first --epochs -o first.gif
    """
    if epochs:
        render_epochs(target, output, quiet)
        return
    from hypercuboid.targets.picture import picture

    if output is not None and output.suffix not in (".svg", ".dot"):
        raise click.BadParameter("the output must end in .svg or .dot", param_hint="-o")
    space = open_target(target, parameters, inputs)
    if weights is None and is_run(target) and (Path(target) / "weights.json").is_file():
        weights = Path(target) / "weights.json"
    values, best = _weighted(space, weights)
    epoch, strategy = _progress(Path(target)) if is_run(target) else ("", "")

    def drawn(as_dot: bool) -> str:
        return picture(space.graph, space.name, values, best, epoch=epoch, strategy=strategy, as_dot=as_dot)

    if output is None:
        say(drawn(False).rstrip("\n"))
        return
    _write(output, drawn)
    if not quiet:
        say(f"wrote {output}")


def _write(output: Path, drawn: Callable[[bool], str]) -> None:
    """Writes the picture; where Graphviz is missing or fails, its DOT text instead, and raises what it said."""
    from hypercuboid.runs.files import write_text

    try:
        text = drawn(output.suffix == ".dot")
    except HypercuboidError as problem:
        if any(one.code not in ("HC8101", "HC8102") for one in problem.diagnostics):
            raise
        instead = output.with_suffix(".dot")
        write_text(instead, drawn(True))
        first = problem.diagnostics[0]
        raise HypercuboidError(replace(first, notes=(*first.notes, f"wrote its DOT text to `{instead}`"))) from None
    write_text(output, text)


def _weighted(space: Space, path: Path | None) -> tuple[Any, Selection | None]:
    if path is None:
        return None, None
    from hypercuboid.graph.selection import select
    from hypercuboid.graph.weights import read_weights

    values = read_weights(space.graph, path).values
    return values, select(space.graph, values)[0] if space.graph.decisions else None


def _progress(run: Path) -> tuple[str, str]:
    """Epoch and strategy of a run, for the header; empty where it has not written them."""
    from hypercuboid.runs.folder import read_run
    from hypercuboid.runs.listing import read_metrics

    config = read_run(run).config
    recipe = config.get("recipe")
    recipe = recipe if isinstance(recipe, dict) else {}
    logged = [entry["epoch"] for entry in read_metrics(run) if isinstance(entry.get("epoch"), int)]
    last = logged[-1] if logged else None
    epochs = recipe.get("epochs")
    epoch = "" if last is None else f"{last} / {epochs}" if isinstance(epochs, int) else str(last)
    strategy = recipe.get("weighting", "")
    return epoch, strategy if isinstance(strategy, str) else ""
