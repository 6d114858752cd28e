"""Documents: text with the places where a line may end (Oppen 1980, Wadler 2003), and how comments stand in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from hypercuboid.records import dataclass


@dataclass(frozen=True)
class Line:
    """Where a line may end, else `flat`.

    A `hard` one ends it always, a `fill` one only where what follows, up to the next such place, would not fit; the
    others end the line where their group is broken.
    """

    flat: str = " "
    hard: bool = False
    fill: bool = False


@dataclass(frozen=True)
class Blank:
    """One empty line before what follows, if that begins a line; none after an opening bracket."""


@dataclass(frozen=True)
class Broken:
    """Text that stands only where the group is broken."""

    text: str


@dataclass(frozen=True)
class Lead:
    """An operator. Where it begins a line, what is broken behind it is indented from its operand."""

    text: str


@dataclass(frozen=True)
class Comment:
    """A comment on a line of its own; where none can begin here it goes behind the line, unless it `documents`."""

    text: str
    documents: bool = False


@dataclass(frozen=True)
class Suffix:
    """A comment behind the line, whatever else comes onto that line; `column` is where it stood."""

    text: str
    column: int


@dataclass(frozen=True)
class Row:
    """A line of text and the comment behind it."""

    text: str
    behind: Doc


@dataclass(frozen=True)
class Rows:
    """Lines from this column on; `otherwise` where they are too wide."""

    rows: tuple[Row, ...]
    otherwise: Doc


@dataclass(frozen=True)
class Nest:
    """Two columns further right."""

    content: Doc


@dataclass(frozen=True)
class Hang:
    """Indented from the beginning of the line that it begins on, with `within` from behind an operator there."""

    content: Doc
    within: bool = False


@dataclass(frozen=True)
class Group:
    """On one line if it fits; made by `group`. `edges` says what comments mean for the groups around it."""

    content: Doc
    edges: Edges


@dataclass(frozen=True)
class Edges:
    """Whether a document must take several lines, begins with comments, ends with one behind its line."""

    broken: bool = False
    leads: bool = False
    trails: bool = False


Doc: TypeAlias = "str | Line | Blank | Broken | Lead | Comment | Suffix | Rows | Nest | Hang | Group | Sequence[Doc]"

HARD = Line(hard=True)
SOFT = Line("")
FILL = Line(fill=True)


def joined(separator: Doc, docs: Iterable[Doc]) -> list[Doc]:
    found: list[Doc] = []
    for doc in docs:
        found += [separator, doc] if found else [doc]
    return found


def group(content: Doc) -> Group:
    """A group; it is broken where it holds a line end or a comment in its midst."""
    return Group(content, edges_of(content))


def edges_of(doc: Doc) -> Edges:
    broken = leads = trails = begun = False
    stack: list[Doc] = [doc]
    while stack:
        top = stack.pop()
        if isinstance(top, Line):
            broken |= top.hard
        elif isinstance(top, Rows):
            broken = begun = True
            stack.append(top.rows[-1].behind)
        elif isinstance(top, Comment):
            broken |= begun
            leads |= not begun
        elif isinstance(top, Suffix):
            trails = True
        elif isinstance(top, Group):
            broken |= trails or top.edges.broken or (begun and top.edges.leads)
            leads |= not begun and top.edges.leads
            begun, trails = True, top.edges.trails
        elif isinstance(top, str | Lead):
            broken |= trails
            begun, trails = True, False
        elif isinstance(top, Nest | Hang):
            stack.append(top.content)
        elif not isinstance(top, Blank | Broken):
            stack.extend(reversed(top))
    return Edges(broken, leads, trails)
