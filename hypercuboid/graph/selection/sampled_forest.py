"""From a forest to the points that a sampler walks: the place of each weight is found once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from hypercuboid.frontend.elaborated import KeptPath
from hypercuboid.graph.decision import Decision
from hypercuboid.graph.decisions import move_positions
from hypercuboid.graph.forest import (
    Address,
    Cases,
    Environment,
    Group,
    Layer,
    OneOf,
    Path,
    Point,
    Segment,
    Template,
    Top,
    placed,
)
from hypercuboid.graph.selection.sampled_points import (
    CasesNode,
    Moves,
    Node,
    Nodes,
    OneOfNode,
    PathNode,
    StageNode,
    TopNode,
)


def compiled(root: Group, decisions: Mapping[str, Decision], starts: Mapping[str, int]) -> Nodes:
    """The points of a forest; `starts` says where the weights of a decision begin among all."""
    return _Compiler(decisions, starts).group(root, ())


class _Compiler:
    """Finds the place of each weight once."""

    def __init__(self, decisions: Mapping[str, Decision], starts: Mapping[str, int]) -> None:
        self._decisions, self._starts = decisions, starts
        self._moves: dict[tuple[int, int], Moves] = {}

    def group(self, group: Group, environment: Environment) -> Nodes:
        return tuple(node for point in group.points for node in self._nodes(point, environment))

    def _nodes(self, point: Point, environment: Environment) -> Nodes:
        """What a point before this one settles has no weight here; what stands inside of it has."""
        if isinstance(point, OneOf) and point.again:
            return self.group(point.options[0].group, environment)
        return (self._point(point, environment),)

    def _point(self, point: Point, environment: Environment) -> Node:
        if isinstance(point, OneOf):
            return self._one_of(point, environment)
        if isinstance(point, Cases):
            return CasesNode(tuple(self.group(option, environment) for option in point.options))
        if isinstance(point, Top):
            return TopNode(point.count, tuple(self.group(group, environment) for _, group in point.terms))
        return self._path(point, environment)

    def _one_of(self, point: OneOf, environment: Environment) -> OneOfNode:
        address = placed(point.address, environment, point.levels)
        options = [option for option in point.options if not option.excluded]
        places = [self._place(address, option.label) for option in options]
        nested = {i: self.group(o.group, environment) for i, o in enumerate(options) if o.group.points}
        return OneOfNode(address, tuple(o.label for o in options), np.array(places, dtype=np.intp), nested)

    def _place(self, address: Address, own: tuple[Any, ...]) -> int:
        """Where the weight of an alternative stands among all; with part of the labels, that of the first."""
        decision = self._decisions[address[0]]
        labels = (*(label for _, label in address[1]), *own)
        index = [axis.position(label) for axis, label in zip(decision.axes, labels, strict=False)]
        index += [0] * (len(decision.axes) - len(index))
        return self._starts[address[0]] + int(np.ravel_multi_index(index, decision.shape))

    def _path(self, point: Path, environment: Environment) -> PathNode:
        stages: list[StageNode] = []
        for number, segment in enumerate(point.segments):
            stages += [self._step(segment, layer, environment) for layer in segment.layers]
            if number < len(point.bridges):
                stages.append(self._bridge(point.bridges[number], segment.size, environment))
        entry = tuple((state, self.group(group, environment)) for state, group in point.entry.items())
        exit = tuple((state, self.group(group, environment)) for state, group in point.exit.items())
        first, last = point.segments[0], point.segments[-1]
        return PathNode(first.size, entry, tuple(stages), exit, last.size)

    def _step(self, segment: Segment, layer: Layer, environment: Environment) -> StageNode:
        inner = (segment.environment(layer), *environment)
        moves = layer.template.moves
        nested = {i: self.group(m.group, inner) for i, m in enumerate(moves) if m.group.points}
        if layer.decided:
            ways = _ways([(m.source, m.target) for m in moves], segment.size)
            return StageNode(ways, None, 0, nested)
        address = segment.step_address(layer, environment)
        return StageNode(self._weighed(segment, layer.template, address), address, self._place(address, ()), nested)

    def _weighed(self, segment: Segment, template: Template, address: Address) -> Moves:
        """The ways of a step with weights; steps of one cuboid share them."""
        key = id(template), id(self._decisions[address[0]])
        if key not in self._moves:
            axes = self._decisions[address[0]].axes[len(address[1]) :]
            shape = tuple(len(axis.labels) for axis in axes)
            offsets = np.ravel_multi_index(move_positions(segment, template, axes), shape)
            moves = template.moves
            kept = tuple(segment.kept(move) for move in moves)
            self._moves[key] = _ways([(m.source, m.target) for m in moves], segment.size, kept, offsets)
        return self._moves[key]

    def _bridge(self, bridge: Mapping[tuple[int, int], Group], states: int, environment: Environment) -> StageNode:
        nested = {i: self.group(group, environment) for i, group in enumerate(bridge.values()) if group.points}
        return StageNode(_ways(list(bridge), states), None, 0, nested)


def _ways(
    pairs: Iterable[tuple[int, int]],
    states: int,
    kept: tuple[KeptPath, ...] = (),
    offsets: np.ndarray | None = None,
) -> Moves:
    pairs = list(pairs)
    leaving: list[list[int]] = [[] for _ in range(states)]
    for number, (source, _) in enumerate(pairs):
        leaving[source].append(number)
    table = np.full((states, max(1, max(map(len, leaving)))), len(pairs), dtype=np.intp)
    for state, numbers in enumerate(leaving):
        table[state, : len(numbers)] = numbers
    targets = np.array([target for _, target in pairs] + [0], dtype=np.intp)
    return Moves(table, targets, kept, np.zeros(0, dtype=np.intp) if offsets is None else offsets)
