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

if TYPE_CHECKING:
    from hypercuboid.data.card import Card
    from hypercuboid.pipeline import Architecture


@click.command()
@target_argument
@click.option("-o", "--output", type=PATH, help="Where to write; stdout without it.")
@parameters_option
@inputs_option
@quiet_option
def generate(
    target: str, output: Path | None, parameters: tuple[str, ...], inputs: tuple[str, ...], quiet: bool
) -> None:
    """Generate the standalone PyTorch source of an architecture, or of what a run found.

    The file imports nothing but torch and is yours: no trace of hypercuboid or of alternatives that lost.

    Examples:

      hypercuboid generate spaces/multichannelnet.hc:Handmade -o handmade.py

      hypercuboid generate runs/first
    """
    architecture, seed = open_architecture(target, parameters, inputs)
    text = architecture.source(seed=seed, command=command_line(), card=_card(target, architecture))
    if output is None:
        say(text.rstrip("\n"))
        return
    from hypercuboid.runs.files import write_text

    write_text(output, text)
    if not quiet:
        say(f"wrote {output}")


def _card(target: str, architecture: Architecture) -> Card | None:
    """What the run that found the architecture says of its data, unless other inputs were given."""
    from hypercuboid.data.card import CARD, read_card

    path = Path(target) / CARD
    if not is_run(target) or not path.exists():
        return None
    card = read_card(path)
    return card if architecture.elaborated.input_types == (card.input_type,) else None
