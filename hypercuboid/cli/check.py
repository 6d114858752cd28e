"""`hypercuboid check`: is it the language, and does it make sense."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hypercuboid.cli.common import AsJson, Quiet, colored, print_json, remark, say

if TYPE_CHECKING:
    from hypercuboid.diagnostics import Diagnostic


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files in the language.", show_default=False)],
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Parse and analyse files; report mistakes with their places.

    Reads each file and what it uses, checks every name, and elaborates every space without required arguments and
    every architecture. Nothing is built; torch is not imported. Exits 1 where there is an error.

    Examples:

      hypercuboid check spaces/multichannelnet.hc

      hypercuboid check --json spaces/*.hc
    """
    from hypercuboid.rendering import render, to_json

    found = [one for file in files for one in examine(file)]
    errors = sum(one.severity == "error" for one in found)
    if as_json:
        print_json(to_json(found))
    elif found:
        remark(render(found, color=colored(sys.stderr)))
    if not quiet and not as_json:
        say(_summary(len(files), errors, len(found) - errors))
    if errors:
        raise typer.Exit(1)


def examine(file: Path) -> list[Diagnostic]:
    """All that is wrong with a file: of its syntax and imports, else of its names, else of its meaning."""
    from hypercuboid.diagnostics import HypercuboidError
    from hypercuboid.frontend.modules import load_module
    from hypercuboid.frontend.names import check_names
    from hypercuboid.pipeline import check_module

    try:
        loaded = load_module(file)
    except HypercuboidError as problem:
        return list(problem.diagnostics)
    found = list(check_names(loaded))
    if any(one.severity == "error" for one in found):
        return found
    return found + check_module(loaded)


def _summary(files: int, errors: int, warnings: int) -> str:
    parts = [_count(errors, "error")] if errors else ["no errors"]
    parts += [_count(warnings, "warning")] if warnings else []
    return f"{_count(files, 'file')}: {', '.join(parts)}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}"
