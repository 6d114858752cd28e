"""Reads a flow off a body: boxes in the order of the source, plain neighbours joined, equal repeats folded."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypercuboid.frontend.elaborated import (
    Body,
    ChoiceNode,
    InputNode,
    Label,
    Node,
    ScanNode,
    UseNode,
    label_text,
)
from hypercuboid.frontend.opened import is_open
from hypercuboid.frontend.places import Place
from hypercuboid.targets.diagram_data import TIMES, shape_text
from hypercuboid.targets.diagram_parts import node_lines
from hypercuboid.targets.sheet import Flow, Item, Kind
from hypercuboid.targets.sheet_parts import has_panel, inline_choice, node_title, part_name, scan_name, use_lines
from hypercuboid.targets.sheet_rating import Ratings

MOST_LINES = 4
"""Lines of a box into which plain ops in a row are joined."""


def read_flow(name: str, body: Body, place: Place, ratings: Ratings) -> Flow:
    """The flow of a body."""
    names = {choice.decision for node in body.nodes if (choice := inline_choice(node)) is not None}
    items = [_item(node, body, place, ratings, len(names) > 1) for node in body.nodes]
    marked = [replace(item, output=i == body.output) for i, item in enumerate(items)]
    return Flow(name, tuple(_folded(_joined(marked))))


def _item(node: Node, body: Body, place: Place, ratings: Ratings, several: bool) -> Item:
    """The box of a node; `several`: the body holds different choices, and each is called by its name."""
    sources = tuple(dict.fromkeys(i for i in node.inputs if i >= 0))
    choice = inline_choice(node)
    if choice is not None:
        return _choice(node, choice, body, place, ratings, several)
    title = node_title(node, body)
    if isinstance(node, InputNode):
        return Item(Kind.INPUT, (node.name, *filter(None, [shape_text(node.type)])), title, sources)
    if isinstance(node, UseNode):
        lines = use_lines(node, place, ratings.kept)
        if has_panel(node):
            return Item(Kind.PART, (part_name(node), *filter(None, [shape_text(node.type)])), title, sources)
        return Item(Kind.USE, (*lines, *filter(None, [shape_text(node.type)])), title, sources)
    if isinstance(node, ScanNode):
        length = f"{node.length} positions" if node.length else "each position"
        return Item(Kind.PART, (scan_name(node), length), title, sources)
    return Item(Kind.OP, (" ".join(node_lines(node)),), title, sources)


def _choice(node: Node, choice: ChoiceNode, body: Body, place: Place, ratings: Ratings, several: bool) -> Item:
    where = place.use(node) if isinstance(node, UseNode) else place
    address = where.decision(choice.decision, choice.coordinates)
    rows = tuple(ratings.row(address, one, one.label) for one in choice.alternatives)
    opened = any(is_open(one.body) for one in choice.alternatives)
    sources = tuple(dict.fromkeys(i for i in node.inputs if i >= 0))
    stage, own = _stage(address[1])
    named = node.definition.name if isinstance(node, UseNode) else choice.decision.rsplit(".", 1)[-1]
    if several:
        stage = ", ".join(filter(None, (stage, own)))
    else:
        named = own or named
    lines = (named, *filter(None, [shape_text(node.type)]))
    return Item(Kind.PART if opened else Kind.CHOICE, lines, node_title(node, body), sources, rows, stage)


def _stage(coordinates: tuple[tuple[str, Label], ...]) -> tuple[str, str]:
    """All coordinates but the last, and the last."""
    texts = [f"{axis} {label_text(label)}" for axis, label in coordinates]
    return ", ".join(texts[:-1]), texts[-1] if texts else ""


# ---------------------------------------------------------------- fewer boxes


@dataclass
class _Builder:
    """Items so far, and where each item of the body went."""

    items: list[Item]
    moved: dict[int, int]

    def add(self, position: int, item: Item) -> None:
        sources = tuple(dict.fromkeys(self.moved[i] for i in item.sources))
        self.moved[position] = len(self.items)
        self.items.append(replace(item, sources=sources))

    def merge(self, position: int, item: Item) -> None:
        """Puts an item into the last one."""
        self.moved[position] = len(self.items) - 1
        self.items[-1] = item


def _joined(items: list[Item]) -> list[Item]:
    """Plain ops in a row become one box, where nothing else reads what is between them."""
    readers = [sum(i in item.sources for item in items) for i in range(len(items))]
    built = _Builder([], {})
    for position, item in enumerate(items):
        last = built.items[-1] if built.items else None
        plain = item.kind is Kind.OP and last is not None and last.kind is Kind.OP and len(last.lines) < MOST_LINES
        if plain and last is not None and item.sources == (position - 1,) and readers[position - 1] == 1:
            lines, title = (*last.lines, *item.lines), f"{last.title}\n{item.title}"
            built.merge(position, replace(last, lines=lines, title=title, output=item.output))
        else:
            built.add(position, item)
    return built.items


def _folded(items: list[Item]) -> list[Item]:
    """Uses of the same block in a row become one box with their number."""
    built = _Builder([], {})
    counts: dict[int, int] = {}
    for position, item in enumerate(items):
        at = len(built.items) - 1
        came = tuple(dict.fromkeys(built.moved[i] for i in item.sources))
        if at in came and built.moved[position - 1] == at and _repeats(built.items[at], item):
            last = built.items[at]
            counts[at] = counts.get(at, 1) + 1
            sources = tuple(dict.fromkeys((*last.sources, *(i for i in came if i != at))))
            built.merge(position, replace(last, sources=sources, output=item.output))
        else:
            built.add(position, item)
    return [
        _counted(item, counts[i]) if i in counts else item for i, item in enumerate(built.items)
    ]


def _counted(item: Item, count: int) -> Item:
    """A box that stands for several, with the tooltip of the first of them."""
    lines = (f"{count} {TIMES} {item.lines[0]}", *item.lines[1:])
    return replace(item, lines=lines, title=f"the first of {count}: {item.title}")


def _repeats(last: Item, item: Item) -> bool:
    return item.kind in (Kind.USE, Kind.PART) and not item.rows and (last.kind, last.lines) == (item.kind, item.lines)
