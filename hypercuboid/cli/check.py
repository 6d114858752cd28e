"""`hypercuboid check`: is it the language, and does it make sense."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hypercuboid.cli.common import PATH, json_option, print_json, quiet_option, say, show_diagnostics
from hypercuboid.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hypercuboid.diagnostics import Diagnostic


class Format(StrEnum):
    """How mistakes are printed."""

    text = "text"
    json = "json"
    sarif = "sarif"


@click.command()
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=PATH, help="Files, or folders of `.hc` files."
)
@click.option(
    "--format",
    type=click.Choice(Format),
    default=Format.text,
    help="Text for people, JSON, or SARIF 2.1.0 for editors and code hosts.",
)
@json_option
@click.option("--strict", is_flag=True, help="Exit 1 for warnings too.")
@quiet_option
def check(files: tuple[Path, ...], format: Format, as_json: bool, strict: bool, quiet: bool) -> None:
    """Parse and analyse files; report mistakes with their places.

    Reads each file and what it uses, checks every name, elaborates every space and every architecture, and looks at
    all other blocks as far as that goes without arguments. Nothing is built; torch is not imported. Exits 1 where
    there is an error. `hypercuboid explain CODE` says more of a message.

    Examples:

      hypercuboid check spaces/multichannelnet.hc

      hypercuboid check spaces

      hypercuboid check --format sarif spaces/*.hc > found.sarif
    """
    files = _in_folders(files)
    found = _once(one for file in files for one in examine(file))
    errors = sum(one.severity == "error" for one in found)
    form = Format.json if as_json else format
    _print(found, form)
    if form is Format.text and not quiet:
        say(_summary(len(files), errors, len(found) - errors))
        if errors:
            say(f"`hypercuboid explain {_first_error(found).code}` says more")
    if errors or (strict and found):
        raise click.exceptions.Exit(1)


def _in_folders(files: tuple[Path, ...]) -> tuple[Path, ...]:
    """Folders become the files in them and below."""
    if not any(file.is_dir() for file in files):
        return files
    from hypercuboid.formatting import find_files

    return tuple(map(Path, find_files(map(str, files))))


def _print(found: list[Diagnostic], form: Format) -> None:
    if form is Format.json:
        from hypercuboid.rendering import to_json

        print_json(to_json(found))
    elif form is Format.sarif:
        from hypercuboid.sarif import to_sarif

        print_json(to_sarif(found))
    else:
        show_diagnostics(found)


def examine(file: Path) -> list[Diagnostic]:
    """All that is wrong with a file: of its syntax, its imports, its names and its meaning."""
    with _without_collector():
        from hypercuboid.checking import examine as examine_file

        return examine_file(file)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Nearly all that a check makes lives until its end: to look for garbage again and again is a waste."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _once(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """What several files say of one that all of them use, once."""
    kept: dict[object, Diagnostic] = {}
    for one in found:
        place = None if one.span is None else (one.span.source.path, one.span.source.text, one.span.start, one.span.end)
        kept.setdefault((one.code, one.message, place), one)
    return list(kept.values())


def _first_error(found: list[Diagnostic]) -> Diagnostic:
    return next(one for one in found if one.severity == "error")


def _summary(files: int, errors: int, warnings: int) -> str:
    parts = [counted(errors, "error")] if errors else ["no errors"]
    parts += [counted(warnings, "warning")] if warnings else []
    return f"{counted(files, 'file')}: {', '.join(parts)}"
