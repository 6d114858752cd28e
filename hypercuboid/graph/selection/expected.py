"""How likely each alternative is kept under the odds of a sampler: the gradient of ln of the sum of all products."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from hypercuboid.graph.selection.sampled_points import CasesNode, Memory, Node, OneOfNode, PathNode, StageNode, TopNode

if TYPE_CHECKING:
    from hypercuboid.graph.selection.sampled import Odds


def kept_probabilities(odds: Odds) -> dict[str, np.ndarray]:
    """For each decision the probability that an architecture keeps an alternative, in the shape of its array.

    With respect to ln of the weights this is the gradient of `odds.log_total`.
    """
    sampler = odds.sampler
    found = np.zeros(sampler.size)
    _Flow(odds.memory, found).nodes(sampler.points, 1.0)
    starts = sampler.starts
    return {d.name: found[starts[d.name] :][: math.prod(d.shape)].reshape(d.shape) for d in sampler.decisions}


class _Flow:
    """Probability that flows down from the root; what comes to an alternative is added up in `found`."""

    def __init__(self, memory: Memory, found: np.ndarray) -> None:
        self.memory, self.found = memory, found

    def nodes(self, nodes: Iterable[Node], mass: float) -> None:
        for node in nodes if mass else ():
            if isinstance(node, OneOfNode):
                self.one_of(node, mass)
            elif isinstance(node, TopNode):
                self.top(node, mass)
            elif isinstance(node, CasesNode):
                for option, chance in zip(node.options, mass * _shares(self.memory[id(node)]), strict=True):
                    self.nodes(option, float(chance))
            else:
                assert isinstance(node, PathNode)
                self.path(node, mass)

    def one_of(self, node: OneOfNode, mass: float) -> None:
        chances = mass * _shares(self.memory[id(node)])
        np.add.at(self.found, node.places, chances)
        for number, inside in node.nested.items():
            self.nodes(inside, float(chances[number]))

    def top(self, node: TopNode, mass: float) -> None:
        """`left[k]`: the chance that k are to be kept of the terms that are left, the last one first."""
        rows, values = self.memory[id(node)]
        left = np.zeros(node.count + 1)
        left[node.count] = mass
        for number in reversed(range(len(node.terms))):
            kept = np.zeros(node.count + 1)
            for k in np.flatnonzero(left[1:]) + 1:
                ways = np.array([rows[number][k], rows[number][k - 1] + values[number]])
                kept[k] = left[k] * _shares(ways)[1]
            self.nodes(node.terms[number], float(kept.sum()))
            left = left - kept + np.append(kept[1:], 0.0)

    def path(self, node: PathNode, mass: float) -> None:
        starts, worth = self.memory[id(node)]
        reached = np.zeros(node.states)
        for (state, inside), chance in zip(node.entry, mass * _shares(starts), strict=True):
            reached[state] += chance
            self.nodes(inside, float(chance))
        for place, (stage, ways) in enumerate(zip(node.stages, worth, strict=True)):
            after = node.ends if place + 1 == len(worth) else len(worth[place + 1])
            reached = self.stage(stage, reached[:, None] * _shares(ways), after)
        for state, inside in node.exit:
            self.nodes(inside, float(reached[state]))

    def stage(self, stage: StageNode, chances: np.ndarray, states: int) -> np.ndarray:
        """The chance of each state after a stage; `chances` (states before, most ways) of the ways out of each."""
        moves = stage.moves
        by_way = np.bincount(moves.table.ravel(), chances.ravel(), minlength=len(moves.targets))[:-1]
        if stage.address is not None:
            np.add.at(self.found, stage.start + moves.offsets, by_way)
        for number, inside in stage.nested.items():
            self.nodes(inside, float(by_way[number]))
        return np.bincount(moves.targets[:-1], by_way, minlength=states)


def _shares(logs: np.ndarray) -> np.ndarray:
    """exp(logs) of each row divided by their sum; 0 where all are minus infinity."""
    highest = logs.max(axis=-1, keepdims=True)
    powers = np.exp(logs - np.where(highest == -np.inf, 0.0, highest))
    sums = powers.sum(axis=-1, keepdims=True)
    shares: np.ndarray = powers / np.where(sums > 0, sums, 1.0)
    return shares
