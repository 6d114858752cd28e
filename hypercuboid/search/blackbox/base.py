"""Ask and tell: what every black-box optimiser is."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING, Any

from hypercuboid.graph.selection.uniform import number_of_architectures
from hypercuboid.search.blackbox.good import good_weights

if TYPE_CHECKING:
    import numpy as np

    from hypercuboid.graph.build import Graph


class Optimiser(ABC):
    """Proposes architectures, by their numbers (`graph.numbering`), and learns from scores; greater is better.

    Architectures may be proposed again, and told that were never asked for. Chance is a function of the seed and of how
    often it was asked, so `state` holds no generator. Raises HC4001 where there are too many architectures to number.
    """

    def __init__(self, graph: Graph, seed: int = 0) -> None:
        self.graph, self.seed, self.asked = graph, seed, 0
        self.count = number_of_architectures(graph)

    def ask(self) -> int:
        """The architecture that it wants to know the score of."""
        generator = Random(f"{self.seed} {self.asked}")
        self.asked += 1
        return self.propose(generator)

    def tell(self, number: int, score: float) -> None:
        """The score of an architecture; ValueError where it is not finite."""
        if not math.isfinite(score):
            raise ValueError(f"the score of architecture {number} is {score}")
        self.learn(number, score)

    @abstractmethod
    def propose(self, generator: Random) -> int:
        """The next architecture; `self.asked` counts this time already."""

    @abstractmethod
    def learn(self, number: int, score: float) -> None:
        """What a score changes."""

    def best(self, scores: Mapping[int, float]) -> list[tuple[int, float]]:
        """The best architecture and the second best with their scores, by what was `scored`; the best comes first."""
        return sorted(scores.items(), key=lambda one: -one[1])[:2]

    def weights(self, scores: Mapping[int, float]) -> dict[str, np.ndarray]:
        """How good it holds each alternative for, in [0, 1]."""
        return good_weights(self.graph, scores)

    def state(self) -> dict[str, Any]:
        """All that it goes on from, as JSON: numbers in it come back bit for bit."""
        return {"asked": self.asked}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Goes on from what `state` gave an optimiser of the same graph and seed."""
        self.asked = int(state["asked"])
