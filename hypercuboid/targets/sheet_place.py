"""Where the boxes of a flow and of a cell stand, computed from structure and texts alone: no weight moves anything."""

from __future__ import annotations

from dataclasses import dataclass

from hypercuboid.targets.diagram_layout import NORMAL, PILL_HEIGHT, SMALL, Box
from hypercuboid.targets.diagram_style import text_width
from hypercuboid.targets.sheet import Cell, Edge, Flow, Item, Row
from hypercuboid.targets.sheet_detail import Detail
from hypercuboid.targets.sheet_inlay import PlacedInlay, inlay_size, place_inlay

GAP, TRACK, LINE, ROW, BOX = 26.0, 7.0, 13.0, 13.0, 11.6
"""Units between boxes of a flow, between the tracks of long edges, of a line of text, of a row and of its box."""
CELL, CELLS = 9.0, 16
"""Width of a cell of a heat map with the gap behind it, and the most cells of a line."""
WIDEST_BOX, FAN = 210.0, 13.0


@dataclass(frozen=True)
class PlacedItem:
    """A box of a flow, a box per row or its cuboid, and the line of the flow that it stands on, from 0."""

    box: Box
    rows: tuple[Box, ...]
    line: int
    inlay: PlacedInlay | None = None

    @property
    def enter(self) -> float:
        """Where a wire from the left meets the box."""
        return self.box.middle if self.inlay is None else self.inlay.enter

    @property
    def leave(self) -> float:
        """Where a wire to the right leaves it."""
        return self.box.middle if self.inlay is None else self.inlay.leave


@dataclass(frozen=True)
class PlacedFlow:
    """The boxes of a flow; a line takes what lies between `tracks` and `bottoms`, first the long edges."""

    width: float
    height: float
    items: tuple[PlacedItem, ...]
    tracks: tuple[float, ...]
    bottoms: tuple[float, ...]
    lanes: tuple[tuple[tuple[int, int], int], ...]
    """Of each long edge, (source, target), the number of its track, from 0 at the bottom."""


@dataclass(frozen=True)
class PlacedCell:
    """The nodes of a cell, the frames and rows of every block of every edge, and the track of every node's lane."""

    width: float
    height: float
    nodes: tuple[Box, ...]
    blocks: tuple[tuple[tuple[Box, tuple[Box, ...]], ...], ...]
    tracks: tuple[float, ...]


def is_labelled(rows: tuple[Row, ...], detail: Detail) -> bool:
    """Whether each row is a box with its label: of an only one, that is what says which it is."""
    return detail is Detail.BOXES or len(rows) == 1


def rows_size(rows: tuple[Row, ...], detail: Detail) -> tuple[float, float]:
    """Width and height of the rows of a choice."""
    if is_labelled(rows, detail):
        return min(WIDEST_BOX, max(text_width(row.label, SMALL) for row in rows) + 14), ROW * len(rows) - ROW + BOX
    if detail is Detail.SUMMARY:
        return 24.0, BOX
    columns = min(len(rows), CELLS)
    return CELL * columns - 1, ROW * -(-len(rows) // columns) - ROW + BOX


def place_rows(rows: tuple[Row, ...], box: Box, detail: Detail) -> tuple[Box, ...]:
    """The box of every row in a frame's inside."""
    if is_labelled(rows, detail):
        return tuple(Box(box.x, box.y + i * ROW, box.w, BOX) for i in range(len(rows)))
    if detail is Detail.SUMMARY:
        return (Box(box.x, box.y, box.w, BOX),) * len(rows)
    places = (divmod(i, CELLS) for i in range(len(rows)))
    return tuple(Box(box.x + column * CELL, box.y + line * ROW, CELL - 1, BOX) for line, column in places)


# ---------------------------------------------------------------- flows


def item_size(item: Item, detail: Detail, room: float) -> tuple[float, float]:
    """Width and height of a box of a flow whose lines are at most `room` wide."""
    first, rest = text_width(item.lines[0], NORMAL, True), [text_width(one, SMALL) for one in item.lines[1:]]
    width, height = min(WIDEST_BOX, max(first, *rest, 20.0) + 14), 9 + LINE * len(item.lines)
    if item.inlay is not None:
        wide, high = inlay_size(item.inlay, detail, room)
        return max(width, wide + 12), height + high + 6
    if not item.rows:
        return width, height
    wide, high = rows_size(item.rows, detail)
    return max(width, wide + 12), height + high + 4


def place_flow(flow: Flow, detail: Detail, room: float, x: float = 0.0, y: float = 0.0) -> PlacedFlow:
    """The flow in lines at most `room` wide, its upper left corner at (x, y)."""
    sizes = [item_size(item, detail, room) for item in flow.items]
    lines = _lines([width for width, _ in sizes], room)
    of = {place: number for number, line in enumerate(lines) for place in line}
    lanes = _lanes(flow, of)
    items: dict[int, PlacedItem] = {}
    tracks, bottoms, top, widest = [], [], y, 0.0
    for number, line in enumerate(lines):
        tracks.append(top)
        stage = 16.0 if any(flow.items[i].stage for i in line) else 0.0
        count = 1 + max((lane for (a, b), lane in lanes if number in (of[a], of[b])), default=-1)
        high = max(sizes[i][1] for i in line)
        top += stage + TRACK * count + 6 * bool(count)
        left = x
        for i in line:
            box = Box(left, top + (high - sizes[i][1]) / 2, *sizes[i])
            head = 5 + LINE * len(flow.items[i].lines)
            inside = Box(box.x + 6, box.y + head + 2, box.w - 12, box.h - head - 6)
            inlay = flow.items[i].inlay
            placed = None if inlay is None else place_inlay(inlay, detail, room, inside, box)
            items[i] = PlacedItem(box, place_rows(flow.items[i].rows, inside, detail), number, placed)
            left += sizes[i][0] + GAP
        widest = max(widest, left - GAP - x)
        bottoms.append(top + high)
        top += high + 20
    crossing = sum(of[a] != of[b] for (a, b), _ in lanes)
    width = widest + (14 + 5 * crossing if crossing else 10 if len(lines) > 1 else 0)
    ordered = tuple(items[i] for i in range(len(flow.items)))
    return PlacedFlow(width, top - 20 - y, ordered, tuple(tracks), tuple(bottoms), lanes)


def _lines(widths: list[float], room: float) -> list[list[int]]:
    """The items of each line: as few lines as there can be, and these about as long as each other."""
    found = _filled(widths, room)
    low, high = 0.0, room
    for _ in range(10 * (len(found) > 1)):
        middle = (low + high) / 2
        fewer = len(_filled(widths, middle)) > len(found)
        low, high = (middle, high) if fewer else (low, middle)
    return _filled(widths, high)


def _filled(widths: list[float], room: float) -> list[list[int]]:
    lines: list[list[int]] = [[]]
    left = 0.0
    for place, width in enumerate(widths):
        if lines[-1] and left + width > room - 40:
            lines.append([])
            left = 0.0
        lines[-1].append(place)
        left += width + GAP
    return lines


def _lanes(flow: Flow, line: dict[int, int]) -> tuple[tuple[tuple[int, int], int], ...]:
    """A track for every edge that passes over other boxes, such that no two overlap; short ones lowest."""
    long = [(a, b) for b, item in enumerate(flow.items) for a in item.sources if b != a + 1]
    taken: list[list[tuple[int, int]]] = []
    found = []
    for a, b in sorted(long, key=lambda one: (one[1] - one[0], one)):
        free = (n for n, used in enumerate(taken) if all(b <= start or end <= a for start, end in used))
        lane = next(free, len(taken))
        if lane == len(taken):
            taken.append([])
        taken[lane].append((a, b))
        found.append(((a, b), lane))
    return tuple(found)


# ---------------------------------------------------------------- cells


def depths(cell: Cell) -> list[int]:
    """The column of every node: one more than the last of its sources; the output after all others."""
    found = [0] * len(cell.nodes)
    for edge in sorted(cell.edges, key=lambda one: (one.target, one.source)):
        found[edge.target] = max(found[edge.target], found[edge.source] + 1)
    found[-1] = max(found) + (found[-1] < max(found) or found.count(found[-1]) > 1)
    return found


def place_cell(cell: Cell, detail: Detail, x: float = 0.0, y: float = 0.0) -> PlacedCell:
    """The cell with its upper left corner at (x, y): a lane for each node, a column for each depth."""
    columns = depths(cell)
    pill = min(90.0, max(30.0, max(text_width(name, SMALL, True) for name, _ in cell.nodes) + 10))
    widths = [0.0] * (max(columns) + 1)
    heights: dict[tuple[int, int], float] = {}
    for edge in cell.edges:
        for block in edge.blocks:
            wide, high = _block_size(block, detail)
            at = edge.source, columns[edge.target]
            widths[at[1]] = max(widths[at[1]], wide)
            heights[at] = heights.get(at, 0.0) + high + 3
    lefts, left = [], x
    for width in widths:
        lefts.append(left)
        left += width + pill + (2 * FAN + 6 if width else FAN)
    tops, top = [], y
    for lane in range(len(cell.nodes) - 1):
        tops.append(top)
        top += 10 + max(22.0, max((high for (a, _), high in heights.items() if a == lane), default=0.0))
    bottoms = [*tops[1:], top]
    middles = [(a + 10 + b) / 2 for a, b in zip(tops, bottoms, strict=True)] + [(y + top) / 2]
    fans = [2 * FAN if width else FAN for width in widths]
    nodes = tuple(
        Box(lefts[c] + widths[c] + fans[c] * (c > 0), middles[i] - PILL_HEIGHT / 2, pill, PILL_HEIGHT)
        for i, c in enumerate(columns)
    )
    blocks = _place_blocks(cell, columns, lefts, widths, tops, detail)
    return PlacedCell(max(node.right for node in nodes) - x, top - y, nodes, blocks, tuple(one + 5 for one in tops))


def _block_size(block: tuple[Row, ...], detail: Detail) -> tuple[float, float]:
    wide, high = rows_size(block, detail)
    return (wide + 8, high + 8) if len(block) > 1 else (wide, high)


def _place_blocks(
    cell: Cell, columns: list[int], lefts: list[float], widths: list[float], tops: list[float], detail: Detail
) -> tuple[tuple[tuple[Box, tuple[Box, ...]], ...], ...]:
    used: dict[tuple[int, int], float] = {}
    found = []
    for edge in cell.edges:
        mine = []
        for block in edge.blocks:
            _, high = _block_size(block, detail)
            at = edge.source, columns[edge.target]
            box = Box(lefts[at[1]] + FAN, tops[at[0]] + 10 + used.get(at, 0.0), widths[at[1]], high)
            used[at] = used.get(at, 0.0) + high + 3
            pad = 4 if len(block) > 1 else 0
            inside = Box(box.x + pad, box.y + pad, box.w - 2 * pad, box.h - 2 * pad)
            mine.append((box, place_rows(block, inside, detail)))
        found.append(tuple(mine))
    return tuple(found)


__all__ = ["Edge", "PlacedCell", "PlacedFlow", "PlacedItem", "depths", "place_cell", "place_flow"]
