"""`hypercuboid generate`: an architecture as one plain PyTorch file."""

from __future__ import annotations

from pathlib import Path

import click

from hypercuboid.cli.common import (
    PATH,
    command_line,
    inputs_option,
    open_architecture,
    parameters_option,
    quiet_option,
    say,
    target_argument,
)


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
    text = architecture.source(seed=seed, command=command_line())
    if output is None:
        say(text.rstrip("\n"))
        return
    from hypercuboid.runs.files import write_text

    write_text(output, text)
    if not quiet:
        say(f"wrote {output}")
