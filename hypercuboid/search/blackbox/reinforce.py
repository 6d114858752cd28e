"""REINFORCE (Williams 1992): a policy over architectures that moves towards those of high scores."""

from __future__ import annotations

import math
from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from hypercuboid.graph.selection.expected import kept_probabilities
from hypercuboid.graph.selection.uniform import architecture
from hypercuboid.network.kept import kept_masks
from hypercuboid.search.blackbox.base import Optimiser

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph
    from hypercuboid.graph.selection.sampled import Odds


LARGEST = 3.0
"""Standard deviations that count: once the policy repeats itself, they become small."""


class Reinforce(Optimiser):
    """p(architecture) is proportional to the product of exp(alpha) of all that it keeps; alpha starts at zero.

    The gradient of ln p is exact: 1 where something is kept, minus the probability that it is kept. (A cell that is met
    in several steps of a cuboid counts as often as it is met, as its weight does in the product.) It is multiplied by
    `rate` and by how many standard deviations (at most `LARGEST`) a score lies above the mean of the scores so far,
    both moving with `memory`. So neither the unit nor the level of the scores matters.
    """

    def __init__(self, graph: Graph, seed: int = 0, rate: float = 0.1, memory: float = 0.9) -> None:
        super().__init__(graph, seed)
        self.rate, self.memory = rate, memory
        self.alphas = {decision.name: np.zeros(decision.shape) for decision in graph.decisions}
        self.told, self.mean, self.variance = 0, 0.0, 0.0

    def odds(self) -> Odds:
        """The policy: what is drawn under exp(alpha)."""
        return self.graph.sampler.odds({name: np.exp(alpha) for name, alpha in self.alphas.items()})

    def propose(self, generator: Random) -> int:
        sample = self.odds().draw(generator)
        return self.graph.numbering.number(sample.picks)

    def gradient(self, number: int) -> dict[str, np.ndarray]:
        """That of ln p of an architecture with respect to each alpha."""
        masks = kept_masks(self.graph.decisions, architecture(self.graph, number))
        kept = kept_probabilities(self.graph.sampler.odds(masks))
        expected = kept_probabilities(self.odds())
        return {name: kept[name] - expected[name] for name in kept}

    def learn(self, number: int, score: float) -> None:
        advantage = self._advantage(score)
        if advantage:
            for name, gradient in self.gradient(number).items():
                self.alphas[name] = self.alphas[name] + self.rate * advantage * gradient
        self._note(score)

    def _advantage(self, score: float) -> float:
        """Standard deviations above the moving mean; zero as long as all scores were equal."""
        if not self.variance:
            return 0.0
        return max(-LARGEST, min(LARGEST, (score - self.mean) / math.sqrt(self.variance)))

    def _note(self, score: float) -> None:
        """Moves mean and variance: plain ones of the first scores, forgetful ones later."""
        self.told += 1
        part = max(1 / self.told, 1 - self.memory)
        above = score - self.mean
        self.mean += part * above
        self.variance = (1 - part) * (self.variance + part * above * above)

    def state(self) -> dict[str, Any]:
        alphas = {name: alpha.tolist() for name, alpha in self.alphas.items()}
        return {**super().state(), "alphas": alphas, "told": self.told, "mean": self.mean, "variance": self.variance}

    def restore(self, state: Mapping[str, Any]) -> None:
        super().restore(state)
        self.alphas = {name: np.array(alpha, dtype=np.float64) for name, alpha in state["alphas"].items()}
        self.told, self.mean, self.variance = int(state["told"]), float(state["mean"]), float(state["variance"])
