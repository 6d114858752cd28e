"""What is too large for any page, with fewer boxes: without the middle of long lines and the last nodes of cells."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypercuboid.targets.sheet import Cell, Flow, Item, Kind, Panel, Sheet

SIZES = (240, 120, 60, 40, 28, 20, 14, 10, 6)
"""Boxes of a line and nodes of a cell that are drawn, from the most; the first of them that fits on a page is taken."""
MOST_NAMES = 12


def abridged(sheet: Sheet, most: int) -> Sheet:
    """The sheet with at most so many boxes in a line and nodes in a cell; its lines say so."""
    panels = tuple(_shorter(panel, most) for panel in sheet.panels)
    note = f"too large to be drawn whole: at most {most} boxes of a line and nodes of a cell"
    return replace(sheet, panels=panels, lines=(*sheet.lines, note))


def _shorter(panel: Panel, most: int) -> Panel:
    if isinstance(panel, Cell):
        return _fewer_nodes(panel, most) if len(panel.nodes) > most else panel
    return _fewer_items(panel, most) if len(panel.items) > most else panel


def _fewer_items(flow: Flow, most: int) -> Flow:
    """Both ends of a line; between them one box for all others, that says what they are."""
    first, end = most - most // 2, len(flow.items) - most // 2 + 1
    middle = flow.items[first:end]
    names = Counter(item.lines[0] for item in middle)
    said = [f"{count} x {name}" for name, count in names.most_common(MOST_NAMES)]
    said += [f"and {len(names) - MOST_NAMES} kinds more"] * (len(names) > MOST_NAMES)
    title = "\n".join((f"{len(middle)} boxes:", *said))
    sources = tuple(dict.fromkeys(i for item in middle for i in item.sources if i < first))
    folded = Item(Kind.PART, (f"... {len(middle):,} more ...",), title, sources)
    at = {i: i if i < first else first if i < end else i - len(middle) + 1 for i in range(len(flow.items))}
    rest = [replace(one, sources=tuple(dict.fromkeys(at[i] for i in one.sources))) for one in flow.items[end:]]
    return Flow(flow.name, (*flow.items[:first], folded, *rest))


def _fewer_nodes(cell: Cell, most: int) -> Cell:
    """The first nodes and the output, with what is between them."""
    output, count = len(cell.nodes) - 1, max(most - 1, cell.inputs)
    at = {i: i for i in range(min(count, output))} | {output: min(count, output)}
    edges = tuple(
        replace(edge, source=at[edge.source], target=at[edge.target])
        for edge in cell.edges
        if edge.source in at and edge.target in at
    )
    nodes = (*cell.nodes[:count], cell.nodes[output])
    return Cell(f"{cell.name}: {len(nodes)} of {len(cell.nodes):,} nodes", nodes, cell.inputs, edges)
