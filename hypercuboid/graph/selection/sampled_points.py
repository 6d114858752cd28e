"""The points of a forest as a sampler walks them: sums of products of weights upwards, draws downwards, all in logs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import field
from random import Random
from typing import Any, Protocol

import numpy as np

from hypercuboid.frontend.elaborated import KeptPath
from hypercuboid.graph.forest import (
    Address,
)
from hypercuboid.records import dataclass

Memory = dict[int, Any]
"""What each point keeps of its sums until a draw, by the id of the point."""

Kept = tuple[int, Address, Any]
"""A kept alternative: its place among all weights, its decision, and its label or path."""


@dataclass()
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
