"""Parallel coordinates: a line for each weight through its label on every axis, to its weight on the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from hypercuboid.targets.charts.marks import SIZE, Figure, Mark, Table, short, stroke, text
from hypercuboid.targets.charts.scales import Scale, tick_text, ticks
from hypercuboid.targets.diagram_marks import number
from hypercuboid.targets.diagram_style import text_width

HEIGHT, TOP, LEFT = 220.0, 34.0, 20.0
NARROW, WIDE, ROOM = 100.0, 250.0, 34.0
"""Pixels from one axis to the next, at least and at most, and what of them is no label."""
MOST = 300
"""Lines that are drawn, the heaviest ones."""

MANY = 40
"""Kept lines beyond which they are thin, so that they do not become one area."""


@dataclass(frozen=True)
class Line:
    """One weight: its label on each axis, its value, how dark it is (0 to 1) and whether it is kept."""

    labels: tuple[str, ...]
    weight: float
    dark: float
    kept: bool


def parallel(title: str, axes: Sequence[tuple[str, Sequence[str]]], lines: Sequence[Line]) -> Figure:
    """`axes` have names and labels in order. Kept lines are in front; a label chosen by its button dims the others."""
    shown = sorted(sorted(lines, key=lambda one: -one.weight)[:MOST], key=lambda one: (one.kept, one.dark))
    most = max((one.weight for one in lines), default=1.0) or 1.0
    scale = Scale(0.0, most, TOP + HEIGHT, TOP)
    places = [_places(labels) for _, labels in axes]
    many = sum(one.kept for one in shown) > MANY
    at = list(accumulate((_gap(name, labels) for name, labels in axes), initial=LEFT))
    marks = [_line(one, at, places, scale, many) for one in shown]
    for place, (name, labels) in enumerate(axes):
        marks += _axis(at[place], at[place + 1], name, [(places[place][one], one) for one in labels], place)
    marks += _axis(at[-1], at[-1] + NARROW, "weight", [(scale(one), tick_text(one)) for one in ticks(0.0, most)], -1)
    heavy = sorted(lines, key=lambda one: -one.weight)
    words = "; ".join(f"{', '.join(one.labels)}: {short(one.weight)}" for one in heavy[:3])
    few = f" The {MOST} heaviest of {len(lines)} are drawn." if len(lines) > MOST else ""
    table = Table(
        (*(name for name, _ in axes), "weight"), tuple((*one.labels, short(one.weight)) for one in heavy[:MOST])
    )
    width = at[-1] + 60
    summary = f"{len(lines)} weights; red and thick: in the best architecture. Heaviest: {words}.{few}"
    return Figure(title, summary, width, TOP + HEIGHT + 14, tuple(marks), table, "parallel")


def _gap(name: str, labels: Sequence[str]) -> float:
    """From an axis to the next: as wide as its labels are."""
    return min(WIDE, max(NARROW, ROOM + max(text_width(one, SIZE) for one in (name, *labels))))


def _places(labels: Sequence[str]) -> dict[str, float]:
    step = HEIGHT / max(1, len(labels) - 1)
    middle = TOP + HEIGHT / 2
    return {one: middle if len(labels) == 1 else TOP + i * step for i, one in enumerate(labels)}


def _line(one: Line, xs: Sequence[float], places: Sequence[dict[str, float]], scale: Scale, many: bool) -> Mark:
    ys = [*(place[label] for place, label in zip(places, one.labels, strict=True)), scale(one.weight)]
    path = "".join(f"{'L' if i else 'M'}{number(x)} {number(y)}" for i, (x, y) in enumerate(zip(xs, ys, strict=True)))
    style = f"wire kept{' many' if many else ''}" if one.kept else "wire"
    opacity = ("0.4" if many else "1") if one.kept else number(0.08 + 0.7 * one.dark**2)
    return stroke(
        path, style, f"{', '.join(one.labels)}: {short(one.weight)}", opacity=opacity, data_labels="\n".join(one.labels)
    )


def _axis(x: float, end: float, name: str, labels: Sequence[tuple[float, str]], place: int) -> list[Mark]:
    marks = [stroke(f"M{number(x)} {number(TOP)}v{number(HEIGHT)}", "axis"), text(x - 10, 14, name, "b", end - x - 6)]
    every = max(1, -(-len(labels) // 16))
    for y, words in labels[::every]:
        mark = text(x + 5, y + 4, words, "t halo", end - x - ROOM + 4)
        more = {} if place < 0 else {"data-axis": str(place), "data-label": words}
        marks.append(Mark(mark.tag, {**mark.attributes, **more}, mark.text, mark.title))
    return marks
