"""Regularised evolution (Real et al. 2019): mutate the best of a few, let the oldest die."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING, Any

from hypercuboid.search.blackbox.base import Optimiser
from hypercuboid.search.blackbox.mutation import mutated

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph


class Evolution(Optimiser):
    """A population of the `population` that were told last; parents are the best of `sample` drawn from it.

    The first ones are drawn uniformly from all architectures.
    """

    def __init__(self, graph: Graph, seed: int = 0, population: int = 20, sample: int = 5) -> None:
        super().__init__(graph, seed)
        assert 1 <= sample <= population
        self.population, self.sample = population, sample
        self.living: deque[tuple[int, float]] = deque(maxlen=population)

    def propose(self, generator: Random) -> int:
        if len(self.living) < self.population:
            return generator.randrange(self.count)
        drawn = generator.sample(list(self.living), self.sample)
        parent, _ = max(drawn, key=lambda one: one[1])
        numbering = self.graph.numbering
        return numbering.number(mutated(self.graph, numbering.picks(parent), generator))

    def learn(self, number: int, score: float) -> None:
        self.living.append((number, score))

    def state(self) -> dict[str, Any]:
        return {**super().state(), "living": [list(one) for one in self.living]}

    def restore(self, state: Mapping[str, Any]) -> None:
        super().restore(state)
        self.living = deque(((number, score) for number, score in state["living"]), maxlen=self.population)
