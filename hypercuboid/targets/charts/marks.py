"""What a report is made of: marks of an SVG, figures with a text alternative, tables, sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from hypercuboid.targets.diagram_marks import number, printable_lines
from hypercuboid.targets.diagram_style import clip, printable

SIZE = 11.0
"""Font size of all text in charts, in pixels: charts are shown at their own size."""

Cell: TypeAlias = str


@dataclass(frozen=True)
class Mark:
    """One element of an SVG: its tag, attributes as text, a text inside, and a tooltip."""

    tag: str
    attributes: Mapping[str, str]
    text: str = ""
    title: str = ""


@dataclass(frozen=True)
class Table:
    """Rows under columns; the first column names the row."""

    columns: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Figure:
    """A chart. `summary` says in words what it shows, `table` has its numbers; `data` is for the script of the page."""

    title: str
    summary: str
    width: float = 0.0
    height: float = 0.0
    marks: tuple[Mark, ...] = ()
    table: Table | None = None
    kind: str = "chart"
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """A part of a report under a heading: paragraphs, a table that is seen, figures, and text as it was written."""

    title: str
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None
    figures: tuple[Figure, ...] = ()
    code: str = ""
    picture: str = ""
    """A whole SVG of `targets.picture`."""
    source: tuple[tuple[int, str, str], ...] = ()
    """Lines of source: number, text, and what stands in the margin."""


def rect(x: float, y: float, w: float, h: float, style: str, title: str = "", **more: str) -> Mark:
    """A rectangle of a class; further attributes with `_` for `-`."""
    place = {"x": number(x), "y": number(y), "width": number(w), "height": number(h), "class": style}
    return Mark("rect", {**place, **_named(more)}, title=printable_lines(title))


def stroke(path: str, style: str, title: str = "", **more: str) -> Mark:
    """A line by the commands of SVG paths."""
    return Mark("path", {"d": path, "class": style, **_named(more)}, title=printable_lines(title))


def text(x: float, y: float, words: str, style: str = "t", width: float = 1e9, anchor: str = "start") -> Mark:
    """A text on its base line, cut to `width`; the whole of it is then its tooltip."""
    shown = clip(words, width, SIZE)
    place = {"x": number(x), "y": number(y), "class": style, "text-anchor": anchor}
    return Mark("text", place, shown, "" if shown == printable(words) else printable(words))


def _named(more: Mapping[str, str]) -> dict[str, str]:
    return {name.strip("_").replace("_", "-"): value for name, value in more.items()}


def short(value: float | None) -> str:
    """A number to four digits, for people; whole ones and those from 10,000 on to the unit."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if isinstance(value, int) or 1e4 <= abs(value) < 1e15 else f"{value:.4g}"


def joined(words: Sequence[str], most: int = 8) -> str:
    """A list in words, a long one cut."""
    more = f", and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more
