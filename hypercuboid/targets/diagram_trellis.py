"""The marks of a cuboid's picture: frames, edges, ops as boxes or cells, states, and the best path in front."""

from __future__ import annotations

from dataclasses import dataclass

from hypercuboid.targets.diagram_costs import cost_text
from hypercuboid.targets.diagram_data import Drawing, DrawnOp, DrawnStep, weight_text
from hypercuboid.targets.diagram_layout import NORMAL, SMALL, Band, Box, Column, Frame, Layout, op_text
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
from hypercuboid.targets.diagram_style import LINE, MUTED, PANEL, PAPER, RED, clip, darkness, fill, grey, ink_on

EDGE = "#d9d9d9"
STATE = "#e6e6e6"


def trellis_layers(drawing: Drawing, layout: Layout) -> tuple[Layer, ...]:
    """All layers of the trellis, from back to front."""
    frames = tuple(mark for band in layout.bands for frame in band.frames for mark in _frame(drawing, frame))
    edges = tuple(mark for band in layout.bands for mark in _edges(drawing, layout, band))
    ops = tuple(mark for band in layout.bands for frame in band.frames for mark in _ops(drawing, layout, frame))
    pills, names = _states(drawing, layout)
    found = best_path(drawing, layout)
    rim, line = path_layers(f"M{number(found.start.x)} {number(found.start.middle)}{found.commands}" if found else "")
    return (
        Layer("frames", frames),
        Layer("edges", edges),
        rim,
        Layer("ops", ops),
        Layer("states", pills),
        Layer("names", names),
        line,
    )


def tooltip(drawing: Drawing, step: DrawnStep, op: DrawnOp) -> str:
    """Coordinates, place, params, macs, weight and rank of an op."""
    lines = [
        f"{step.name}: {drawing.states[op.source]} → {drawing.states[op.target]}, {drawing.primitives[op.primitive]}"
    ]
    lines += filter(None, [weight_text(op.weight, op.uniform, op.rank), cost_text(op.params, op.macs)])
    lines += ["on the best path"] * (op.kept and not step.decided) + ["cannot reach the output"] * (not op.live)
    return printable_lines("\n".join([*lines, op.place]))


def _frame(drawing: Drawing, frame: Frame) -> list[Mark]:
    step, box = drawing.steps[frame.step], frame.box
    marks: list[Mark] = [boxed(box, PANEL, LINE, 0.8, 3)]
    marks.append(label(Box(box.x, box.y + 5, box.w, 12), step.name, NORMAL, "#111111", bold=True))
    if step.note:
        marks.append(label(Box(box.x, box.y + 19, box.w, 12), step.note, SMALL, MUTED))
    for primitive, block in enumerate(frame.blocks):
        cell = block.w / len(drawing.states)
        top = frame.box.y + 37
        end = frame.blocks[primitive + 1].x - 10 if primitive + 1 < len(frame.blocks) else box.right - 6
        marks.append(label(Box(block.x, top, end - block.x, 12), drawing.primitives[primitive], SMALL, "#111111"))
        if cell < SMALL + 1:
            continue
        for state, name in enumerate(drawing.states):
            x = block.x + (state + 0.5) * cell + 0.34 * SMALL
            marks.append(Text(x, block.y - 4, clip(name, block.y - top - 14, SMALL), SMALL, MUTED, turned=True))
    return marks


def _edges(drawing: Drawing, layout: Layout, band: Band) -> list[Mark]:
    marks: list[tuple[float, Mark]] = []
    for place, frame in enumerate(band.frames):
        before, after = band.columns[place].pills, band.columns[place + 1].pills
        if layout.level == "heat":
            marks += [(0.0, Curve(_across(a, frame.box), EDGE, 0.8)) for a in before]
            marks += [(0.0, Curve(_bend(frame.box.right, a.middle, a.x, a.middle), EDGE, 0.8)) for a in after]
            continue
        for op, box in zip(drawing.steps[frame.step].ops, frame.ops, strict=True):
            if not op.live:
                continue
            start, end = before[op.source], after[op.target]
            dark = darkness(op.weight, op.uniform)
            width, colour = (0.5, "#cccccc") if op.weight is None else edge_style(dark)
            marks.append((dark, Curve(_bend(start.right, start.middle, box.x, box.middle), colour, width)))
            marks.append((dark, Curve(_bend(box.right, box.middle, end.x, end.middle), colour, width)))
    return [mark for _, mark in sorted(marks, key=lambda pair: pair[0])]


def edge_style(dark: float) -> tuple[float, str]:
    """Width and colour of the edges of an op."""
    return 0.3 + 3.0 * dark**2.5, grey(0.1 + 0.6 * dark**2)


def _across(pill: Box, frame: Box) -> str:
    return _bend(pill.right, pill.middle, frame.x, pill.middle)


def _bend(x: float, y: float, to_x: float, to_y: float) -> str:
    """A curve that leaves and arrives horizontally."""
    return f"M{number(x)} {number(y)}{_on(x, to_x, y, to_y)}"


def _on(x: float, to_x: float, y: float, to_y: float) -> str:
    half = number((x + to_x) / 2)
    return f"C{half} {number(y)} {half} {number(to_y)} {number(to_x)} {number(to_y)}"


def _ops(drawing: Drawing, layout: Layout, frame: Frame) -> list[Mark]:
    step = drawing.steps[frame.step]
    marks: list[Mark] = []
    for op, box in zip(step.ops, frame.ops, strict=True):
        colour = fill(drawing.hue(op.primitive), darkness(op.weight, op.uniform)) if op.live else PAPER
        title = tooltip(drawing, step, op)
        stroke, width = ("", 0.0) if op.live else ("#767676", 0.6)
        if op.kept and drawing.path:
            stroke, width = RED, 1.6
        radius = 1.5 if layout.level == "boxes" else 0
        marks.append(Rect(box.x, box.y, box.w, box.h, colour, stroke, width, radius, not op.live, title))
        if layout.level == "boxes":
            marks.append(label(box, op_text(drawing, op), SMALL, ink_on(colour), title=title))
    return marks


def _states(drawing: Drawing, layout: Layout) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    path, pills, names = drawing.path, list[Mark](), list[Mark]()
    on_path = [path[0].source, *(op.target for op in path)] if path else []
    for band in layout.bands:
        for column in band.columns:
            shapes = drawing.steps[column.depth - 1].shapes if column.depth else drawing.shapes
            for state, box in enumerate(column.pills):
                kept = bool(path) and on_path[column.depth] == state
                where = "before the first step" if not column.depth else f"after {drawing.steps[column.depth - 1].name}"
                title = f"state {drawing.states[state]} {where}"
                title += f": {shapes[state]}" if state < len(shapes) and shapes[state] else ""
                colour = RED if kept else STATE
                pills.append(boxed(box, colour, RED if kept else "#b5b5b5", 0.8, box.h / 2, title))
                names.append(label(box, drawing.states[state], SMALL, ink_on(colour), kept, title))
    return tuple(pills), tuple(names)


# ---------------------------------------------------------------- the best path


@dataclass(frozen=True)
class Stroke:
    """Commands of SVG from the left end of one state to the right end of another."""

    start: Box
    commands: str
    end: Box


def best_path(drawing: Drawing, layout: Layout) -> Stroke | None:
    """Along the kept ops, in one stroke that covers no label; None where nothing is kept."""
    path = drawing.path
    if not path:
        return None
    commands = ""
    for number_, band in enumerate(layout.bands):
        first = band.columns[0].pills[path[band.columns[0].depth].source]
        commands += _wrap(layout, number_, path, first) if number_ else ""
        commands += _around(first)
        for place, frame in enumerate(band.frames):
            commands += _step(drawing, layout, band.columns[place], frame, band.columns[place + 1], path[frame.step])
    start, end = layout.bands[0].columns[0].pills, layout.bands[-1].columns[-1].pills
    return Stroke(start[path[0].source], commands, end[path[-1].target])


def _step(drawing: Drawing, layout: Layout, before: Column, frame: Frame, after: Column, op: DrawnOp) -> str:
    start, end = before.pills[op.source], after.pills[op.target]
    box = frame.ops[drawing.steps[frame.step].ops.index(op)]
    if layout.level == "boxes":
        inside = f"V{number(box.y)}H{number(box.right)}V{number(box.middle)}"
        reach, leave, out = box.x, box.right, box.middle
        commands = _on(start.right, reach, start.middle, box.middle) + inside
    else:  # along the line between two rows of cells, down and around the kept cell
        out, leave = box.y - 1.2, frame.box.right
        around = f"H{number(box.x)}V{number(box.bottom)}H{number(box.right)}V{number(out)}H{number(leave)}"
        commands = _on(start.right, frame.box.x, start.middle, out) + around
    return commands + _on(leave, end.x, out, end.middle) + _around(end)


def _around(pill: Box) -> str:
    """Over the top of a state, from its left end to its right end."""
    r = number(pill.h / 2)
    return f"a{r} {r} 0 0 1 {r} -{r}H{number(pill.right - pill.h / 2)}a{r} {r} 0 0 1 {r} {r}"


def _wrap(layout: Layout, band: int, path: tuple[DrawnOp, ...], first: Box) -> str:
    """From the last state of a band through the gutter to the same state at the left of the next."""
    above = layout.bands[band - 1]
    last = above.columns[-1].pills[path[above.columns[-1].depth - 1].target]
    across = (above.bottom + layout.bands[band].top) / 2
    right, left = number(last.right + 9), number(first.x - 9)
    return f"H{right}V{number(across)}H{left}V{number(first.middle)}H{number(first.x)}"
