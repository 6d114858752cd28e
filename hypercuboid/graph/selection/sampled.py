"""Exact samples of whole architectures: each as likely as the product of the weights of all that it keeps.

The weights of the decisions inside a kept alternative count, those inside others do not. A path is drawn among the
connected ones: a step goes where the product of its weight and of all ways onward says. Three stages: the places of
weights are found once per space (`Sampler`), sums once per weights (`Odds`), and a draw walks along them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from hypercuboid.diagnostics import error
from hypercuboid.graph.decision import Decision
from hypercuboid.graph.forest import Group
from hypercuboid.graph.numbering import Picks
from hypercuboid.graph.selection.sampled_forest import compiled
from hypercuboid.graph.selection.sampled_points import Node, Trace
from hypercuboid.records import dataclass

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph


@dataclass(frozen=True)
class Sample:
    """An architecture that was drawn: what it keeps, and ln of the chance to draw it.

    `positions` holds for each decision the flat positions of what is kept in its array.
    """

    picks: Picks
    positions: Mapping[str, tuple[int, ...]]
    log_probability: float

    @property
    def probability(self) -> float:
        return math.exp(self.log_probability)


class Sampler:
    """The architectures of a forest, ready to be drawn under any weights."""

    def __init__(self, root: Group, decisions: tuple[Decision, ...]) -> None:
        self.decisions = decisions
        self.starts: dict[str, int] = {}
        self.size = 0
        for decision in decisions:
            self.starts[decision.name] = self.size
            self.size += math.prod(decision.shape)
        self.points: tuple[Node, ...] = compiled(root, {d.name: d for d in decisions}, self.starts)

    def odds(self, weights: Mapping[str, np.ndarray]) -> Odds:
        """Sums over all architectures under `weights` (decision -> array >= 0 in the order of its axes)."""
        flat = [np.asarray(weights[decision.name], dtype=float).reshape(-1) for decision in self.decisions]
        with np.errstate(divide="ignore"):
            logs = np.log(np.concatenate([*flat, np.zeros(0)]))
        return Odds(self, logs)

    def masks(self, sample: Sample) -> dict[str, np.ndarray]:
        """For each decision, True where the sample keeps an alternative; in the shape of its array."""
        found = {}
        for decision in self.decisions:
            mask = np.zeros(decision.shape, dtype=bool)
            mask.reshape(-1)[list(sample.positions.get(decision.name, ()))] = True
            found[decision.name] = mask
        return found


class Odds:
    """What is drawn under one set of weights. `log_total`: ln of the sum over architectures of their products."""

    def __init__(self, sampler: Sampler, logs: np.ndarray) -> None:
        self.sampler, self.logs = sampler, logs
        self.memory: dict[int, Any] = {}
        self.log_total = float(sum(point.log_total(logs, self.memory) for point in sampler.points))

    def draw(self, generator: Random) -> Sample:
        """One architecture; HC7201 where all of them have probability zero."""
        if not self.log_total > -math.inf:
            raise error(
                "HC7201",
                "no architecture has a positive probability: each keeps an alternative of weight 0",
                help="draw under weights of which enough are positive",
            )
        trace = Trace(generator, self.memory)
        for point in self.sampler.points:
            point.draw(trace)
        entries = np.array([entry for entry, _, _ in trace.kept], dtype=np.intp)
        return Sample(
            {address: kept for _, address, kept in trace.kept},
            self._positions(trace.kept),
            float(self.logs[entries].sum()) - self.log_total,
        )

    def _positions(self, kept: list[tuple[int, Any, Any]]) -> dict[str, tuple[int, ...]]:
        found: dict[str, list[int]] = {}
        for entry, (name, _), _ in kept:
            found.setdefault(name, []).append(entry - self.sampler.starts[name])
        return {name: tuple(positions) for name, positions in found.items()}


def draw_weighted(graph: Graph, weights: Mapping[str, np.ndarray], count: int, generator: Random) -> list[Sample]:
    """`count` architectures of a graph, each drawn with a chance proportional to the product of its kept weights."""
    odds = graph.sampler.odds(weights)
    return [odds.draw(generator) for _ in range(count)]
