"""Random search: every architecture equally likely, none twice while the space is small."""

from __future__ import annotations

from functools import cached_property
from random import Random

from hypercuboid.search.blackbox.base import Optimiser

SMALL = 200_000
"""Architectures up to which their order is shuffled once and walked, so that none is asked for twice."""


class RandomSearch(Optimiser):
    """The baseline. In a large space architectures are drawn independently of each other."""

    def propose(self, generator: Random) -> int:
        if self.count > SMALL:
            return generator.randrange(self.count)
        return self._order[(self.asked - 1) % self.count]

    def learn(self, number: int, score: float) -> None:
        """Nothing."""

    @cached_property
    def _order(self) -> list[int]:
        order = list(range(self.count))
        Random(f"{self.seed} order").shuffle(order)
        return order
