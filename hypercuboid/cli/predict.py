"""`hypercuboid predict`: what a trained network says of images in files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hypercuboid.cli.common import (
    PATH,
    device_option,
    json_option,
    print_json,
    say_table,
    show_diagnostics,
    threads_option,
    use_device,
)
from hypercuboid.cli.evaluate import weights_option
from hypercuboid.terminal import escape

if TYPE_CHECKING:
    from hypercuboid.training.predict import Prediction


@click.command()
@click.argument("run", metavar="RUN", type=PATH, help="The folder of a training.")
@click.argument("images", metavar="IMAGE...", type=PATH, nargs=-1, required=True, help="Image files.")
@weights_option
@click.option("-k", "--top", type=click.IntRange(min=1), default=5, help="How many classes to show of each image.")
@device_option
@threads_option
@json_option
def predict(
    run: Path,
    images: tuple[Path, ...],
    weights: Path | None,
    top: int,
    device: str,
    threads: int | None,
    as_json: bool,
) -> None:
    """Predict the classes of images with a trained network, the likeliest first, with their probabilities.

    Images are resized and normalised as the `model.json` of the run says. An image that cannot be read is told and the
    others go on; the exit code is then 1. Networks that read tokens or plain numbers are not supported here.

    Examples:

      hypercuboid predict runs/first-trained three.png

      hypercuboid predict runs/first-trained *.png --top 1 --json
    """
    from hypercuboid.training.predict import predict as predictions_of
    from hypercuboid.training.trained import need_card, open_trained

    chosen = use_device(device, threads)
    trained = open_trained(run, weights, chosen)
    found = list(predictions_of(trained, need_card(trained, run), images, chosen, top))
    if as_json:
        print_json([_as_json(one) for one in found])
    else:
        _print([one for one in found if one.problem is None])
        show_diagnostics([one.problem for one in found if one.problem is not None])
    if any(one.problem for one in found):
        raise click.exceptions.Exit(1)


def _as_json(one: Prediction) -> dict[str, Any]:
    if one.problem is not None:
        notes = list(one.problem.notes)
        return {
            "image": str(one.path),
            "error": {"code": one.problem.code, "message": one.problem.message, "notes": notes},
        }
    return {"image": str(one.path), "classes": [{"class": name, "probability": value} for name, value in one.classes]}


def _print(found: list[Prediction]) -> None:
    from rich.table import Table

    if not found:
        return
    table = Table("image", "class", "probability", box=None, pad_edge=False)
    table.columns[2].justify = "right"
    for one in found:
        for position, (name, value) in enumerate(one.classes):
            table.add_row("" if position else escape(str(one.path)), escape(name), f"{100 * value:.2f} %")
    say_table(table)
