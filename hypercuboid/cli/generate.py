"""`hypercuboid generate`: an architecture as one plain PyTorch file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hypercuboid.cli.common import Inputs, Parameters, Quiet, Target, command_line, open_architecture, say


def generate(
    target: Target,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Where to write; stdout without it.")] = None,
    parameters: Parameters = None,
    inputs: Inputs = None,
    quiet: Quiet = False,
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
