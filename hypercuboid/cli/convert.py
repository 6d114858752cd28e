"""`hypercuboid convert`: architectures from and to notations that people pass around."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from hypercuboid.cli.common import Inputs, Parameters, Quiet, Target, open_architecture, open_target, say


def convert(
    target: Target,
    text: Annotated[str | None, typer.Argument(help="What to read, with --from; - is standard input.")] = None,
    source: Annotated[str | None, typer.Option("--from", metavar="NOTATION", help="Notation of TEXT.")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="NOTATION", help="Notation to write.")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Where to write; stdout without it.")] = None,
    parameters: Parameters = None,
    inputs: Inputs = None,
    quiet: Quiet = False,
) -> None:
    """Read an architecture of a space from another notation, or write one in it. Notations: genotype,
    nas-bench-macro.

    With --from, TEXT becomes the `arch` text of the space FILE[:NAME]. With --to, the architecture FILE:ARCH, or what
    a run found, is written in the notation.

    Examples:

      hypercuboid convert spaces/darts.hc:DARTS_V2 --to genotype

      hypercuboid convert spaces/darts.hc - --from genotype < genotype.txt

      hypercuboid convert spaces/nas_bench_macro.hc 02101222 --from nas-bench-macro
    """
    if (source is None) == (to is None) or (source is None) != (text is None):
        raise typer.BadParameter("give TEXT and --from NOTATION, or --to NOTATION alone")
    if to is not None:
        written = open_architecture(target, parameters, inputs)[0].notation(to)
    else:
        assert source is not None
        assert text is not None
        read = sys.stdin.read() if text == "-" else text
        written = open_target(target, parameters, inputs).read_notation(source, read, f"<{source}>").text
    if output is None:
        say(written.rstrip("\n"))
        return
    from hypercuboid.runs.files import write_text

    write_text(output, written.rstrip("\n") + "\n")
    if not quiet:
        say(f"wrote {output}")
