"""Ask and tell: what every black-box optimiser is."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING, Any

from hypercuboid.graph.selection.uniform import number_of_architectures

if TYPE_CHECKING:
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

    def state(self) -> dict[str, Any]:
        """All that it goes on from, as JSON: numbers in it come back bit for bit."""
        return {"asked": self.asked}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Goes on from what `state` gave an optimiser of the same graph and seed."""
        self.asked = int(state["asked"])
