"""A line chart: series over epochs, or any points joined in order, each with a dash of its own beside its colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypercuboid.targets.charts.marks import SIZE, Figure, Mark, Table, rect, short, stroke, text
from hypercuboid.targets.charts.scales import Scale, around, tick_texts, ticks
from hypercuboid.targets.diagram_marks import number
from hypercuboid.targets.diagram_style import text_width

LINES = "lines"
"""The kind of figure that a line chart is."""

WIDTH, PLOT, LEFT, RIGHT, BOTTOM, ROW = 360.0, 165.0, 60.0, 18.0, 34.0, 15.0
DASHES = ("", "6 3", "2 3", "9 3 2 3", "12 4", "4 2 1 2", "1 2", "8 2 8 5")


@dataclass(frozen=True)
class Series:
    """Points (x, y) in order under a name."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Frame:
    """Where the two axes of a chart run."""

    x: Scale
    y: Scale

    @property
    def bottom(self) -> float:
        return self.y.start

    @property
    def text(self) -> str:
        """For the script of a page: where the axes start and end, then what they say there."""
        places = (self.x.start, self.x.end, self.y.start, self.y.end)
        return " ".join([*map(number, places), *map(repr, (self.x.low, self.x.high, self.y.low, self.y.high))])


def line_chart(
    title: str, series: Sequence[Series], x_name: str = "epoch", note: str = "", steps: bool = False, dots: bool = False
) -> Figure | None:
    """The chart of the series that have points; None where none has. `steps` joins points by stairs, `dots` not at all.

    `note` stands before what the summary says of first, best and last values.
    """
    seen = [one for one in series if one.points]
    if not seen:
        return None
    legend, top = _legend(seen, dots)
    frame = _frame(seen, top)
    whole = all(x == round(x) for one in seen for x, _ in one.points)
    marks = [*_axes(frame, x_name, whole), *legend]
    for place, one in enumerate(seen):
        marks += _series(frame, one, place, steps, dots)
    marks.append(stroke(f"M0 {number(top)}V{number(frame.bottom)}", "cross", visibility="hidden"))
    data = {"frame": frame.text, **({"whole": "1"} if whole else {})}
    summary = " ".join(filter(None, (note, *(_words(one, x_name) for one in seen))))
    return Figure(title, summary, WIDTH, frame.bottom + BOTTOM, tuple(marks), _table(seen, x_name), LINES, data)


def _legend(series: Sequence[Series], dots: bool) -> tuple[list[Mark], float]:
    """Samples with names, and where the plot begins below them; what is not joined has a dot as its sample."""
    marks: list[Mark] = []
    x, y = LEFT, 12.0
    for place, one in enumerate(series):
        size = min(text_width(one.name, SIZE) + 40, WIDTH - LEFT - RIGHT)
        if x + size > WIDTH - RIGHT and x > LEFT:
            x, y = LEFT, y + ROW
        if dots or len(one.points) == 1:
            marks.append(_dot(x + 11, y - 4, "2.6" if dots else "4", f"d s{place % 8}"))
        else:
            dash = DASHES[place % 8]
            marks.append(stroke(f"M{number(x)} {number(y - 4)}h22", f"l s{place % 8}", stroke_dasharray=dash))
        marks.append(text(x + 27, y, one.name, width=size - 30))
        x += size
    return marks, y + 10


def _frame(series: Sequence[Series], top: float) -> Frame:
    xs = [x for one in series for x, _ in one.points]
    low, high = around([y for one in series for _, y in one.points])
    first, last = (min(xs), max(xs)) if min(xs) < max(xs) else (min(xs) - 0.5, max(xs) + 0.5)
    return Frame(Scale(first, last, LEFT, WIDTH - RIGHT), Scale(low, high, top + PLOT, top))


def _axes(frame: Frame, x_name: str, whole: bool) -> list[Mark]:
    marks = [rect(LEFT, frame.y.end, WIDTH - LEFT - RIGHT, PLOT, "plot")]
    beside, below = ticks(frame.y.low, frame.y.high), ticks(frame.x.low, frame.x.high, 6, whole)
    for value, words in zip(beside, tick_texts(beside), strict=True):
        y = frame.y(value)
        marks.append(stroke(f"M{number(LEFT)} {number(y)}H{number(WIDTH - RIGHT)}", "grid", data_tick="y"))
        marks.append(_tick(LEFT - 6, y + 4, words, "end"))
    for value, words in zip(below, tick_texts(below), strict=True):
        x = frame.x(value)
        marks.append(stroke(f"M{number(x)} {number(frame.bottom)}v4", "axis", data_tick="x"))
        marks.append(_tick(x, frame.bottom + 16, words, "middle"))
    marks.append(text(WIDTH - RIGHT, frame.bottom + 29, x_name, "m", anchor="end"))
    return marks


def _tick(x: float, y: float, words: str, anchor: str) -> Mark:
    mark = text(x, y, words, "m", anchor=anchor)
    return Mark(mark.tag, {**mark.attributes, "data-tick": "text"}, mark.text, mark.title)


def _dot(x: float, y: float, radius: str, style: str, title: str = "", **more: str) -> Mark:
    where = {"cx": number(x), "cy": number(y), "r": radius, "class": style}
    return Mark("circle", {**where, **more}, title=title)


def _series(frame: Frame, one: Series, place: int, steps: bool, dots: bool) -> list[Mark]:
    at = [(frame.x(x), frame.y(y)) for x, y in one.points]
    style = f"s{place % 8}"
    marks = []
    if len(at) > 1 and not dots:
        rest = "".join(f"{f'H{number(x)}V{number(y)}' if steps else f'L{number(x)} {number(y)}'}" for x, y in at[1:])
        path = f"M{number(at[0][0])} {number(at[0][1])}{rest}"
        marks.append(stroke(path, f"l {style}", stroke_dasharray=DASHES[place % 8], data_series=style))
    if len(at) <= 60 or dots:
        radius = "2.6" if dots or len(at) > 1 else "4"
        for (x, y), point in zip(at, one.points, strict=True):
            title = f"{one.name}: {short(point[1])} at {short(point[0])}"
            marks.append(_dot(x, y, radius, f"d {style}", title, **{"data-series": style}))
    return marks


def _words(one: Series, x_name: str) -> str:
    values = [y for _, y in one.points]
    if len(values) == 1:
        return f"{one.name}: {short(values[0])} at {x_name} {short(one.points[0][0])}."
    ends = f"from {short(values[0])} to {short(values[-1])}"
    return f"{one.name}: {ends}, least {short(min(values))}, most {short(max(values))}."


def _table(series: Sequence[Series], x_name: str) -> Table:
    xs = sorted({x for one in series for x, _ in one.points})
    values = [dict(one.points) for one in series]
    rows = tuple((short(x), *(short(one[x]) if x in one else "" for one in values)) for x in xs)
    return Table((x_name, *(one.name for one in series)), rows)
