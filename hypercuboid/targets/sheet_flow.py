"""Reads a flow off a body: boxes in the order of the source."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypercuboid.frontend.elaborated import (
    Body,
    ChoiceNode,
    InputNode,
    Label,
    Node,
    ScanNode,
    StateNode,
    TrellisNode,
    UseNode,
    label_text,
)
from hypercuboid.frontend.opened import is_open
from hypercuboid.frontend.places import Place
from hypercuboid.targets.diagram_data import shape_text
from hypercuboid.targets.diagram_parts import node_lines
from hypercuboid.targets.sheet import Flow, Inlay, Item, Kind
from hypercuboid.targets.sheet_fold import folded
from hypercuboid.targets.sheet_parts import (
    has_panel,
    inline_choice,
    kept_texts,
    node_title,
    part_name,
    scan_name,
    use_lines,
)
from hypercuboid.targets.sheet_rating import Ratings


def read_flow(name: str, body: Body, place: Place, ratings: Ratings) -> Flow:
    """The flow of a body."""
    names = {choice.decision for node in body.nodes if (choice := inline_choice(node)) is not None}
    drawn = [i for i, node in enumerate(body.nodes) if not isinstance(node, StateNode)]
    at = {i: position for position, i in enumerate(drawn)}
    at |= {i: at[node.inputs[0]] for i, node in enumerate(body.nodes) if isinstance(node, StateNode)}
    items = []
    for i in drawn:
        item = _item(body.nodes[i], body, place, ratings, len(names) > 1)
        sources = tuple(dict.fromkeys(at[source] for source in item.sources))
        items.append(replace(item, sources=sources, output=at[i] == at[body.output]))
    return Flow(name, tuple(_with_stages(folded(items))))


def _with_stages(items: list[Item]) -> list[Item]:
    """Stages as lines of their boxes where none has two boxes in a row: a heading would say no more than a box can."""
    if any(one.stage and one.stage == other.stage for one, other in pairwise(items)):
        return items
    staged = (replace(one, stage="", lines=(one.lines[0], one.stage, *one.lines[1:])) for one in items)
    return [new if one.stage else one for one, new in zip(items, staged, strict=True)]


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
        shown = (*lines, *filter(None, [shape_text(node.type)]))
        return Item(Kind.USE, shown, title, sources, hue=ratings.hue_of_kept(kept_texts(node, place, ratings.kept)))
    if isinstance(node, ScanNode):
        length = f"{node.length} positions" if node.length else "each position"
        return Item(Kind.PART, (scan_name(node), length), title, sources)
    if isinstance(node, TrellisNode):
        return _cuboid(node, body, place, ratings)
    hue = ratings.hue_of_kept(kept_texts(node, place, ratings.kept))
    return Item(Kind.OP, (" ".join(node_lines(node)),), title, sources, hue=hue)


def _cuboid(node: TrellisNode, body: Body, place: Place, ratings: Ratings) -> Item:
    """A cuboid in the line; its states are a part of it, read or not."""
    drawing = ratings.cuboid(node, body, place)
    me = next(i for i, one in enumerate(body.nodes) if one is node)
    read = {one.state for one in body.nodes if isinstance(one, StateNode) and one.inputs[0] == me}
    states = range(len(node.state_labels))
    inlay = Inlay(drawing, tuple(i for i in states if node.inputs[i] >= 0), tuple(i for i in states if i in read))
    sources = tuple(dict.fromkeys(i for i in node.inputs if i >= 0))
    return Item(Kind.CUBOID, (drawing.title,), node_title(node, body), sources, inlay=inlay)


def _choice(node: Node, choice: ChoiceNode, body: Body, place: Place, ratings: Ratings, several: bool) -> Item:
    where = place.use(node) if isinstance(node, UseNode) else place
    address = where.decision(choice.decision, choice.coordinates)
    rows = tuple(ratings.row(address, one, one.label, choice.axes) for one in choice.alternatives)
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
