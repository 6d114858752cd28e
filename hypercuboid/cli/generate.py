"""`hypercuboid generate`: an architecture as one plain PyTorch file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hypercuboid.cli.common import (
    PATH,
    command_line,
    inputs_option,
    is_run,
    open_architecture,
    parameters_option,
    quiet_option,
    say,
    target_argument,
)
from hypercuboid.cli.inherited import inherited_weights

if TYPE_CHECKING:
    from hypercuboid.data.card import Card
    from hypercuboid.pipeline import Architecture


@click.command()
@target_argument
@click.option("-o", "--output", type=PATH, help="Where to write; stdout without it.")
@parameters_option
@inputs_option
@click.option(
    "--inherit",
    type=PATH,
    metavar="RUN",
    help="Write the weights of this search's supernet beside it, as .safetensors.",
)
@quiet_option
def generate(
    target: str,
    output: Path | None,
    parameters: tuple[str, ...],
    inputs: tuple[str, ...],
    inherit: Path | None,
    quiet: bool,
) -> None:
    """Generate the standalone PyTorch source of an architecture, or of what a run found.

    The file imports nothing but torch and is yours: no trace of hypercuboid or of alternatives that lost.

    Examples:

      hypercuboid generate spaces/multichannelnet.hc:Handmade -o handmade.py

      hypercuboid generate runs/first

      hypercuboid generate runs/first -o found.py --inherit runs/first
    """
    if inherit is not None and output is None:
        raise click.UsageError("--inherit writes a file beside the one of --output: give that too")
    architecture, seed = open_architecture(target, parameters, inputs)
    text = architecture.source(seed=seed, command=command_line(), card=_card(target, architecture))
    weights = None if inherit is None else inherited_weights(architecture, inherit, quiet)
    if output is None:
        say(text.rstrip("\n"))
        return
    from hypercuboid.runs.files import write_text

    write_text(output, text)
    written = [output]
    if weights is not None:
        from hypercuboid.runs.weights_file import write_weights_file

        written.append(output.with_suffix(".safetensors"))
        write_weights_file(written[-1], weights)
    if not quiet:
        say(f"wrote {', '.join(map(str, written))}")


def _card(target: str, architecture: Architecture) -> Card | None:
    """What the run that found the architecture says of its data, unless other inputs were given."""
    from hypercuboid.data.card import CARD, read_card

    path = Path(target) / CARD
    if not is_run(target) or not path.exists():
        return None
    card = read_card(path)
    return card if architecture.elaborated.input_types == (card.input_type,) else None
