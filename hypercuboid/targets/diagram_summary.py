"""A declared summary of a cuboid that is too large for boxes and heat maps of ops: states by depth."""

from __future__ import annotations

from collections import defaultdict

from hypercuboid.targets.diagram_data import Drawing
from hypercuboid.targets.diagram_layout import MARGIN, NORMAL, SMALL, Box, header_height
from hypercuboid.targets.diagram_legend import description, drawing_key, header, legend, legend_height
from hypercuboid.targets.diagram_marks import Curve, Layer, Mark, Page, Text, boxed, number, printable_lines
from hypercuboid.targets.diagram_style import LINE, MUTED, PANEL, RED, clip, darkness, fill

MOST_ROWS, MOST_COLUMNS = 40, 48


def summary(drawing: Drawing) -> Page:
    """One cell per state and step: the most common primitive there by weight, dark where much weight leaves it.

    Where there are more states or steps than cells, neighbours share one; the header says so.
    """
    states, steps = max(1, len(drawing.states)), max(1, len(drawing.steps))
    per_row, per_column = -(-states // MOST_ROWS), -(-steps // MOST_COLUMNS)
    rows, columns = -(-states // per_row), -(-steps // per_column)
    note = f"summary of {drawing.op_count:,} ops: a cell adds up the weights that leave {_many(per_row, 'state')} in "
    lines = (*drawing.lines, note + f"{_many(per_column, 'step')}; its colour is the strongest primitive there")
    head = Drawing(drawing.title, lines, drawing.states, drawing.primitives, drawing.steps)
    left, top, cell_height = MARGIN + 110, header_height(head) + 22, max(15.0, 240 / rows)
    cell_width = max(16.0, (900 - left - MARGIN) / columns)
    height = top + rows * cell_height + legend_height(drawing_key(drawing))
    width = max(900.0, left + columns * cell_width + MARGIN, height)
    height = max(height, width / 4)
    cells = [
        [Box(left + c * cell_width, top + r * cell_height, cell_width - 1, cell_height - 1) for c in range(columns)]
        for r in range(rows)
    ]
    marks = _names(drawing, cells, per_row, per_column)
    marks += _cells(drawing, cells, per_row, per_column)
    path = _path(drawing, cells, per_row, per_column)
    layers = (
        header(drawing.title, lines, width),
        Layer("ops", tuple(marks)),
        Layer("path", (Curve(path, RED, 2.2, True),) if path else ()),
        legend(drawing_key(drawing), height - legend_height(drawing_key(drawing)), width),
    )
    return Page(width, height, printable_lines(drawing.title), printable_lines(description(head)), layers)


def _many(count: int, what: str) -> str:
    return f"a {what}" if count == 1 else f"{count} {what}s"


def _names(drawing: Drawing, cells: list[list[Box]], per_row: int, per_column: int) -> list[Mark]:
    marks: list[Mark] = []
    for row, line_cells in enumerate(cells):
        box = line_cells[0]
        text = _range(drawing.states, row, per_row)
        marks.append(Text(box.x - 6, box.middle + 3, clip(text, 100, SMALL), SMALL, MUTED, "end"))
    names = tuple(step.name for step in drawing.steps)
    every = max(1, round(120 / (cells[0][0].w + 1)))
    for column in range(0, len(cells[0]), every):
        box = cells[0][column]
        marks.append(Text(box.x, box.y - 6, clip(_range(names, column, per_column), 112, NORMAL), NORMAL, MUTED))
    return marks


def _range(names: tuple[str, ...], place: int, per: int) -> str:
    first, last = names[place * per], names[min(len(names), (place + 1) * per) - 1]
    return first if first == last else f"{first}..{last}"


def _cells(drawing: Drawing, cells: list[list[Box]], per_row: int, per_column: int) -> list[Mark]:
    weights: dict[tuple[int, int], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    uniform: dict[tuple[int, int], float] = defaultdict(float)
    counted: dict[tuple[int, int], int] = defaultdict(int)
    for place, step in enumerate(drawing.steps):
        for op in step.ops:
            at = op.source // per_row, place // per_column
            weights[at][op.primitive] += op.uniform if op.weight is None else op.weight
            uniform[at] += op.uniform
            counted[at] += 1
    marks: list[Mark] = []
    for row, line_cells in enumerate(cells):
        for column, box in enumerate(line_cells):
            at = row, column
            if not counted[at]:
                marks.append(boxed(box, PANEL, LINE, 0.5))
                continue
            steps = min(per_column, len(drawing.steps) - column * per_column)
            strongest = min(weights[at], key=lambda one: (-weights[at][one], one))
            mean = sum(weights[at].values()) / steps if drawing.has_weights else None
            shares = ", ".join(f"{drawing.primitives[k]} {v / steps:.4g}" for k, v in sorted(weights[at].items()))
            title = f"{_range(drawing.states, row, per_row)}: {counted[at]:,} ops, weight per step: {shares}"
            marks.append(boxed(box, fill(strongest, darkness(mean, uniform[at] / steps)), title=title))
    return marks


def _path(drawing: Drawing, cells: list[list[Box]], per_row: int, per_column: int) -> str:
    points = []
    for place, op in enumerate(drawing.path):
        box = cells[op.source // per_row][place // per_column]
        inside = (place % per_column + 0.5) / min(per_column, len(drawing.steps) - place // per_column * per_column)
        points.append(f"{number(box.x + inside * box.w)} {number(box.middle)}")
    if not points:
        return ""
    last = cells[drawing.path[-1].target // per_row][-1]
    return "M" + "L".join([*points, f"{number(last.right + 8)} {number(last.middle)}"])
