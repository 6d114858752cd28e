"""Reads a sheet off an elaborated graph: the network, then a panel for each part that decides something."""

from __future__ import annotations

from dataclasses import dataclass

from hypercuboid.frontend.elaborated import (
    Body,
    ChoiceNode,
    Coordinates,
    Elaborated,
    Label,
    Node,
    ScanNode,
    TrellisNode,
    UseNode,
    label_text,
)
from hypercuboid.frontend.opened import is_open
from hypercuboid.frontend.places import TOP, Place
from hypercuboid.targets.sheet import Panel
from hypercuboid.targets.sheet_cell import read_cell
from hypercuboid.targets.sheet_flow import read_flow
from hypercuboid.targets.sheet_parts import has_panel, inline_choice, is_cell, part_name
from hypercuboid.targets.sheet_rating import Ratings

MOST_PANELS = 24
"""More parts than these are counted, and not drawn."""


@dataclass(frozen=True)
class Part:
    """A body to be drawn, under its name, at its place in the network."""

    name: str
    body: Body
    place: Place
    scope: str = ""
    """What its decisions are named under, by which parts of the same name are told apart."""


def read_panels(space: Elaborated, ratings: Ratings) -> tuple[tuple[Panel, ...], int]:
    """The panels of a space, a block or an architecture, and how many parts are left out.

    A part that several uses share, with the same decisions, is read once, as its first use has it.
    """
    waiting = [Part("network", space.definition.body, TOP)]
    seen: set[object] = set()
    panels: list[Panel] = []
    names: set[str] = set()
    for part in waiting:
        name = f"{part.name} of {part.scope}" if part.name in names and part.scope else part.name
        names.add(name)
        if len(panels) < MOST_PANELS:
            panels.append((read_cell if is_cell(part.body) else read_flow)(name, part.body, part.place, ratings))
        for node in part.body.nodes:
            waiting += _fresh(_parts(node, part.place), seen)
    return tuple(panels), len(waiting) - len(panels)


def _fresh(parts: list[tuple[object, Part]], seen: set[object]) -> list[Part]:
    found = []
    for key, part in parts:
        if key not in seen:
            seen.add(key)
            found.append(part)
    return found


def _parts(node: Node, place: Place) -> list[tuple[object, Part]]:
    """The parts in a node that get panels, each with what tells it from others."""
    if isinstance(node, UseNode):
        choice = inline_choice(node)
        if choice is not None:
            return _parts(choice, place.use(node))
        if not has_panel(node):
            return []
        inside = place.use(node)
        decisions = tuple(inside.decision(own, ()) for own in node.definition.decisions)
        scope = decisions[0][0].rpartition(".")[0] if decisions else ""
        return [((node.definition.name, decisions), Part(part_name(node), node.definition.body, inside, scope))]
    if isinstance(node, ScanNode):
        inside = place.inside(node.name)
        only = node.body.nodes[node.body.arity :]
        if len(only) == 1 and isinstance(only[0], UseNode):
            return _parts(only[0], inside)
        return [((id(node.body), node.name), Part(f"each position of {node.name.split('.')[0]}", node.body, inside))]
    if isinstance(node, ChoiceNode):
        name, coordinates = place.decision(node.decision, node.coordinates)
        return [
            ((name, coordinates, one.label), Part(_alternative(name, coordinates, one.label), one.body, place))
            for one in node.alternatives
            if is_open(one.body)
        ]
    if isinstance(node, TrellisNode):
        return _candidates(node, place)
    return []


def _candidates(node: TrellisNode, place: Place) -> list[tuple[object, Part]]:
    """What the candidates of a cuboid decide, step by step."""
    found: list[tuple[object, Part]] = []
    for step in node.steps:
        depth = tuple(zip(node.depth, step.coordinates, strict=True))
        where = ", ".join(f"{axis} {label_text(label)}" for axis, label in depth)
        for one in step.candidates:
            if is_open(one.body):
                way = f"{label_text(node.state_labels[one.source])} to {label_text(node.state_labels[one.target])}"
                label = "".join(f", {label_text(each)}" for each in one.label)
                name = f"{node.decision}, {where}: {way}{label}"
                found.append(((node.decision, name), Part(name, one.body, place.step(node, depth))))
    return found


def _alternative(name: str, coordinates: Coordinates, label: tuple[Label, ...]) -> str:
    """`trunk.layers, stage 0: 2`."""
    where = "".join(f", {axis} {label_text(one)}" for axis, one in coordinates)
    return f"{name}{where}: {', '.join(map(label_text, label))}"
