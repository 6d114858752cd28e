"""Where everything of a cuboid's picture stands, computed from the axes alone: no weight moves anything.

Columns are depth, rows the states in declared order, the same in every column. A space longer than the page is wrapped
into bands of columns. Units are SVG user units; a page is at most `WIDEST` of them wide, so that text of `SMALL`
units is at least 7 pixels high where the picture is shown 1,600 pixels wide.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from hypercuboid.targets.diagram_data import Drawing, DrawnOp
from hypercuboid.targets.diagram_style import text_width

WIDEST, NARROWEST = 1900.0, 820.0
SMALL, NORMAL, LARGE = 8.5, 10.0, 16.0
MARGIN, GUTTER = 26.0, 30.0
BOX_OPS, HEAT_OPS = 400, 5000
PILL_HEIGHT = 12.5
FAN = 22.0
"""Room for the edges between a column of states and a frame."""


@dataclass(frozen=True)
class Box:
    """A rectangle by its upper left corner."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def middle(self) -> float:
        return self.y + self.h / 2

    @property
    def center(self) -> float:
        return self.x + self.w / 2


@dataclass(frozen=True)
class Frame:
    """One step: its frame, and a box per op in the order of `DrawnStep.ops`. `blocks` are the grids of a heat map."""

    step: int
    box: Box
    ops: tuple[Box, ...]
    blocks: tuple[Box, ...] = ()


@dataclass(frozen=True)
class Column:
    """The states after `depth` steps, one box each."""

    depth: int
    pills: tuple[Box, ...]


@dataclass(frozen=True)
class Band:
    """One row of frames with a column of states before each and after the last."""

    top: float
    bottom: float
    frames: tuple[Frame, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Layout:
    """A whole page. `level` is "boxes" or "heat"."""

    level: str
    width: float
    height: float
    bands: tuple[Band, ...]
    legend: float
    """Top of the legend."""


@dataclass(frozen=True)
class Plan:
    """One step in its own coordinates: sizes, the middle of each state's row, and where ops stand in the frame."""

    frame: tuple[float, float]
    rows: tuple[float, ...]
    pill: float
    ops: tuple[tuple[Box, ...], ...]
    blocks: tuple[Box, ...] = ()


def header_height(drawing: Drawing) -> float:
    """Height of the title and the lines under it."""
    return 44.0 + 15.0 * len(drawing.lines)


def arrange(drawing: Drawing, legend: float) -> Layout | None:
    """The layout of a drawing on a page whose legend is `legend` high; None where only a summary fits."""
    if drawing.op_count <= BOX_OPS:
        found = _page("boxes", drawing, box_plan(drawing), legend)
        if found:
            return found
    if drawing.op_count <= HEAT_OPS:
        plan = heat_plan(drawing)
        return _page("heat", drawing, plan, legend) if plan else None
    return None


def op_text(drawing: Drawing, op: DrawnOp) -> str:
    """What stands in the box of an op."""
    step = f"{drawing.states[op.source]}→{drawing.states[op.target]}"
    return step if len(drawing.primitives) == 1 else f"{drawing.primitives[op.primitive]} {step}"


def _head(drawing: Drawing) -> float:
    """Width that the headings of the frames ask for."""
    names = [text_width(step.name, NORMAL, True) for step in drawing.steps]
    notes = [text_width(step.note, SMALL) for step in drawing.steps]
    return min(190.0, max((*names, *notes, 40.0)) + 12)


def _pill(drawing: Drawing) -> float:
    return min(76.0, max(28.0, max((text_width(state, SMALL, True) for state in drawing.states), default=0) + 12))


def box_plan(drawing: Drawing) -> Plan:
    """Every op a box with its label, grouped by the state that it starts from."""
    row, height, apart, top = 13.0, 11.6, 8.0, 37.0
    labels = {op_text(drawing, op) for step in drawing.steps for op in step.ops}
    width = max(_head(drawing), min(150.0, max((text_width(one, SMALL) for one in labels), default=40.0) + 18))
    keys = sorted({(op.source, op.target, op.primitive) for step in drawing.steps for op in step.ops})
    slots, rows, y = {}, [], top
    for state in range(len(drawing.states)):
        mine = [key for key in keys if key[0] == state]
        for place, key in enumerate(mine):
            slots[key] = Box(6, y + place * row, width - 12, height)
        rows.append(y + (max(1, len(mine)) * row - (row - height)) / 2)
        y += max(1, len(mine)) * row + apart
    ops = tuple(tuple(slots[op.source, op.target, op.primitive] for op in step.ops) for step in drawing.steps)
    return Plan((width, y - apart + 6), tuple(rows), _pill(drawing), ops)


def heat_plan(drawing: Drawing) -> Plan | None:
    """One grid per primitive, rows the state before and columns the state after; None where it is too wide."""
    states, kinds, row = len(drawing.states), len(drawing.primitives), 14.0
    label = max(text_width(state, SMALL) for state in drawing.states)
    room = (WIDEST - 2 * MARGIN - 2 * _pill(drawing) - 2 * FAN - 12 - 10 * (kinds - 1)) / max(1, states * kinds)
    cell = min(11.0, room)
    if cell < 3:
        return None
    top = 37.0 + 13.0 + (label + 8 if cell >= SMALL + 1 else 4)
    grid = max(states * cell, (_head(drawing) - 12 - 10 * (kinds - 1)) / kinds)
    blocks = tuple(Box(6 + kind * (grid + 10), top, states * cell, states * row) for kind in range(kinds))
    ops = tuple(
        tuple(
            Box(blocks[op.primitive].x + op.target * cell, top + op.source * row + 1.2, cell - 1, row - 2.4)
            for op in step.ops
        )
        for step in drawing.steps
    )
    rows = tuple(top + (state + 0.5) * row for state in range(states))
    return Plan((12 + kinds * grid + 10 * (kinds - 1), top + states * row + 8), rows, _pill(drawing), ops, blocks)


def block_layout(drawing: Drawing, level: str, room: float, x: float = 0.0, y: float = 0.0) -> Layout | None:
    """A cuboid as a part of a larger picture, its upper left corner at (x, y): as few bands as `room` allows.

    None where the level does not fit in.
    """
    plan = box_plan(drawing) if level == "boxes" else heat_plan(drawing)
    if plan is None or not drawing.steps:
        return None
    pitch, total = plan.pill + 2 * FAN + plan.frame[0], len(drawing.steps)
    fit = int((room - plan.pill) // pitch)
    if fit < 1:
        return None
    columns = math.ceil(total / math.ceil(total / fit))
    bands = _bands(plan, total, columns, pitch, x, y)
    return Layout(level, columns * pitch + plan.pill, bands[-1].bottom - y, bands, bands[-1].bottom)


def _page(level: str, drawing: Drawing, plan: Plan, legend: float) -> Layout | None:
    """Wraps the steps into as few bands as the page's width and a shape between 1:1 and 4:1 allow."""
    pitch = plan.pill + 2 * FAN + plan.frame[0]
    total, top = len(drawing.steps), header_height(drawing)
    fit = int((WIDEST - 2 * MARGIN - plan.pill) // pitch)
    if fit < 1 or not total:
        return None
    for bands in range(math.ceil(total / fit), total + 1):
        columns = math.ceil(total / bands)
        if math.ceil(total / columns) < bands:
            continue
        width = max(NARROWEST, 2 * MARGIN + columns * pitch + plan.pill)
        height = top + bands * plan.frame[1] + (bands - 1) * GUTTER + legend
        if width > 4 * height and bands < total:
            continue
        width, height = max(width, height), max(height, width / 4)
        if width > WIDEST:
            return None
        return _placed(level, drawing, plan, columns, pitch, width, height, legend)
    return None


def _placed(
    level: str, drawing: Drawing, plan: Plan, columns: int, pitch: float, width: float, height: float, legend: float
) -> Layout:
    left = (width - columns * pitch - plan.pill) / 2
    bands = _bands(plan, len(drawing.steps), columns, pitch, left, header_height(drawing))
    return Layout(level, width, height, bands, height - legend)


def _bands(plan: Plan, total: int, columns: int, pitch: float, left: float, top: float) -> tuple[Band, ...]:
    bands = []
    for first in range(0, total, columns):
        steps = range(first, min(first + columns, total))
        frames = tuple(_frame(plan, step, left + (step - first) * pitch + plan.pill + FAN, top) for step in steps)
        places = tuple(_column(plan, first + i, left + i * pitch, top) for i in range(len(steps) + 1))
        bands.append(Band(top, top + plan.frame[1], frames, places))
        top += plan.frame[1] + GUTTER
    return tuple(bands)


def _frame(plan: Plan, step: int, x: float, y: float) -> Frame:
    ops = tuple(Box(x + box.x, y + box.y, box.w, box.h) for box in plan.ops[step])
    blocks = tuple(Box(x + box.x, y + box.y, box.w, box.h) for box in plan.blocks)
    return Frame(step, Box(x, y, *plan.frame), ops, blocks)


def _column(plan: Plan, depth: int, x: float, y: float) -> Column:
    half = PILL_HEIGHT / 2
    return Column(depth, tuple(Box(x, y + row - half, plan.pill, PILL_HEIGHT) for row in plan.rows))
