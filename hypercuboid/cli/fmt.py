"""`hypercuboid fmt`: files in one style."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from hypercuboid.cli.common import quiet_option, remark, say, show_diagnostics

if TYPE_CHECKING:
    from hypercuboid.formatting import Formatted


@click.command()
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", help="Files, folders of `.hc` files, or - for stdin."
)
@click.option("--check", is_flag=True, help="Write nothing; list what would change and exit 1.")
@click.option("--diff", is_flag=True, help="Write nothing; print the changes.")
@quiet_option
def fmt(files: tuple[str, ...], check: bool, diff: bool, quiet: bool) -> None:
    """Format files in place. What a file says never changes, and every comment stays.

    Line ends before `->` and operators, rows of a list, columns of arrows and single empty lines are kept as people
    grouped them. A file with mistakes is reported and left untouched. - reads stdin and writes stdout. Exits 1 where a
    file has mistakes or, with --check, would change.

    Examples:

      hypercuboid fmt spaces/mine.hc

      hypercuboid fmt --check spaces

      hypercuboid fmt --diff - < spaces/mine.hc
    """
    from hypercuboid.formatting import find_files

    names = find_files(files)
    found = [one for name in names if (one := _formatted(name)) is not None]
    changed = [one for one in found if one.changes]
    for one in found:
        _put(one, check, diff)
    failed = len(names) - len(found)
    if not quiet and "-" not in files:
        remark(_summary(len(changed), len(found) - len(changed), failed, writes=not (check or diff)))
    if failed or (check and changed):
        raise click.exceptions.Exit(1)


def _formatted(name: str) -> Formatted | None:
    """A file in one style; None where it has mistakes, which are shown."""
    from hypercuboid.diagnostics import HypercuboidError
    from hypercuboid.formatting import format_bytes, format_file

    try:
        return format_bytes(sys.stdin.buffer.read()) if name == "-" else format_file(name)
    except HypercuboidError as problem:
        show_diagnostics(problem.diagnostics)
        return None


def _put(one: Formatted, check: bool, diff: bool) -> None:
    """Writes, lists or shows one file."""
    from hypercuboid.terminal import escape

    if diff:
        sys.stdout.write(one.diff())
    elif check and one.changes:
        say(escape(one.path))
    elif not check and one.place is None:
        sys.stdout.write(one.after)
    elif not check:
        one.write()


def _summary(changed: int, unchanged: int, failed: int, writes: bool) -> str:
    parts = [f"{changed} {'formatted' if writes else 'would change'}", f"{unchanged} as they should be"]
    return ", ".join([*parts, f"{failed} with mistakes"] if failed else parts)
