"""Trials: an optimiser, a scorer, and every architecture that was scored, each once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from hypercuboid.search.blackbox.base import Optimiser

Scorer: TypeAlias = Callable[[int], float]
"""The score of an architecture by its number; greater is better, and the same whenever it is asked."""

PATIENCE = 100
"""Proposals in a row that were all scored before, after which an optimiser has nothing new to ask."""


@dataclass(frozen=True)
class Trial:
    """An architecture, its score, and whether it had been scored before (which costs nothing)."""

    number: int
    score: float
    known: bool


class Trials:
    """One black-box search, step by step. `scores` has the architectures in the order in which they were scored."""

    def __init__(self, optimiser: Optimiser, scorer: Scorer) -> None:
        self.optimiser, self.scorer = optimiser, scorer
        self.scores: dict[int, float] = {}
        self._repeats = 0

    @property
    def is_exhausted(self) -> bool:
        """Whether all architectures are scored, or the optimiser repeats itself."""
        return len(self.scores) >= self.optimiser.count or self._repeats >= PATIENCE

    def step(self) -> Trial:
        """Asks for one architecture, scores it unless its score is known, and tells."""
        number = self.optimiser.ask()
        known = number in self.scores
        self._repeats = self._repeats + 1 if known else 0
        if not known:
            self.scores[number] = self.scorer(number)
        self.optimiser.tell(number, self.scores[number])
        return Trial(number, self.scores[number], known)

    def run(self, evaluations: int) -> None:
        """Steps until so many architectures are scored, or `is_exhausted`."""
        while len(self.scores) < evaluations and not self.is_exhausted:
            self.step()

    @property
    def best(self) -> int:
        """The architecture of the greatest score, the first of equal ones."""
        return max(self.scores, key=self.scores.__getitem__)

    def state(self) -> dict[str, Any]:
        """All that they go on from, as JSON."""
        scores = [list(pair) for pair in self.scores.items()]
        return {"optimiser": self.optimiser.state(), "scores": scores, "repeats": self._repeats}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Goes on from what `state` gave."""
        self.optimiser.restore(state["optimiser"])
        self.scores = {int(number): float(score) for number, score in state["scores"]}
        self._repeats = int(state["repeats"])
