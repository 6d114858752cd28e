"""A cuboid in the line of a flow: how much room it takes, where it stands, and its marks, as when it stands alone."""

from __future__ import annotations

from dataclasses import dataclass

from hypercuboid.targets.diagram_layout import FAN, Box, Layout, block_layout, heat_plan
from hypercuboid.targets.diagram_marks import Curve, Layer, number
from hypercuboid.targets.diagram_summary import Grid, grid, summary_marks, summary_path
from hypercuboid.targets.diagram_trellis import best_path, trellis_layers
from hypercuboid.targets.sheet import Inlay
from hypercuboid.targets.sheet_detail import Detail

WIRE = "#8a8a8a"
SIDE = FAN
"""Room left and right of the states, for what leads to them."""


@dataclass(frozen=True)
class PlacedInlay:
    """The trellis of a cuboid, or its summary; `enter` and `leave` are where wires meet the frame around it."""

    layout: Layout | Grid
    enter: float
    leave: float

    def ends(self, inlay: Inlay) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
        """The states that are entered, and those that are left."""
        if isinstance(self.layout, Grid):
            return (), ()
        first, last = self.layout.bands[0].columns[0].pills, self.layout.bands[-1].columns[-1].pills
        return tuple(first[i] for i in inlay.entries), tuple(last[i] for i in inlay.exits)


def inlay_size(inlay: Inlay, detail: Detail, room: float) -> tuple[float, float]:
    """Width and height of a cuboid in a line that is `room` wide; endless where it does not fit in."""
    found = _layout(inlay, detail, room, 0.0, 0.0)
    if found is None:
        return float("inf"), float("inf")
    if isinstance(found, Grid):
        return found.right + 2 * SIDE, found.bottom
    return found.width + 2 * SIDE, found.height


def place_inlay(inlay: Inlay, detail: Detail, room: float, inside: Box, frame: Box) -> PlacedInlay | None:
    """The cuboid in a frame whose inside begins at `inside`."""
    found = _layout(inlay, detail, room, inside.x + SIDE, inside.y)
    if found is None:
        return None
    if isinstance(found, Grid) or len(found.bands) == 1:
        return PlacedInlay(found, frame.middle, frame.middle)
    middles = [(band.top + band.bottom) / 2 for band in (found.bands[0], found.bands[-1])]
    return PlacedInlay(found, middles[0], middles[1])


def _layout(inlay: Inlay, detail: Detail, room: float, x: float, y: float) -> Layout | Grid | None:
    """Boxes or cells as the picture has them; a summary too where a heat map of this cuboid would be too wide."""
    drawing, room = inlay.drawing, room - 2 * SIDE - 12
    if detail is Detail.SUMMARY or (detail is Detail.HEAT and heat_plan(drawing) is None):
        return grid(drawing, x, y, min(room, 700.0))
    return block_layout(drawing, "boxes" if detail is Detail.BOXES else "heat", room, x, y)


def inlay_layers(inlay: Inlay, placed: PlacedInlay, frame: Box) -> tuple[Layer, ...]:
    """The marks of a cuboid but its best path, and the wires from the frame to its states."""
    if isinstance(placed.layout, Grid):
        return (Layer("ops", summary_marks(inlay.drawing, placed.layout)),)
    entered, left = placed.ends(inlay)
    wires = [bend(frame.x, placed.enter, box.x, box.middle) for box in entered]
    wires += [bend(box.right, box.middle, frame.right, placed.leave) for box in left]
    fan = Layer("edges", tuple(Curve(f"M{wire}", WIRE, 0.9, True) for wire in wires))
    own = trellis_layers(inlay.drawing, placed.layout)
    return (fan, *(layer for layer in own if layer.name not in ("path", "rim")))


def inlay_path(inlay: Inlay, placed: PlacedInlay, frame: Box) -> str:
    """Along the best path from the left of the frame to the right, as commands that go on; empty without a path."""
    if isinstance(placed.layout, Grid):
        points = summary_path(inlay.drawing, placed.layout)
        points += [f"{number(frame.right)} {number(placed.leave)}"] * bool(points)
        return "".join(f"L{one}" for one in points)
    found = best_path(inlay.drawing, placed.layout)
    if found is None:
        return ""
    into = _on(frame.x, placed.enter, found.start.x, found.start.middle)
    return into + found.commands + _on(found.end.right, found.end.middle, frame.right, placed.leave)


def bend(x: float, y: float, to_x: float, to_y: float) -> str:
    """A curve from (x, y), without its first command, that leaves and arrives horizontally."""
    return f"{number(x)} {number(y)}{_on(x, y, to_x, to_y)}"


def _on(x: float, y: float, to_x: float, to_y: float) -> str:
    half = number((x + to_x) / 2)
    return f"C{half} {number(y)} {half} {number(to_y)} {number(to_x)} {number(to_y)}"
