"""A declared summary of a cuboid that is too large for boxes and heat maps of ops: states by depth."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from hypercuboid.targets.diagram_data import Drawing
from hypercuboid.targets.diagram_layout import MARGIN, NORMAL, SMALL, Box, header_height
from hypercuboid.targets.diagram_legend import description, drawing_key, header, legend, legend_height
from hypercuboid.targets.diagram_marks import Layer, Mark, Page, Text, boxed, number, path_layers, printable_lines
from hypercuboid.targets.diagram_style import LINE, MUTED, PANEL, clip, darkness, fill

MOST_ROWS, MOST_COLUMNS = 40, 48
NAMES = 110.0
"""Width of the names of states."""


@dataclass(frozen=True)
class Grid:
    """One cell for `per_row` states and `per_column` steps; rows are states, columns depth."""

    cells: tuple[tuple[Box, ...], ...]
    per_row: int
    per_column: int

    @property
    def right(self) -> float:
        return self.cells[0][-1].right

    @property
    def bottom(self) -> float:
        return self.cells[-1][0].bottom


def grid(drawing: Drawing, x: float, y: float, room: float) -> Grid:
    """The cells of a summary with its upper left corner at (x, y), names included, about `room` wide."""
    states, steps = max(1, len(drawing.states)), max(1, len(drawing.steps))
    per_row, per_column = -(-states // MOST_ROWS), -(-steps // MOST_COLUMNS)
    rows, columns = -(-states // per_row), -(-steps // per_column)
    left, top, high = x + NAMES, y + 22, max(15.0, 240 / rows)
    wide = max(16.0, (room - NAMES) / columns)
    cells = (
        tuple(Box(left + column * wide, top + row * high, wide - 1, high - 1) for column in range(columns))
        for row in range(rows)
    )
    return Grid(tuple(cells), per_row, per_column)


def summary_note(drawing: Drawing, found: Grid) -> str:
    """What the cells of a summary say."""
    added = (
        f"a cell adds up the weights that leave {_many(found.per_row, 'state')} in {_many(found.per_column, 'step')}"
    )
    return f"summary of {drawing.op_count:,} ops: {added}; its colour is the strongest primitive there"


def summary_marks(drawing: Drawing, found: Grid) -> tuple[Mark, ...]:
    """The names and cells of a summary."""
    return (*_names(drawing, found), *_cells(drawing, found))


def summary(drawing: Drawing) -> Page:
    """One cell per state and step: the most common primitive there by weight, dark where much weight leaves it.

    Where there are more states or steps than cells, neighbours share one; the header says so.
    """
    lines = (*drawing.lines, summary_note(drawing, grid(drawing, 0, 0, 0)))
    head = replace(drawing, lines=lines)
    found = grid(drawing, MARGIN, header_height(head), 900 - 2 * MARGIN)
    height = found.bottom + 1 + legend_height(drawing_key(drawing))
    width = max(900.0, found.right + 1 + MARGIN, height)
    height = max(height, width / 4)
    path = summary_path(drawing, found)
    rim, line = path_layers(f"M{path[0]}L{'L'.join(path[1:])}" if path else "")
    layers = (
        header(drawing.title, lines, width),
        rim,
        Layer("ops", summary_marks(drawing, found)),
        line,
        legend(drawing_key(drawing), height - legend_height(drawing_key(drawing)), width),
    )
    return Page(width, height, printable_lines(drawing.title), printable_lines(description(head)), layers)


def _many(count: int, what: str) -> str:
    return f"a {what}" if count == 1 else f"{count} {what}s"


def _names(drawing: Drawing, found: Grid) -> list[Mark]:
    marks: list[Mark] = []
    cells, per_row, per_column = found.cells, found.per_row, found.per_column
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


def _cells(drawing: Drawing, found: Grid) -> list[Mark]:
    cells, per_row, per_column = found.cells, found.per_row, found.per_column
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
            marks.append(boxed(box, fill(drawing.hue(strongest), darkness(mean, uniform[at] / steps)), title=title))
    return marks


def summary_path(drawing: Drawing, found: Grid) -> list[str]:
    """Points through the cells on the best path, `x y` each, the last one right of the cells; none without a path."""
    cells, per_row, per_column = found.cells, found.per_row, found.per_column
    points = []
    for place, op in enumerate(drawing.path):
        box = cells[op.source // per_row][place // per_column]
        inside = (place % per_column + 0.5) / min(per_column, len(drawing.steps) - place // per_column * per_column)
        points.append(f"{number(box.x + inside * box.w)} {number(box.middle)}")
    if points:
        last = cells[drawing.path[-1].target // per_row][-1]
        points.append(f"{number(last.right + 8)} {number(last.middle)}")
    return points
