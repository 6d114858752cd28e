"""`hypercuboid export`: a trained network as a file for other programs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from hypercuboid.cli.common import PATH, json_option, print_json, say
from hypercuboid.cli.evaluate import weights_option

FORMATS = ("torch-export", "onnx")


@click.command()
@click.argument("run", metavar="RUN", type=PATH, help="The folder of a training.")
@click.option("--to", "form", type=click.Choice(FORMATS), required=True, help="The format.")
@click.option("-o", "--output", type=PATH, required=True, metavar="FILE", help="Where to write.")
@weights_option
@json_option
def export(run: Path, form: str, output: Path, weights: Path | None, as_json: bool) -> None:
    """Export a trained network for batches of any size, as torch.export (.pt2) or ONNX.

    The file is read again and run on random inputs before it is written: its outputs may differ from those of the
    network by 0.0001 of their largest. The input is a normalised one, as in `model.py`; how to normalise is in the file
    too, as `model.json`. ONNX needs the extra `hypercuboid[onnx]`.

    Examples:

      hypercuboid export runs/first-trained --to torch-export -o network.pt2

      hypercuboid export runs/first-trained --to onnx -o network.onnx
    """
    import torch

    from hypercuboid.training.export import export as write
    from hypercuboid.training.export.base import TOLERANCE
    from hypercuboid.training.trained import need_card, open_trained

    trained = open_trained(run, weights, torch.device("cpu"))
    found = write(trained, need_card(trained, run), form, output)
    if as_json:
        print_json({**asdict(found), "path": str(found.path), "tolerance": TOLERANCE * found.largest})
        return
    allowed = TOLERANCE * found.largest
    say(f"run by {found.checked_with}, its outputs differ by at most {found.difference:.3g} ({allowed:.3g} is allowed)")
    say(f"wrote {output}")
