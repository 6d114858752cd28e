"""What a picture of a body shows that is no single cuboid: its DAG of ops, uses of blocks and choices, hierarchical."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hypercuboid.frontend.elaborated import (
    Alternative,
    Body,
    ChoiceNode,
    Coordinates,
    Decided,
    Definition,
    Elaborated,
    Kept,
    Label,
    Node,
    ScanNode,
    UseNode,
    bracketed,
    label_text,
)
from hypercuboid.frontend.opened import is_open
from hypercuboid.frontend.places import TOP, Place
from hypercuboid.graph.decision import Decision
from hypercuboid.targets.diagram_costs import place_text
from hypercuboid.targets.diagram_data import shape_text
from hypercuboid.targets.diagram_parts import node_kind, node_lines, open_size, share_text

if TYPE_CHECKING:
    import numpy as np

MOST_NODES = 250
"""Above this, uses of blocks stay closed and a block with decisions is drawn once, as its first use has it."""


@dataclass(frozen=True)
class Vertex:
    """A node: `kind` is input, op, use, alternative, choice, top, cuboid, state or scan; `weight` as in `DrawnOp`."""

    id: str
    kind: str
    lines: tuple[str, ...]
    tooltip: str
    hue: int = 0
    weight: float | None = None
    uniform: float = 1.0
    kept: bool = False


@dataclass
class Cluster:
    """A frame around vertices and other frames; `dashed` around a choice."""

    title: str
    dashed: bool = False
    vertices: list[Vertex] = field(default_factory=list)
    clusters: list[Cluster] = field(default_factory=list)


@dataclass
class Network:
    """The picture: a tree of frames, edges by id with their weight, and the labels that have a hue."""

    root: Cluster
    edges: list[tuple[str, str, float | None, float]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)


def network(
    space: Elaborated,
    decisions: Mapping[str, Decision],
    weights: Mapping[str, np.ndarray] | None = None,
    kept: tuple[Decided, ...] = (),
) -> Network:
    """The network of an elaborated block, space or architecture; weights fill the alternatives, kept ones are red."""
    opened = open_size(space.definition.body, {}) <= MOST_NODES
    walk = _Walk(decisions, weights, {one.name: one.kept for one in kept}, opened)
    found = walk.found
    ids = [walk.input(node, found.root) for node in space.definition.body.nodes[: space.definition.body.arity]]
    walk.body(space.definition.body, ids, found.root, TOP)
    for definition in walk.closed:
        frame = Cluster(definition.name)
        found.root.clusters.append(frame)
        inside = [walk.input(node, frame) for node in definition.body.nodes[: definition.body.arity]]
        walk.body(definition.body, inside, frame, replace(TOP, decision=lambda name, coordinates: ("", coordinates)))
    return found


class _Walk:
    """Walks bodies once and collects vertices."""

    def __init__(
        self,
        decisions: Mapping[str, Decision],
        weights: Mapping[str, np.ndarray] | None,
        kept: Mapping[str, Mapping[tuple[Label, ...], tuple[Kept, ...]]],
        opened: bool,
    ) -> None:
        self.decisions, self.weights, self.kept, self.opened = decisions, weights, kept, opened
        self.found = Network(Cluster(""))
        self.closed: list[Definition] = []
        self._count = 0

    def add(self, frame: Cluster, kind: str, lines: tuple[str, ...], tooltip: str, hue: int = 0) -> str:
        return self._put(frame, Vertex(self._id(), kind, lines, tooltip, hue))

    def _id(self) -> str:
        self._count += 1
        return f"n{self._count}"

    def _put(self, frame: Cluster, vertex: Vertex) -> str:
        frame.vertices.append(vertex)
        return vertex.id

    def input(self, node: Node, frame: Cluster) -> str:
        shape = shape_text(node.type)
        return self.add(frame, "input", (node.name, shape) if shape else (node.name,), f"input {node.name}")

    def body(self, body: Body, inputs: list[str], frame: Cluster, place: Place) -> str:
        """Draws a body whose inputs are vertices; the id of its output."""
        ids = list(inputs)
        for node in body.nodes[body.arity :]:
            ids.append(self.node(node, [ids[i] for i in node.inputs if i >= 0], frame, place))
        return ids[body.output]

    def node(self, node: Node, inputs: list[str], frame: Cluster, place: Place) -> str:
        if isinstance(node, UseNode) and is_open(node.definition.body):
            if self.opened:
                shared = "" if node.instance is None else f", shared {share_text(node)}"
                inner = Cluster(node.definition.name + shared)
                frame.clusters.append(inner)
                return self.body(node.definition.body, inputs, inner, place.use(node))
            if not any(node.definition.name == one.name for one in self.closed):
                self.closed.append(node.definition)
        if isinstance(node, ChoiceNode):
            return self.choice(node, inputs, frame, place)
        if isinstance(node, ScanNode):
            return self.scan(node, inputs, frame, place)
        shape = shape_text(node.type)
        lines = (*node_lines(node), *([shape] if shape else []))
        kind = node_kind(node)
        made = self.add(frame, kind, lines, f"{node.name}\n{place_text(node.span)}")
        for one in inputs:
            self.edge(one, made)
        return made

    def scan(self, node: ScanNode, inputs: list[str], frame: Cluster, place: Place) -> str:
        """The body once in a frame: from the element at a position and the state before it to all states."""
        inner = Cluster(f"scan, {node.length} positions" if node.length else "scan")
        frame.clusters.append(inner)
        element, state = (self.input(one, inner) for one in node.body.nodes[:2])
        self.edge(inputs[0], element)
        self.edge(inputs[1], state)
        end = self.body(node.body, [element, state, *inputs[2:]], inner, place.inside(node.name))
        lines = (*node_lines(node), *filter(None, [shape_text(node.type)]))
        made = self.add(inner, node_kind(node), lines, f"{node.name}\n{place_text(node.span)}")
        self.edge(end, made)
        return made

    def edge(self, start: str, end: str, weight: float | None = None, uniform: float = 1.0) -> None:
        if (start, end, weight, uniform) not in self.found.edges[-64:]:
            self.found.edges.append((start, end, weight, uniform))

    def choice(self, node: ChoiceNode, inputs: list[str], frame: Cluster, place: Place) -> str:
        name, coordinates = place.decision(node.decision, node.coordinates)
        where = bracketed(tuple(label for _, label in coordinates))
        title = f"choose {name or node.decision}{where}"
        inner = Cluster(f"choose {node.decision.rsplit('.', 1)[-1]}{where}", dashed=True)
        frame.clusters.append(inner)
        uniform = 1 / len(node.alternatives)
        chosen = self.kept.get(name, {}).get(tuple(label for _, label in coordinates), ())
        ends = []
        for one in node.alternatives:
            weight = self.weight(name, coordinates, one)
            given = [inputs[i] for i in one.inputs if i < len(inputs)]
            drawn = self.alternative(one, given, inner, place, (weight, uniform, one.label in chosen))
            ends.append((drawn, weight))
        made = self.add(inner, "choice", ("+",), f"{title}\n{shape_text(node.type)}\n{place_text(node.span)}")
        for end, weight in ends:
            self.edge(end, made, weight, uniform)
        return made

    def alternative(
        self,
        one: Alternative,
        inputs: list[str],
        frame: Cluster,
        place: Place,
        rating: tuple[float | None, float, bool],
    ) -> str:
        """`rating` is weight, uniform weight and whether it is kept."""
        weight, uniform, kept = rating
        text = ", ".join(map(label_text, one.label))
        if text not in self.found.labels:
            self.found.labels.append(text)
        hue = self.found.labels.index(text)
        if is_open(one.body) and self.opened:
            inner = Cluster(text + ("" if weight is None else f", weight {weight:.3g}") + ", kept" * kept)
            frame.clusters.append(inner)
            return self.body(one.body, inputs, inner, place)
        lines = (text,) if weight is None else (text, f"{weight:.3g}")
        where = place_text(one.body.nodes[one.body.output].span)
        inside = "; ".join(" ".join(node_lines(node)) for node in one.body.nodes[one.body.arity :][:12]) or "identity"
        vertex = Vertex(self._id(), "alternative", lines, f"{text}\n{inside}\n{where}", hue, weight, uniform, kept)
        self._put(frame, vertex)
        for start in inputs:
            self.edge(start, vertex.id, weight, uniform)
        return vertex.id

    def weight(self, name: str, coordinates: Coordinates, one: Alternative) -> float | None:
        """The weight of an alternative of a decision under its full name; None where there is none."""
        if self.weights is None or name not in self.weights or name not in self.decisions:
            return None
        labels = (*(label for _, label in coordinates), *one.label)
        axes = self.decisions[name].axes
        if len(axes) != len(labels):
            return None
        return float(self.weights[name][tuple(a.position(b) for a, b in zip(axes, labels, strict=True))])
