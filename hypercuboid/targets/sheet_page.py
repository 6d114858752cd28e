"""A sheet on a page of a readable shape: panels on shelves, under a header, over a legend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hypercuboid.targets.diagram_data import DrawnOp
from hypercuboid.targets.diagram_layout import MARGIN, NARROWEST, NORMAL, WIDEST, Box
from hypercuboid.targets.diagram_legend import Key, header, legend, legend_height
from hypercuboid.targets.diagram_marks import Page, line, printable_lines
from hypercuboid.targets.diagram_style import INK, text_width
from hypercuboid.targets.sheet import Cell, Row, Sheet
from hypercuboid.targets.sheet_abridged import SIZES, abridged
from hypercuboid.targets.sheet_detail import Detail
from hypercuboid.targets.sheet_draw import Canvas, draw_panel
from hypercuboid.targets.sheet_place import place_cell, place_flow

BOX_ROWS, HEAT_ROWS = 400, 5000
"""Up to so many alternatives each is a box, or a cell; beyond, a choice is one cell, and the header says so."""
HEADING, APART = 24.0, 34.0
WIDTHS = (NARROWEST, 1000.0, 1150.0, 1300.0, 1450.0, 1600.0, 1750.0, WIDEST)


@dataclass(frozen=True)
class Arrangement:
    """The corner and the size of every panel, with its heading; lines of flows are at most `room` wide."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    room: float
    detail: Detail


def sheet_page(sheet: Sheet) -> Page:
    """The page of a sheet: the most detail that its size allows and that fits."""
    found = _arrange(sheet)
    for most in SIZES:
        if found is not None:
            break
        shorter = abridged(sheet, most)
        found = _arrange(shorter)
        sheet = sheet if found is None else shorter
    assert found is not None, "a few boxes of each panel fit on a page"
    key = sheet_key(sheet)
    lines = sheet.lines + ((_declared(sheet),) if found.detail is Detail.SUMMARY else ())
    top = 44.0 + 15.0 * len(lines)
    foot = legend_height(key)
    width = max(found.width, found.height + top + foot)
    height = max(found.height + top + foot, width / 4)
    left, down = (width - found.width) / 2, top + (height - top - foot - found.height) / 2
    canvas = Canvas(found.detail)
    for panel, box in zip(sheet.panels, found.boxes, strict=True):
        if len(sheet.panels) > 1:
            canvas.add("names", line(box.x + left, box.y + down + 10, panel.name, box.w, NORMAL + 1.5, INK, True))
        draw_panel(canvas, panel, found.room, box.x + left, box.y + down + HEADING)
    layers = (header(sheet.title, lines, width), *canvas.layers(), legend(key, height - foot, width))
    return Page(width, height, printable_lines(sheet.title), printable_lines(_words(sheet, lines)), layers)


def sheet_key(sheet: Sheet) -> Key:
    """What the legend of a sheet explains."""
    ops = [op for drawing in sheet.drawings for step in drawing.steps for op in step.ops]
    rows: tuple[Row | DrawnOp, ...] = (*sheet.rows, *ops)
    weights = tuple(row.weight for row in rows if row.weight is not None and row.live)
    signs = ["node of a cell"] * any(isinstance(one, Cell) for one in sheet.panels)
    signs += ["state of a cuboid"] * bool(sheet.drawings)
    searched, kept = any(row.uniform < 1 for row in rows), any(row.kept for row in rows)
    return Key(sheet.labels, weights, searched, kept, ", ".join(signs), any(not row.live for row in rows))


def _declared(sheet: Sheet) -> str:
    return f"summary of {sheet.size:,} alternatives: a cell is a choice, its colour the strongest alternative there"


def _words(sheet: Sheet, lines: tuple[str, ...]) -> str:
    kept = [row.title.split("\n", 1)[0] for row in sheet.rows if row.kept][:100]
    return "; ".join((*lines, *(f"panel {panel.name}" for panel in sheet.panels), *(f"kept: {one}" for one in kept)))


def _arrange(sheet: Sheet) -> Arrangement | None:
    """The smallest page of the most detail that is no higher than wide can be; None where not even a summary is."""
    size = sheet.size
    details = [Detail.BOXES] * (size <= BOX_ROWS) + [Detail.HEAT] * (size <= HEAT_ROWS) + [Detail.SUMMARY]
    for detail in details:
        found = [one for one in _tried(sheet, detail) if one.width <= WIDEST and one.height <= WIDEST - 160]
        if found:
            return min(found, key=_waste)
    return None


def _waste(one: Arrangement) -> float:
    """The area of the page around an arrangement."""
    width = max(one.width, one.height + 120)
    return width * max(one.height + 120, width / 4)


def _tried(sheet: Sheet, detail: Detail) -> Iterator[Arrangement]:
    for width in WIDTHS:
        room = width - 2 * MARGIN
        sizes = []
        for panel in sheet.panels:
            placed = place_cell(panel, detail) if isinstance(panel, Cell) else place_flow(panel, detail, room)
            named = text_width(panel.name, NORMAL + 1.5, True) + 4
            sizes.append((max(placed.width, named if len(sheet.panels) > 1 else 0), placed.height + HEADING))
        if max(wide for wide, _ in sizes) <= room or width == WIDEST:
            wide = max(width, max(wide for wide, _ in sizes) + 2 * MARGIN)
            for alone in (False, True):
                yield _shelves(sizes, wide, room, detail, alone)


def _shelves(sizes: list[tuple[float, float]], width: float, room: float, detail: Detail, alone: bool) -> Arrangement:
    """Panels from left to right, on as many shelves as they need; `alone`: nothing beside the first."""
    boxes: list[Box] = []
    x, y, high = MARGIN, 0.0, 0.0
    for wide, tall in sizes:
        if x > MARGIN and (x + wide > width - MARGIN or (alone and len(boxes) == 1)):
            x, y, high = MARGIN, y + high + APART, 0.0
        boxes.append(Box(x, y, wide, tall))
        x, high = x + wide + APART + 10, max(high, tall)
    right = max(max(box.right for box in boxes) + MARGIN, NARROWEST)
    return Arrangement(right, y + high, tuple(boxes), room, detail)
