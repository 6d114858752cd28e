"""Text in lines of limited width: a group that fits stays on one line (Oppen 1980, Wadler 2003). Iterative."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Line:
    """A line end where its group is broken, else `flat`. A hard one is a line end always."""

    flat: str = " "
    hard: bool = False


@dataclass(frozen=True)
class Broken:
    """Text that stands only where the group is broken."""

    text: str


@dataclass(frozen=True)
class Comment:
    """Text up to the end of its line; left out where all stands on one line."""

    text: str


@dataclass(frozen=True)
class Nest:
    """Two columns further right."""

    content: Doc


@dataclass(frozen=True)
class Group:
    """On one line if it fits."""

    content: Doc


Doc: TypeAlias = "str | Line | Broken | Comment | Nest | Group | Sequence[Doc]"

HARD = Line(hard=True)


def joined(separator: Doc, docs: Iterable[Doc]) -> list[Doc]:
    found: list[Doc] = []
    for doc in docs:
        found += [separator, doc] if found else [doc]
    return found


def listed(opening: str, docs: Sequence[Doc], closing: str) -> Doc:
    """Elements between brackets, one per line where they do not fit."""
    if not docs:
        return opening + closing
    inner: list[Doc] = [Line(""), joined([",", Line()], docs), Broken(",")]
    return Group([opening, Nest(inner), Line(""), closing])


def on_one_line(doc: Doc) -> str:
    """The text without any line end."""
    return _render(doc, None)


def in_lines(doc: Doc, width: int) -> str:
    """The text in lines of at most `width` where that is possible."""
    return _render(doc, width)


def _render(doc: Doc, width: int | None) -> str:
    out: list[str] = []
    column = 0
    stack: list[tuple[int, bool, Doc]] = [(0, width is None, doc)]
    while stack:
        indent, flat, top = stack.pop()
        if isinstance(top, str):
            out.append(top)
            column += len(top)
        elif isinstance(top, Line):
            if width is None or (flat and not top.hard):
                out.append(top.flat)
                column += len(top.flat)
            else:
                out.append("\n" + " " * indent)
                column = indent
        elif isinstance(top, Broken):
            out.append("" if flat else top.text)
        elif isinstance(top, Comment):
            if width is not None:
                out.append(f"{top.text}\n{' ' * indent}")
                column = indent
        elif isinstance(top, Nest):
            stack.append((indent + 2, flat, top.content))
        elif isinstance(top, Group):
            fits = flat or width is None or _fits(width - column, top.content, stack)
            stack.append((indent, fits, top.content))
        else:
            stack.extend((indent, flat, part) for part in reversed(top))
    return "".join(out)


def _fits(room: int, doc: Doc, rest: list[tuple[int, bool, Doc]]) -> bool:
    """Whether a group fits on what is left of the line, with what follows it up to the next line end."""
    stack: list[tuple[bool, Doc]] = [(True, doc)]
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
        elif isinstance(top, Line):
            if top.hard or not flat:
                return not flat or below < len(rest)
            room -= len(top.flat)
        elif isinstance(top, Comment):
            return False
        elif isinstance(top, Nest | Group):
            stack.append((flat, top.content))
        elif not isinstance(top, Broken):
            stack.extend((flat, part) for part in reversed(top))
    return False
