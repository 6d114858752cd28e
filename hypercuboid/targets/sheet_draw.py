"""The marks of a sheet: frames, wires, rows, nodes, and what is kept in front."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from hypercuboid.targets.diagram_layout import NORMAL, SMALL, Box
from hypercuboid.targets.diagram_marks import (
    Curve,
    Layer,
    Mark,
    Rect,
    Text,
    boxed,
    label,
    number,
    path_layers,
    printable_lines,
)
from hypercuboid.targets.diagram_style import INK, LINE, MUTED, PANEL, PAPER, RED, clip, darkness, fill, grey, ink_on
from hypercuboid.targets.sheet import Cell, Flow, Item, Kind, Row
from hypercuboid.targets.sheet_detail import Detail
from hypercuboid.targets.sheet_inlay import inlay_layers, inlay_path
from hypercuboid.targets.sheet_place import (
    PlacedCell,
    PlacedFlow,
    PlacedItem,
    is_labelled,
    place_cell,
    place_flow,
)

LAYERS = ("frames", "edges", "rim", "nodes", "ops", "states", "names", "path")
"""From back to front."""
_WIRE = "#8a8a8a"
_KEPT = 0.12
"""Darkness of a box of a decided network: grey lines in it can be read."""
_FILLS = {
    Kind.INPUT: "#e6e6e6",
    Kind.OP: PAPER,
    Kind.USE: "#eef2f7",
    Kind.PART: "#dfe7f1",
    Kind.CHOICE: PANEL,
    Kind.CUBOID: PAPER,
}


@dataclass
class Canvas:
    """Marks by layer."""

    detail: Detail
    marks: dict[str, list[Mark]] = field(default_factory=lambda: defaultdict(list))

    def add(self, layer: str, *marks: Mark) -> None:
        self.marks[layer] += marks

    def layers(self) -> tuple[Layer, ...]:
        return tuple(Layer(name, tuple(self.marks[name])) for name in LAYERS)

    # ---------------------------------------------------------------- rows

    def rows(self, rows: tuple[Row, ...], boxes: tuple[Box, ...]) -> None:
        """The alternatives of a choice; in a summary one cell, in the colour of the strongest."""
        if self.detail is Detail.SUMMARY and len(rows) > 1:
            best = max(range(len(rows)), key=lambda i: (rows[i].weight or 0.0, -i))
            shares = "\n".join(row.title.split("\n", 1)[0] for row in rows[:20])
            colour = fill(rows[best].hue, darkness(rows[best].weight, rows[best].uniform))
            self.add("ops", boxed(boxes[0], colour, title=shares))
            return
        for row, box in zip(rows, boxes, strict=True):
            self.row(row, box, is_labelled(rows, self.detail))

    def row(self, row: Row, box: Box, labelled: bool) -> None:
        colour = fill(row.hue, darkness(row.weight, row.uniform)) if row.live else PAPER
        stroke, width = (RED, 1.6) if row.kept else ("", 0.0) if row.live else ("#767676", 0.6)
        title, radius = printable_lines(row.title), 1.5 if labelled else 0
        self.add("ops", Rect(box.x, box.y, box.w, box.h, colour, stroke, width, radius, not row.live, title))
        if labelled:
            self.add("ops", label(box, row.label, SMALL, ink_on(colour), title=row.title))

    # ---------------------------------------------------------------- flows

    def flow(self, flow: Flow, placed: PlacedFlow) -> None:
        path = _flow_path(flow, placed)
        for i, (item, at) in enumerate(zip(flow.items, placed.items, strict=True)):
            plain = not item.rows and item.inlay is None and item.kind is not Kind.INPUT
            self._item(item, at.box, bool(path) and plain and i - 1 in item.sources)
            if item.rows:
                self.rows(item.rows, at.rows)
            if item.inlay is not None and at.inlay is not None:
                for layer in inlay_layers(item.inlay, at.inlay, at.box):
                    self.add(layer.name, *layer.marks)
        self._stages(flow, placed)
        self._wires(flow, placed)
        for layer in path_layers(path):
            self.add(layer.name, *layer.marks)

    def _item(self, item: Item, box: Box, on_path: bool) -> None:
        colour = _FILLS[item.kind] if item.hue is None else fill(item.hue, _KEPT)
        radius = box.h / 2 if item.kind is Kind.INPUT else 3
        stroke, width = (RED, 1.6) if on_path else (INK, 1.2) if item.output else (LINE, 0.8)
        self.add("frames", boxed(box, colour, stroke, width, radius, item.title))
        for i, text in enumerate(item.lines):
            line = Box(box.x, box.y + 4 + 13 * i, box.w, 13)
            self.add("names", label(line, text, SMALL if i else NORMAL, MUTED if i else INK, i == 0, item.title))

    def _stages(self, flow: Flow, placed: PlacedFlow) -> None:
        """The name of a stage over the first of its boxes on a line, and a line over all of them."""
        runs: list[list[int]] = []
        for i, item in enumerate(flow.items):
            last = runs[-1][-1] if runs else -1
            same = runs and flow.items[last].stage == item.stage and placed.items[last].line == placed.items[i].line
            if item.stage:
                runs[-1].append(i) if same and last == i - 1 else runs.append([i])
        for run in runs:
            first, end = placed.items[run[0]].box, placed.items[run[-1]].box
            top = min(placed.items[i].box.y for i in run) - 5
            self.add("frames", Curve(f"M{number(first.x)} {number(top)}H{number(end.right)}", MUTED, 1.0))
            text = clip(flow.items[run[0]].stage, end.right - first.x, SMALL)
            self.add("names", Text(first.x, top - 4, text, SMALL, MUTED))

    def _wires(self, flow: Flow, placed: PlacedFlow) -> None:
        lanes, bus = dict(placed.lanes), 0
        right = max(at.box.right for at in placed.items)
        for b, item in enumerate(flow.items):
            for a in item.sources:
                start, end = placed.items[a], placed.items[b]
                if (a, b) not in lanes:
                    self.add("edges", Curve(_next(start, end, placed.bottoms), _WIRE, 1.0, True))
                    self._tip(end.box.x, end.enter, False)
                    continue
                out, into = start.box.x + 0.75 * start.box.w, end.box.x + 0.25 * end.box.w
                y, to_y = (placed.tracks[one.line] + 3 + 7 * lanes[a, b] for one in (start, end))
                path = f"M{number(out)} {number(start.box.y)}V{number(y)}"
                if start.line != end.line:
                    bus += 1
                    path += f"H{number(right + 9 + 5 * bus)}V{number(to_y)}"
                self.add("edges", Curve(f"{path}H{number(into)}V{number(end.box.y)}", _WIRE, 0.9, True))
                self._tip(into, end.box.y, True)

    def _tip(self, x: float, y: float, down: bool) -> None:
        """The head of an arrow."""
        dx, dy = (2.6, 4.2) if down else (4.2, 2.6)
        other = f"{number(x + dx)} {number(y - dy)}" if down else f"{number(x - dx)} {number(y + dy)}"
        self.add(
            "edges", Curve(f"M{number(x - dx)} {number(y - dy)}L{number(x)} {number(y)}L{other}", _WIRE, 1.0, True)
        )

    # ---------------------------------------------------------------- cells

    def cell(self, cell: Cell, placed: PlacedCell) -> None:
        wires: list[tuple[float, Curve]] = []
        for edge, blocks in zip(cell.edges, placed.blocks, strict=True):
            start, end, track = placed.nodes[edge.source], placed.nodes[edge.target], placed.tracks[edge.source]
            if not blocks:
                wires.append((0.0, Curve(_track(start, track, end.x, end.middle), _WIRE, 0.9)))
            for rows, (frame, boxes) in zip(edge.blocks, blocks, strict=True):
                if len(rows) > 1:
                    self.add("frames", boxed(frame, PANEL, LINE, 0.8, 2))
                self.rows(rows, boxes)
                width, colour = _edge(rows)
                out = _start(frame) + _bend(frame.right, frame.middle, end.x, end.middle)
                wires.append((width, Curve(_track(start, track, frame.x, frame.middle), colour, width)))
                wires.append((width, Curve(out, colour, width)))
                self._kept(rows, boxes, frame, start, track, end)
        self.add("edges", *(curve for _, curve in sorted(wires, key=lambda one: one[0])))
        for place, ((name, title), box) in enumerate(zip(cell.nodes, placed.nodes, strict=True)):
            colour = "#cfdcc9" if place < cell.inputs else "#f0dfb4" if place == len(cell.nodes) - 1 else "#cfe0f2"
            self.add("nodes", boxed(box, colour, "#8a8a8a", 0.8, box.h / 2, title))
            self.add("names", label(box, name, SMALL, ink_on(colour), True, title))

    def _kept(
        self, rows: tuple[Row, ...], boxes: tuple[Box, ...], frame: Box, start: Box, track: float, end: Box
    ) -> None:
        for row, box in zip(rows, boxes, strict=True):
            if not row.kept:
                continue
            if is_labelled(rows, self.detail):
                out = f"{_around(box)}{_bend(box.right, box.middle, end.x, end.middle)}"
                path = _track(start, track, box.x, box.middle) + out
            else:
                path = _track(start, track, frame.x, frame.y + 1) + _dip(box, frame)
                path += _bend(frame.right, frame.y + 1, end.x, end.middle)
            for layer in path_layers(path):
                self.add(layer.name, *layer.marks)


def _edge(rows: tuple[Row, ...]) -> tuple[float, str]:
    """Width and colour of what leads through a block: dark where its heaviest row is; an only op is kept."""
    if len(rows) == 1:
        return 1.5, "#444444"
    if rows[0].weight is None:
        return 0.7, "#b5b5b5"
    dark = max(darkness(row.weight, row.uniform) for row in rows)
    return 0.4 + 2.4 * dark**2, grey(0.15 + 0.55 * dark**2)


def _bend(x: float, y: float, to_x: float, to_y: float) -> str:
    half = number((x + to_x) / 2)
    return f"C{half} {number(y)} {half} {number(to_y)} {number(to_x)} {number(to_y)}"


def _track(start: Box, track: float, x: float, y: float) -> str:
    """From the right of a node up to the track of its lane, along it, and down to (x, y)."""
    up, down = start.right + 14, x - 14
    rise = f"M{number(start.right)} {number(start.middle)}{_bend(start.right, start.middle, up, track)}"
    if down <= up + 1:
        return f"M{number(start.right)} {number(start.middle)}{_bend(start.right, start.middle, x, y)}"
    return f"{rise}H{number(down)}{_bend(down, track, x, y)}"


def _around(box: Box) -> str:
    """Over the top of a box, from the middle of its left to the middle of its right."""
    return f"V{number(box.y)}H{number(box.right)}V{number(box.middle)}"


def _dip(box: Box, frame: Box) -> str:
    """Along the top of a frame, down and around one of its cells: over no other cell that is beside it."""
    around = f"H{number(box.x)}V{number(box.bottom)}H{number(box.right)}V{number(frame.y + 1)}"
    return f"{around}H{number(frame.right)}"


def _next(start: PlacedItem, end: PlacedItem, bottoms: tuple[float, ...]) -> str:
    """From one box of a flow to the next; around to the next line where the line ends."""
    path = f"M{number(start.box.right)} {number(start.leave)}"
    if start.line != end.line:
        return path + _return(start.box.right, bottoms[start.line], end.box.x, end.enter)
    if start.leave == end.enter:
        return f"{path}H{number(end.box.x)}"
    return path + _bend(start.box.right, start.leave, end.box.x, end.enter)


def _return(right: float, bottom: float, x: float, y: float) -> str:
    """From the end of a line, past `right`, under it and back to (x, y) on the next."""
    return f"H{number(right + 6)}V{number(bottom + 7)}H{number(x - 9)}V{number(y)}H{number(x)}"


def _flow_path(flow: Flow, placed: PlacedFlow) -> str:
    """Along what is kept, in one stroke where the flow is a chain; empty where nothing is kept."""
    through = [_through(item, at) for item, at in zip(flow.items, placed.items, strict=True)]
    if not any(passed.kept for passed in through):
        return ""
    commands = ""
    for i, (item, at, passed) in enumerate(zip(flow.items, placed.items, through, strict=True)):
        if i == 0 or i - 1 not in item.sources:
            commands += (
                f"M{number(passed.x)} {number(passed.enter)}{passed.commands}" if passed.kept else _start(at.box)
            )
            continue
        last, before = placed.items[i - 1], through[i - 1]
        if at.line == last.line:
            commands += f"H{number(last.box.right)}{_bend(last.box.right, before.leave, at.box.x, passed.enter)}"
            commands += f"H{number(passed.x)}"
        else:
            commands += _return(last.box.right, placed.bottoms[last.line], at.box.x, passed.enter)
            commands += f"H{number(passed.x)}"
        commands += passed.commands if i < len(flow.items) - 1 or passed.kept else ""
    return commands


@dataclass(frozen=True)
class _Passed:
    """How the best path goes through a box: where it meets what is kept, along that, and at which height it leaves."""

    x: float
    enter: float
    commands: str
    leave: float
    kept: bool


def _through(item: Item, at: PlacedItem) -> _Passed:
    if item.inlay is not None and at.inlay is not None:
        commands = inlay_path(item.inlay, at.inlay, at.box)
        return _Passed(at.box.x, at.enter, commands or f"H{number(at.box.right)}", at.leave, bool(commands))
    kept = [box for row, box in zip(item.rows, at.rows, strict=True) if row.kept]
    box = kept[0] if kept else at.box
    return _Passed(box.x, box.middle, _around(box), box.middle, bool(kept))


def _start(box: Box) -> str:
    return f"M{number(box.right)} {number(box.middle)}"


def draw_panel(canvas: Canvas, panel: Flow | Cell, room: float, x: float, y: float) -> None:
    """Puts a panel on a canvas with its upper left corner at (x, y)."""
    if isinstance(panel, Cell):
        canvas.cell(panel, place_cell(panel, canvas.detail, x, y))
    else:
        canvas.flow(panel, place_flow(panel, canvas.detail, room, x, y))
