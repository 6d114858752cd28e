"""`hypercuboid render`: a space, an architecture, a block or a finished run as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hypercuboid.cli.common import (
    PATH,
    hand_out,
    inputs_option,
    is_run,
    open_target,
    parameters_option,
    quiet_option,
    target_argument,
)
from hypercuboid.cli.epochs import render_epochs
from hypercuboid.targets.theme import Theme

if TYPE_CHECKING:
    from hypercuboid.graph.selection import Selection
    from hypercuboid.pipeline import Space


@click.command()
@target_argument
@click.option("-o", "--output", type=PATH, help="NAME.svg, .png, .webp, .pdf or .dot; stdout (SVG) without it.")
@click.option("--weights", type=PATH, help="A weights file to draw; of a run it is the run's own.")
@click.option("--epochs", is_flag=True, help="Of a run: all epochs, as NAME.svg that moves, NAME.gif or NAME.webp.")
@click.option("--theme", type=click.Choice(["auto", "light", "dark"]), default="auto", help="auto: as the viewer asks.")
@click.option("--width", type=click.IntRange(100, 16_000), help="Pixels of what has them; else 1600, of epochs 1000.")
@parameters_option
@inputs_option
@quiet_option
def render(
    target: str,
    output: Path | None,
    weights: Path | None,
    epochs: bool,
    theme: str,
    width: int | None,
    parameters: tuple[str, ...],
    inputs: tuple[str, ...],
    quiet: bool,
) -> None:
    """Draw a space, an architecture, a block or a finished run; torch is not imported.

    A cuboid is drawn with depth from left to right and its states as rows, a cell as nodes and what may stand on their
    edges, a chain as its layers, and a network as these together. Colour is the primitive, dark and wide is heavy,
    and the red line is the best path. An SVG shows on light and on dark pages; --theme settles which.

    Examples:

      hypercuboid render spaces/multichannelnet.hc --input 3x32x32 -o space.svg

      hypercuboid render runs/first -o supernet.png --width 3200 --theme dark

      hypercuboid render runs/first --epochs -o first.gif --theme dark
    """
    if epochs:
        render_epochs(target, output, Theme(theme), width, quiet)
        return
    from hypercuboid.targets.formats import FORMATS, Order
    from hypercuboid.targets.picture import picture_dot, picture_page

    suffix = ".svg" if output is None else output.suffix
    if suffix not in FORMATS:
        raise click.BadParameter(f"the output must end in {', '.join(FORMATS)}", param_hint="-o")
    if width is not None and suffix not in (".png", ".webp"):
        raise click.BadParameter("only a .png or a .webp has pixels", param_hint="--width")
    space = open_target(target, parameters, inputs)
    values, best, epoch, strategy = _of_run(Path(target)) if is_run(target) else (None, None, "", "")
    own = Path(target) / "weights.json"
    if weights is not None or (values is None and is_run(target) and own.is_file()):
        values, best = _weighted(space, weights or own)
    page = picture_page(space.graph, space.name, values, best, epoch=epoch, strategy=strategy)
    order = Order(page, lambda: picture_dot(space.graph, values, best), Theme(theme), width or 1600)
    hand_out(FORMATS[suffix](order), output, quiet)


def _weighted(space: Space, path: Path) -> tuple[Any, Selection | None]:
    from hypercuboid.graph.selection import select
    from hypercuboid.graph.weights import read_weights

    values = read_weights(space.graph, path).values
    return values, select(space.graph, values)[0] if space.graph.decisions else None


def _of_run(run: Path) -> tuple[Any, Selection | None, str, str]:
    """Weights and best path of a run, as it found them, and epoch and strategy for the header; empty if not there."""
    from hypercuboid.reporting.facts import read_reported

    one = read_reported(run, run.name)
    epochs = [entry["epoch"] for entry in one.metrics if isinstance(entry.get("epoch"), int)]
    last, all_of_them = epochs[-1] if epochs else None, one.recipe.get("epochs")
    epoch = "" if last is None else f"{last} / {all_of_them}" if isinstance(all_of_them, int) else str(last)
    return one.weights, one.best, epoch, one.method
