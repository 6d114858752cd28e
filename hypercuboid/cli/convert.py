"""`hypercuboid convert`: architectures from and to notations that people pass around."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hypercuboid.cli.common import (
    PATH,
    inputs_option,
    open_architecture,
    open_target,
    parameters_option,
    quiet_option,
    remark,
    say,
    target_argument,
)

if TYPE_CHECKING:
    from hypercuboid.pipeline import Space


@click.command()
@target_argument
@click.argument("text", required=False, help="What to read, with --from; - is standard input.")
@click.option("--from", "source", metavar="NOTATION", help="Notation of TEXT.")
@click.option("--to", metavar="NOTATION", help="Notation to write.")
@click.option("-o", "--output", type=PATH, help="Where to write; stdout without it.")
@parameters_option
@inputs_option
@quiet_option
def convert(
    target: str,
    text: str | None,
    source: str | None,
    to: str | None,
    output: Path | None,
    parameters: tuple[str, ...],
    inputs: tuple[str, ...],
    quiet: bool,
) -> None:
    """Read an architecture of a space from another notation, or write one in it. Notations: genotype,
    nas-bench-macro.

    With --from, TEXT becomes the `arch` text of the space FILE[:NAME], with -o a
    file that uses it. With --to, the architecture FILE:ARCH, or what
    a run found, is written in the notation.

    Examples:

      hypercuboid convert spaces/darts.hc:DARTS_V2 --to genotype

      hypercuboid convert spaces/darts.hc - --from genotype < genotype.txt

      hypercuboid convert spaces/nas_bench_macro.hc 02101222 --from nas-bench-macro
    """
    if (source is None) == (to is None) or (source is None) != (text is None):
        raise click.BadParameter("give TEXT and --from NOTATION, or --to NOTATION alone")
    if to is not None:
        written = open_architecture(target, parameters, inputs)[0].notation(to)
    else:
        assert source is not None
        assert text is not None
        read = sys.stdin.read() if text == "-" else text
        space = open_target(target, parameters, inputs)
        written = space.read_notation(source, read, f"<{source}>").text
        written = written if output is None else _as_file(space, written, output)
    if output is None:
        say(written.rstrip("\n"))
        return
    from hypercuboid.runs.files import write_text

    write_text(output, written.rstrip("\n") + "\n")
    if not quiet:
        say(f"wrote {output}")


def _as_file(space: Space, text: str, output: Path) -> str:
    """With the lines that make it a file of its own, where the file of the space is beside or below it."""
    source = Path(space.request.module.module.source.path)
    path = os.path.relpath(source.resolve(), output.resolve().parent).replace(os.sep, "/")
    if path.startswith("..") or '"' in path:
        remark(f"`{output}` is not beside `{source}` and cannot use it: paste what it holds into that file")
        return text
    return f'hypercuboid 1\nuse "./{path}" {{ {space.elaborated.space} }}\n\n{text}'
