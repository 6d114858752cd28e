"""Reading source files of people we do not know: regular files under one root, opened once, at most 1 MiB."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Protocol

from hypercuboid.diagnostics import Label, Source, Span, error
from hypercuboid.frontend.tokens import SIZE_LIMIT, escaped
from hypercuboid.nearby import near_file

BYTE_ORDER_MARK = "\ufeff"
"""What some editors write before UTF-8 text; it is no part of a program."""


class Reader(Protocol):
    """What gives the text of a file; see `read_source`."""

    def __call__(self, path: Path, shown: str, span: Span | None, *, is_library: bool = False) -> Source:
        """The source that a program uses at `span`, called `shown` in messages."""


def read_source(
    path: Path, shown: str, span: Span | None = None, *, is_library: bool = False, keeps_mark: bool = False
) -> Source:
    """The text of a file, without a byte order mark unless it `keeps_mark`.

    Raises HC6001 where the file cannot be read, HC6002 where it is no text.
    """
    data = _read(path, shown, span)
    if len(data) > SIZE_LIMIT:
        place = span or Span(Source(shown, data[:200].decode("utf-8", "replace")), 0, 0)
        raise error("HC1012", f"`{escaped(shown)}` is longer than 1 MiB", place, help="split it and `use` the parts")
    try:
        text = data.decode("utf-8")
        return Source(shown, text if keeps_mark else text.removeprefix(BYTE_ORDER_MARK), is_library)
    except UnicodeDecodeError as problem:
        source = Source(shown, data.decode("utf-8", "replace"))
        at = len(data[: problem.start].decode("utf-8"))
        place = Span(source, at, at + 1)
        used = () if span is None else (Label(span, "used here"),)
        message = f"`{escaped(shown)}` is no UTF-8 text"
        label = f"the byte {data[problem.start]:#04x} stands here"
        raise error("HC6002", message, place, label, secondary=used, help="save it as UTF-8") from None


def _read(path: Path, shown: str, span: Span | None) -> bytes:
    """Opens without waiting and without following a link at the end, then looks at what was opened."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        _require_file(os.lstat(path).st_mode, shown, span)  # opening a device may already do something
        handle = os.open(path, flags)
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        help = near_file(path, "hc") if isinstance(problem, FileNotFoundError) else "name a file that can be read"
        raise error("HC6001", f"cannot read `{escaped(shown)}`: {reason}", span, help=help) from None
    except ValueError:
        raise error("HC6001", f"`{escaped(shown)}` is no path", span, help="name a file") from None
    with os.fdopen(handle, "rb") as file:
        _require_file(os.fstat(file.fileno()).st_mode, shown, span)
        return file.read(SIZE_LIMIT + 1)


def _require_file(mode: int, shown: str, span: Span | None) -> None:
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
        raise error("HC6003", f"`{escaped(shown)}` is {what}", span, help="name a file that ends in .hc")


def confined(root: Path, folder: Path, text: str, span: Span) -> Path:
    """The real path that `use "text"` in a file of `folder` means; HC6004 where it would leave `root`.

    Nothing is opened. Links are followed here, so that one which leaves the root is seen.
    """
    if Path(text).is_absolute() or "\0" in text or "\\" in text:
        raise error("HC6004", "an import is a path relative to its file", span, help='write `use "./blocks.hc"`')
    lexical = Path(os.path.normpath(folder / text))
    if not _inside(root, lexical):
        raise error("HC6004", f"`{text}` is outside of the root folder", span, help="imports stay below the first file")
    real = Path(os.path.realpath(lexical))
    if not _inside(root, real):
        raise error("HC6004", f"`{text}` is a link that leaves the root folder", span, help="copy the file instead")
    return real


def _inside(root: Path, path: Path) -> bool:
    return path == root or root in path.parents
