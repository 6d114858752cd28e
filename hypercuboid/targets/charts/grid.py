"""Heat maps, cells darker where greater and what is kept framed; and choices over epochs as strips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypercuboid.targets.charts.marks import SIZE, Figure, Mark, Table, rect, short, text
from hypercuboid.targets.charts.scales import ticks
from hypercuboid.targets.diagram_marks import number
from hypercuboid.targets.diagram_style import text_width

ROW, HEAD, LABEL = 18.0, 22.0, 260.0
EPOCH, NARROW = 34.0, 0.65
"""Pixels that the number of an epoch takes, and those of an epoch at least: a thousand fit on the page."""


@dataclass(frozen=True)
class Heat:
    """A value and how dark it is, 0 to 1; `kept` is framed. None for a cell that is not there."""

    value: float
    dark: float
    kept: bool = False
    key: str = ""


def heat_map(
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[Heat | None]],
    summary: str,
    corner: str,
    kind: str = "heat",
) -> Figure:
    """Cells by row and column under turned names of the columns. `corner` says what rows and columns are."""
    left, top = _label_width(rows), _head(columns)
    size = max(14.0, min(46.0, (700 - left) / max(1, len(columns))))
    upright = all(text_width(one, SIZE) <= size for one in columns)
    top = HEAD if upright else top
    marks = [text(0, top - 8, corner, "m", left - 6)]
    if upright:
        marks += [text(left + (i + 0.5) * size, top - 8, one, "m", anchor="middle") for i, one in enumerate(columns)]
    else:
        marks += [_turned(left + (i + 0.5) * size, top - 5, one, top - 10) for i, one in enumerate(columns)]
    for y, (name, row) in enumerate(zip(rows, cells, strict=True)):
        marks.append(text(left - 6, top + (y + 0.5) * ROW + 4, name, width=left - 8, anchor="end"))
        marks += [
            m
            for x, one in enumerate(row)
            if one
            for m in _cell(left + x * size, top + y * ROW, size, one, name, columns[x])
        ]
    table = Table(
        (corner, *columns),
        tuple((n, *(short(c.value) if c else "" for c in r)) for n, r in zip(rows, cells, strict=True)),
    )
    return Figure(title, summary, left + len(columns) * size + 4, top + len(rows) * ROW + 4, tuple(marks), table, kind)


def _cell(x: float, y: float, size: float, one: Heat, row: str, column: str) -> list[Mark]:
    title = f"{row}, {column}: {short(one.value)}{', in the best architecture' if one.kept else ''}"
    more = {"data_key": one.key} if one.key else {}
    cell = rect(x + 0.5, y + 0.5, size - 1, ROW - 1, "heat", title, fill_opacity=number(0.04 + 0.96 * one.dark), **more)
    return [cell, rect(x + 1.5, y + 1.5, size - 3, ROW - 3, "kept")] if one.kept else [cell]


def _label_width(names: Sequence[str]) -> float:
    return min(LABEL, 14 + max((text_width(one, SIZE) for one in (*names, "alternative")), default=0.0))


def _head(columns: Sequence[str]) -> float:
    return min(170.0, 24 + max((text_width(one, SIZE) for one in columns), default=0.0))


def _turned(x: float, y: float, words: str, room: float) -> Mark:
    mark = text(x + 4, y, words, width=room)
    turn = f"rotate(-90 {mark.attributes['x']} {mark.attributes['y']})"
    return Mark(mark.tag, {**mark.attributes, "transform": turn}, mark.text, mark.title)


def strips(title: str, epochs: Sequence[int], rows: Sequence[tuple[str, Sequence[str]]], summary: str) -> Figure:
    """What each row held in each epoch: equal neighbours are one box, its text where it fits, of one hue in all rows.

    The table has the changes.
    """
    left = _label_width([name for name, _ in rows])
    width = max(NARROW, min(60.0, 640 / len(epochs)))
    shown = set(epochs) if width >= EPOCH else set(ticks(epochs[0], epochs[-1], max(2, int(640 / EPOCH)), whole=True))
    marks = [text(0, 12, "epoch", "m")]
    marks += [
        text(left + (i + 0.5) * width, 12, str(one), "m", anchor="middle")
        for i, one in enumerate(epochs)
        if one in shown
    ]
    changes = []
    hues = {one: i for i, one in enumerate(dict.fromkeys(_alike(words) for _, held in rows for words in held))}
    for y, (name, held) in enumerate(rows):
        marks.append(text(left - 6, HEAD + (y + 0.5) * ROW + 4, name, width=left - 8, anchor="end"))
        for first, end in _runs(held):
            marks += _strip(left, width, y, first, end, held[first], hues[_alike(held[first])], epochs, name)
            changes.append((name, str(epochs[first]), str(epochs[end - 1]), held[first]))
    table = Table(("site", "from epoch", "to epoch", "keeps"), tuple(changes))
    return Figure(
        title, summary, left + len(epochs) * width + 16, HEAD + len(rows) * ROW + 4, tuple(marks), table, "strips"
    )


def _alike(words: str) -> str:
    """What has one hue in all rows: a primitive whatever states it joins (`8 -> 16: SharpSepConv`)."""
    return words if ", " in words else words.rpartition(": ")[2]


def _runs(held: Sequence[str]) -> list[tuple[int, int]]:
    starts = [i for i, one in enumerate(held) if i == 0 or held[i - 1] != one]
    return list(zip(starts, [*starts[1:], len(held)], strict=True))


def _strip(
    left: float, width: float, y: int, first: int, end: int, words: str, hue: int, epochs: Sequence[int], name: str
) -> list[Mark]:
    x, w = left + first * width, (end - first) * width
    title = f"{name} keeps {words} from epoch {epochs[first]} to {epochs[end - 1]}"
    gap = 0.5 if w > 3 else 0.0
    box = rect(x + gap, HEAD + y * ROW + 0.5, w - 2 * gap, ROW - 1, f"strip s{hue % 8}", title)
    return (
        [box]
        if w < min(40.0, text_width(words, SIZE) + 8)
        else [box, text(x + 5, HEAD + (y + 0.5) * ROW + 4, words, width=w - 8)]
    )
