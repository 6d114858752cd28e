"""Header and legend of a picture, and its description in words."""

from __future__ import annotations

from dataclasses import dataclass

from hypercuboid.targets.diagram_data import Drawing
from hypercuboid.targets.diagram_layout import LARGE, MARGIN, NARROWEST, NORMAL, Box
from hypercuboid.targets.diagram_marks import Curve, Layer, Mark, Rect, boxed, line, number
from hypercuboid.targets.diagram_style import INK, MUTED, RED, fill, grey, text_width

ROW = 20.0
SHADES, SHADE = 7, 14.0
WIDEST_LABEL = 300.0
_LEAST = text_width("weight: least 0.0001234", NORMAL)
_MOST = text_width("most 0.0001234 (middle: uniform; wider edge: heavier)", NORMAL)
"""Room for weights of any length, so that none moves what stands behind them."""


def header(title: str, lines: tuple[str, ...], width: float) -> Layer:
    """Title and lines, each cut to the page."""
    room = width - 2 * MARGIN
    marks: list[Mark] = [line(MARGIN, 28, title, room, LARGE, INK, True)]
    marks += [line(MARGIN, 45 + 15 * i, text, room, NORMAL, MUTED) for i, text in enumerate(lines)]
    return Layer("header", tuple(marks))


@dataclass(frozen=True)
class Key:
    """What a legend explains: labels with a hue, all weights that are shown, and which other signs there are.

    `searched`: there are alternatives, so that darkness has a meaning, if only that of no weights. `state` names what a
    rounded box is; empty where there is none.
    """

    labels: tuple[tuple[str, int], ...]
    weights: tuple[float, ...]
    searched: bool
    path: bool
    state: str
    dead: bool


def drawing_key(drawing: Drawing) -> Key:
    """What the legend of a cuboid's picture explains."""
    ops = [op for step in drawing.steps for op in step.ops]
    weights = tuple(op.weight for op in ops if op.weight is not None and op.live)
    dead = any(not op.live for op in ops)
    labels = tuple((name, drawing.hue(i)) for i, name in enumerate(drawing.names or drawing.primitives))
    return Key(labels, weights, True, bool(drawing.path), "state of the cuboid", dead)


def legend_height(key: Key) -> float:
    """Height of the legend on the narrowest page, so that no weight can change it."""
    return 18 + ROW * (1 + max((row for _, row, _ in _places(key, NARROWEST)), default=0))


def legend(key: Key, top: float, width: float) -> Layer:
    """What colours, darkness, widths, the red line and the shapes mean."""
    marks: list[Mark] = []
    for item, row, x in _places(key, width):
        marks += _item(key, item, x, top + 14 + row * ROW)
    return Layer("legend", tuple(marks))


def _places(key: Key, width: float) -> list[tuple[str | int, int, float]]:
    """Each item with its row and x."""
    items: list[tuple[str | int, float]] = [
        (i, 26 + min(WIDEST_LABEL, text_width(name, NORMAL)))
        for i, name in enumerate(name for name, _ in key.labels[:24])
    ]
    items += [("weight", _LEAST + SHADES * SHADE + _MOST + 16 if key.weights else 180.0)] * key.searched
    items += (
        [("path", 96.0)] * key.path
        + [("state", 36 + text_width(key.state, NORMAL))] * bool(key.state)
        + [("dead", 170.0)] * key.dead
    )
    places, x, row = [], MARGIN, 0
    for item, size in items:
        if x + size > width - MARGIN and x > MARGIN:
            x, row = MARGIN, row + 1
        places.append((item, row, x))
        x += size + 16
    return places


def _item(key: Key, item: str | int, x: float, y: float) -> list[Mark]:
    if isinstance(item, int):
        name, hue = key.labels[item]
        swatch = Rect(x, y, 14, 11, fill(hue, 0.8))
        return [swatch, line(x + 20, y + 9.2, name, WIDEST_LABEL + 2, NORMAL)]
    if item == "weight":
        return _scale(key.weights, x, y)
    if item == "path":
        stroke = Curve(f"M{number(x)} {number(y + 5.5)}h28", RED, 2.4, True)
        return [stroke, line(x + 34, y + 9.2, "best path", 90, NORMAL)]
    if item == "state":
        box = Box(x, y - 0.5, 26, 12.5)
        return [boxed(box, "#e6e6e6", "#b5b5b5", 0.8, 6), line(x + 32, y + 9.2, key.state, 300, NORMAL)]
    dashed = Rect(x, y, 20, 11, "#ffffff", "#767676", 0.6, 1.5, True)
    return [dashed, line(x + 26, y + 9.2, "cannot reach the output", 150, NORMAL)]


def _scale(weights: tuple[float, ...], x: float, y: float) -> list[Mark]:
    if not weights:
        return [line(x, y + 9.2, "structure only, no weights", 200, NORMAL, MUTED)]
    left = x + _LEAST + 8
    marks: list[Mark] = [line(x, y + 9.2, f"weight: least {min(weights):.3g}", _LEAST, NORMAL)]
    for i in range(SHADES):
        shade = grey(i / (SHADES - 1))
        box = Box(left + i * SHADE, y - 1, SHADE, 13)
        marks.append(boxed(box, shade, title="logarithmic scale; the middle is uniform, 1 / n in a group of n"))
    text = f"most {max(weights):.3g} (middle: uniform; wider edge: heavier)"
    marks.append(line(left + SHADE * SHADES + 8, y + 9.2, text, _MOST, NORMAL))
    return marks


def description(drawing: Drawing) -> str:
    """The picture in words."""
    parts = [f"{len(drawing.steps)} steps over the states {', '.join(drawing.states[:40])}", *drawing.lines]
    for step, op in zip(drawing.steps[:100], drawing.path, strict=False):
        kept = f"{drawing.states[op.source]} to {drawing.states[op.target]} by {drawing.primitives[op.primitive]}"
        parts.append(f"best in {step.name}: {kept}")
    return "; ".join(parts)
