"""The points of a forest as a sampler walks them: sums of products of weights upwards, draws downwards, all in logs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

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

Memory = dict[int, Any]
"""What each point keeps of its sums until a draw, by the id of the point."""

Kept = tuple[int, Address, Any]
"""A kept alternative: its place among all weights, its decision, and its label or path."""


@dataclass
class Trace:
    """A draw under way: what was kept so far."""

    generator: Random
    memory: Memory
    kept: list[Kept] = field(default_factory=list)


class Node(Protocol):
    """A point with the places of its weights."""

    def log_total(self, logs: np.ndarray, memory: Memory) -> float:
        """ln of the sum over all ways to decide, of the product of the kept weights; remembers what a draw needs."""

    def draw(self, trace: Trace) -> None:
        """Decides this point and all below it."""


Nodes = tuple[Node, ...]


def compiled(root: Group, decisions: Mapping[str, Decision], starts: Mapping[str, int]) -> Nodes:
    """The points of a forest; `starts` says where the weights of a decision begin among all."""
    return _Compiler(decisions, starts).group(root, ())


@dataclass(frozen=True, eq=False)
class OneOfNode:
    """One alternative is kept; `nested` are the numbers of those that have decisions inside."""

    address: Address
    labels: tuple[Any, ...]
    places: np.ndarray
    nested: Mapping[int, Nodes]

    def log_total(self, logs: np.ndarray, memory: Memory) -> float:
        values = memory[id(self)] = _with_insides(logs[self.places], self.nested, logs, memory)
        return _log_sum(values)

    def draw(self, trace: Trace) -> None:
        number = _choose(trace.memory[id(self)], trace.generator)
        trace.kept.append((int(self.places[number]), self.address, self.labels[number]))
        _draw_all(self.nested.get(number, ()), trace)


@dataclass(frozen=True, eq=False)
class TopNode:
    """`count` of the terms are kept: sums over subsets are elementary symmetric polynomials."""

    count: int
    terms: tuple[Nodes, ...]

    def log_total(self, logs: np.ndarray, memory: Memory) -> float:
        """Remembers [i][k]: the sum over k of the first i terms."""
        values = [_log_product(term, logs, memory) for term in self.terms]
        rows = [[0.0] + [-math.inf] * self.count]
        for value in values:
            last = rows[-1]
            rows.append([0.0] + [_log_add(last[k], last[k - 1] + value) for k in range(1, self.count + 1)])
        memory[id(self)] = rows, values
        return rows[-1][self.count]

    def draw(self, trace: Trace) -> None:
        rows, values = trace.memory[id(self)]
        left, kept = self.count, []
        for number in reversed(range(len(self.terms))):
            if not left:
                break
            ways = np.array([rows[number][left], rows[number][left - 1] + values[number]])
            if _choose(ways, trace.generator):
                kept.append(number)
                left -= 1
        for number in reversed(kept):
            _draw_all(self.terms[number], trace)


@dataclass(frozen=True, eq=False)
class CasesNode:
    """Exactly one of `options` is there."""

    options: tuple[Nodes, ...]

    def log_total(self, logs: np.ndarray, memory: Memory) -> float:
        values = np.array([_log_product(option, logs, memory) for option in self.options])
        memory[id(self)] = values
        return _log_sum(values)

    def draw(self, trace: Trace) -> None:
        _draw_all(self.options[_choose(trace.memory[id(self)], trace.generator)], trace)


@dataclass(frozen=True, eq=False)
class Moves:
    """The ways of a stage by the state they leave: `table` (states, most) of numbers, padded with the number of ways.

    `targets` has a last entry for the padding.
    """

    table: np.ndarray
    targets: np.ndarray
    kept: tuple[KeptPath, ...]
    offsets: np.ndarray


@dataclass(frozen=True, eq=False)
class StageNode:
    """A step of a cuboid, or the gap between two. `start`: where its weights begin; `address` None: nothing is kept."""

    moves: Moves
    address: Address | None
    start: int
    nested: Mapping[int, Nodes]

    def gains(self, logs: np.ndarray, memory: Memory) -> np.ndarray:
        """What each way adds, and minus infinity for the padding."""
        count = len(self.moves.targets) - 1
        own = np.zeros(count) if self.address is None else logs[self.start + self.moves.offsets]
        return np.append(_with_insides(own, self.nested, logs, memory), -math.inf)


@dataclass(frozen=True, eq=False)
class PathNode:
    """A connected path: `entry` and `exit` hold what lives where it starts and ends."""

    states: int
    entry: tuple[tuple[int, Nodes], ...]
    stages: tuple[StageNode, ...]
    exit: tuple[tuple[int, Nodes], ...]
    ends: int

    def log_total(self, logs: np.ndarray, memory: Memory) -> float:
        """Remembers, for each stage, what each way out of each state is worth to the end: (states, most)."""
        onward = np.full(self.ends, -math.inf)
        for state, inside in self.exit:
            onward[state] = _log_product(inside, logs, memory)
        worth = []
        for stage in reversed(self.stages):
            moves = stage.moves
            ways = (stage.gains(logs, memory) + onward[moves.targets])[moves.table]
            worth.append(ways)
            onward = _log_sums(ways)
        starts = np.array([onward[state] + _log_product(inside, logs, memory) for state, inside in self.entry])
        memory[id(self)] = starts, worth[::-1]
        return _log_sum(starts)

    def draw(self, trace: Trace) -> None:
        starts, worth = trace.memory[id(self)]
        state, inside = self.entry[_choose(starts, trace.generator)]
        _draw_all(inside, trace)
        for stage, ways in zip(self.stages, worth, strict=True):
            number = int(stage.moves.table[state, _choose(ways[state], trace.generator)])
            if stage.address is not None:
                place = stage.start + int(stage.moves.offsets[number])
                trace.kept.append((place, stage.address, stage.moves.kept[number]))
            _draw_all(stage.nested.get(number, ()), trace)
            state = int(stage.moves.targets[number])
        _draw_all(dict(self.exit)[state], trace)


# ---------------------------------------------------------------- sums and draws


def _log_product(nodes: Nodes, logs: np.ndarray, memory: Memory) -> float:
    return sum((node.log_total(logs, memory) for node in nodes), 0.0)


def _with_insides(values: np.ndarray, nested: Mapping[int, Nodes], logs: np.ndarray, memory: Memory) -> np.ndarray:
    for number, nodes in nested.items():
        values[number] += _log_product(nodes, logs, memory)
    return values


def _draw_all(nodes: Nodes, trace: Trace) -> None:
    for node in nodes:
        node.draw(trace)


def _log_add(first: float, second: float) -> float:
    high, low = max(first, second), min(first, second)
    return high if low == -math.inf else high + math.log1p(math.exp(low - high))


def _log_sum(values: np.ndarray) -> float:
    highest = float(values.max(initial=-math.inf))
    return highest if highest == -math.inf else highest + math.log(float(np.exp(values - highest).sum()))


def _log_sums(values: np.ndarray) -> np.ndarray:
    """The same for each row."""
    highest = values.max(axis=1)
    shift = np.where(highest == -math.inf, 0.0, highest)
    sums = np.exp(values - shift[:, None]).sum(axis=1)
    found: np.ndarray = shift + np.log(sums, out=np.full(len(sums), -math.inf), where=sums > 0)
    return found


def _choose(logs: np.ndarray, generator: Random) -> int:
    """A number with the chance that exp(logs) gives it; never one of weight 0."""
    sums = np.exp(logs - logs.max()).cumsum()
    last = int(np.searchsorted(sums, sums[-1]))
    return min(int(np.searchsorted(sums, generator.random() * sums[-1], side="right")), last)


# ---------------------------------------------------------------- from the forest


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
