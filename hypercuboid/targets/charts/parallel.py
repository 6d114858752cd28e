"""Parallel coordinates: a line for each weight through its label on every axis, to its weight on the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypercuboid.targets.charts.marks import Figure, Mark, Table, short, stroke, text
from hypercuboid.targets.charts.scales import Scale, tick_text, ticks
from hypercuboid.targets.diagram_marks import number

HEIGHT, TOP, GAP, LEFT = 220.0, 34.0, 128.0, 20.0
MOST = 300
"""Lines that are drawn, the heaviest ones."""


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
    marks = [_line(one, places, scale) for one in shown]
    for place, (name, labels) in enumerate(axes):
        marks += _axis(LEFT + place * GAP, name, [(places[place][one], one) for one in labels], place)
    marks += _axis(LEFT + len(axes) * GAP, "weight", [(scale(one), tick_text(one)) for one in ticks(0.0, most)], -1)
    heavy = sorted(lines, key=lambda one: -one.weight)
    words = "; ".join(f"{', '.join(one.labels)}: {short(one.weight)}" for one in heavy[:3])
    few = f" The {MOST} heaviest of {len(lines)} are drawn." if len(lines) > MOST else ""
    table = Table(
        (*(name for name, _ in axes), "weight"), tuple((*one.labels, short(one.weight)) for one in heavy[:MOST])
    )
    width = LEFT + len(axes) * GAP + 60
    summary = f"{len(lines)} weights; red and thick: in the best architecture. Heaviest: {words}.{few}"
    return Figure(title, summary, width, TOP + HEIGHT + 14, tuple(marks), table, "parallel")


def _places(labels: Sequence[str]) -> dict[str, float]:
    step = HEIGHT / max(1, len(labels) - 1)
    middle = TOP + HEIGHT / 2
    return {one: middle if len(labels) == 1 else TOP + i * step for i, one in enumerate(labels)}


def _line(one: Line, places: Sequence[dict[str, float]], scale: Scale) -> Mark:
    at = [*(place[label] for place, label in zip(places, one.labels, strict=True)), scale(one.weight)]
    path = "".join(f"{'L' if i else 'M'}{number(LEFT + i * GAP)} {number(y)}" for i, y in enumerate(at))
    style = "wire kept" if one.kept else "wire"
    opacity = "1" if one.kept else number(0.08 + 0.7 * one.dark**2)
    return stroke(
        path, style, f"{', '.join(one.labels)}: {short(one.weight)}", opacity=opacity, data_labels="\n".join(one.labels)
    )


def _axis(x: float, name: str, labels: Sequence[tuple[float, str]], place: int) -> list[Mark]:
    marks = [stroke(f"M{number(x)} {number(TOP)}v{number(HEIGHT)}", "axis"), text(x - 10, 14, name, "b", GAP - 6)]
    every = max(1, -(-len(labels) // 16))
    for y, words in labels[::every]:
        mark = text(x + 5, y + 4, words, "t halo", GAP - 30)
        more = {} if place < 0 else {"data-axis": str(place), "data-label": words}
        marks.append(Mark(mark.tag, {**mark.attributes, **more}, mark.text, mark.title))
    return marks
