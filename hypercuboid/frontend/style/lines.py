"""Documents to lines of limited width. Iterative."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TypeAlias

from hypercuboid.frontend.style.layout import (
    HARD,
    Blank,
    Broken,
    Comment,
    Doc,
    Group,
    Hang,
    Lead,
    Line,
    Nest,
    Rows,
    Suffix,
    joined,
)
from hypercuboid.records import dataclass

_OPENING = ("(", "[", "{")
_GAP = 2
"""Blanks before a comment behind a line."""


def in_lines(doc: Doc, width: int) -> str:
    """The text in lines of at most `width` where that is possible; comments do not count."""
    page = _Page()
    stack: list[_Open] = [(0, False, doc)]
    while stack:
        indent, flat, top = stack.pop()
        if isinstance(top, Line):
            if _ends(top, flat, page, width, stack):
                page.end_line(indent)
            else:
                page.write(top.flat, indent)
        elif isinstance(top, Rows):
            fits = page.column + max(len(row.text) for row in top.rows) <= width
            stack.append((page.column, flat, _stacked(top)) if fits else (indent, flat, top.otherwise))
        elif isinstance(top, Nest):
            stack.append((indent + 2, flat, top.content))
        elif isinstance(top, Hang):
            begin = page.base if top.within else page.indent
            stack.append((begin if page.begun else indent, flat, top.content))
        elif isinstance(top, Group):
            fits = flat or (not top.edges.broken and _fits(width - page.column, [(True, top.content)], stack))
            stack.append((indent, fits, top.content))
        elif isinstance(top, Sequence) and not isinstance(top, str):
            stack.extend((indent, flat, part) for part in reversed(top))
        elif not (flat and isinstance(top, Broken)):
            page.put(top, indent)
    return page.text()


def on_one_line(doc: Doc) -> str | None:
    """The text without any line end and the comment behind it; None where it must have one or holds others."""
    out: list[str] = []
    stack: list[Doc] = [doc]
    while stack:
        top = stack.pop()
        if isinstance(top, str):
            out.append(top)
        elif isinstance(top, Lead):
            out.append(top.text)
        elif isinstance(top, Line) and not top.hard:
            out.append(top.flat)
        elif isinstance(top, Nest | Hang | Group):
            stack.append(top.content)
        elif isinstance(top, Line | Comment | Rows):
            return None
        elif not isinstance(top, Blank | Broken | Suffix):
            stack.extend(reversed(top))
    return "".join(out)


_Piece: TypeAlias = str | Lead | Broken | Comment | Suffix | Blank
_Open: TypeAlias = tuple[int, bool, Doc]
"""What is still to be written: its indentation, whether it stands on one line, the document."""


def _stacked(rows: Rows) -> list[Doc]:
    return joined(HARD, [[row.text, row.behind] for row in rows.rows])


def _ends(line: Line, flat: bool, page: _Page, width: int, rest: list[_Open]) -> bool:
    if line.hard or flat or not line.fill:
        return line.hard or not flat
    return bool(page.behind) or not _fits(width - page.column - len(line.flat), [], rest, whole=True)


def _fits(room: int, stack: list[tuple[bool, Doc]], rest: list[_Open], whole: bool = False) -> bool:
    """Whether a document fits on what is left of the line, with what follows it up to the next line end.

    With `whole`, groups that follow count as one line each if they can be.
    """
    below = len(rest)
    while room >= 0:
        if not stack:
            if not below:
                return True
            below -= 1
            stack.append((rest[below][1], rest[below][2]))
        flat, top = stack.pop()
        if isinstance(top, str):
            room -= len(top)
        elif isinstance(top, Lead):
            room -= len(top.text)
        elif isinstance(top, Line):
            if top.hard or not flat:
                return True
            room -= len(top.flat)
        elif isinstance(top, Rows):
            return len(top.rows[0].text) <= room
        elif isinstance(top, Group):
            stack.append((flat or (whole and not top.edges.broken), top.content))
        elif isinstance(top, Nest | Hang):
            stack.append((flat, top.content))
        elif not isinstance(top, Blank | Broken | Comment | Suffix):
            stack.extend((flat, part) for part in reversed(top))
    return False


@dataclass()
class _Written:
    """A line, and the comment behind it."""

    text: str
    comment: Suffix | None = None
    opens: bool = False


class _Page:
    """Lines while they are written. `indent` is where this line begins, `base` where it does behind an operator."""

    def __init__(self) -> None:
        self.lines: list[_Written] = []
        self.parts: list[str] = []
        self.behind: list[Suffix] = []
        self.column = self.indent = self.base = 0
        self.opens = self.closed = False
        """Whether the line is a comment, so that nothing more fits on it."""

    @property
    def begun(self) -> bool:
        return bool(self.parts)

    def put(self, piece: _Piece, indent: int) -> None:
        if isinstance(piece, Comment):
            self.comment(piece, indent)
        elif isinstance(piece, Suffix):
            self.behind.append(piece)
        elif isinstance(piece, Blank):
            self.leave_blank()
        elif isinstance(piece, Lead):
            self.write(piece.text, indent, leads=True)
        else:
            self.write(piece if isinstance(piece, str) else piece.text, indent)

    def write(self, text: str, indent: int, leads: bool = False) -> None:
        if self.closed:
            self.end_line(indent)
        if not text or (not self.parts and text.isspace()):
            return
        if not self.parts:
            self.parts.append(" " * self.column)
            self.base = self.column + (len(text) if leads else 0)
        self.opens = text in _OPENING
        self.parts.append(text)
        self.column += len(text)

    def end_line(self, indent: int) -> None:
        """Begins a line, if this one has begun; of several comments behind a line those after the first get lines."""
        if self.parts:
            behind = self.behind[0] if self.behind else None
            self.lines.append(_Written("".join(self.parts).rstrip(), behind, self.opens))
            self.lines += [_Written(" " * indent + one.text) for one in self.behind[1:]]
            self.behind.clear()
        self.parts.clear()
        self.column = self.indent = self.base = indent
        self.closed = False

    def comment(self, comment: Comment, indent: int) -> None:
        if self.parts and not self.closed:
            if not comment.documents:
                self.behind.append(Suffix(comment.text, -1))
                return
            self.end_line(indent)
        elif self.closed:
            self.end_line(indent)
        self.write(comment.text, indent)
        self.closed = True

    def leave_blank(self) -> None:
        if self.closed:
            self.end_line(self.base)
        if not self.parts and self.lines and self.lines[-1].text and not self.lines[-1].opens:
            self.lines.append(_Written(""))

    def text(self) -> str:
        self.end_line(0)
        _align(self.lines)
        lines = [one.text if one.comment is None else f"{one.text}{one.comment.text}" for one in self.lines]
        return "".join(f"{line}\n" for line in lines)


def _align(lines: list[_Written]) -> None:
    """Pads lines up to their comments; comments of neighbours that stood in one column still do."""
    for has_comment, run in groupby(lines, lambda one: one.comment is not None):
        members = [(line, line.comment.column) for line in run if line.comment] if has_comment else []
        ends: dict[int, int] = {}
        for line, column in members:
            ends[column] = max(ends.get(column, 0), len(line.text) + _GAP)
        for line, column in members:
            line.text = line.text.ljust(ends[column] if column >= 0 else len(line.text) + _GAP)
