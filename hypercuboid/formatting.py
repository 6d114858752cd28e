"""Files in one style: found, read, formatted, written back whole."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hypercuboid.diagnostics import error
from hypercuboid.frontend.files import read_source
from hypercuboid.frontend.style import format_text
from hypercuboid.frontend.tokens import escaped
from hypercuboid.runs.files import write_text

STDIN = "<stdin>"


@dataclass(frozen=True)
class Formatted:
    """A text before and after; `path` is what messages show, `place` the file to write, None for stdin."""

    path: str
    before: str
    after: str
    place: Path | None = None

    @property
    def changes(self) -> bool:
        return self.before != self.after

    def diff(self) -> str:
        """The changes as a unified diff, "" for none."""
        before, after = (text.splitlines(keepends=True) for text in (self.before, self.after))
        lines = difflib.unified_diff(before, after, self.path, self.path)
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)

    def write(self) -> None:
        """Replaces the file, if it changes."""
        if self.changes and self.place is not None:
            write_text(self.place, self.after)


def find_files(names: Iterable[str]) -> list[str]:
    """The files that a command line names: of a folder every `.hc` file in it and below, hidden folders left out."""
    found: list[str] = []
    for name in names:
        found += _below(Path(name)) if Path(name).is_dir() else [name]
    return list(dict.fromkeys(found))


def _below(folder: Path) -> list[str]:
    next(folder.iterdir(), None)  # which says where it may not be read; looking below it leaves that out
    found = [str(path) for path in sorted(folder.rglob("*.hc")) if not _is_hidden(path.relative_to(folder))]
    if not found:
        raise error("HC6001", f"the folder `{escaped(str(folder))}` holds no `.hc` file", help="name a file")
    return found


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def format_file(name: str) -> Formatted:
    """A file and its text in one style; nothing is written. Raises HypercuboidError."""
    place = Path(os.path.realpath(name))
    before = read_source(place, name, keeps_mark=True).text
    return Formatted(name, before, format_text(before, name), place)


def format_bytes(data: bytes) -> Formatted:
    """What stdin gave; raises HypercuboidError."""
    try:
        before = data.decode()
    except UnicodeDecodeError as problem:
        message = f"`{STDIN}` is no UTF-8 text (byte {problem.start})"
        raise error("HC6002", message, help="save it as UTF-8") from None
    return Formatted(STDIN, before, format_text(before, STDIN))
