"""What an observer is: it looks at a search after the steps of an epoch and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from hypercuboid.network.supernet import Supernet
from hypercuboid.registry import Registry
from hypercuboid.runs.folder import RunFolder
from hypercuboid.search.recipe import Recipe
from hypercuboid.search.strategies.base import Batch, Strategy


@dataclass(frozen=True)
class Observed:
    """A search after the steps of an epoch, from 1, and before the strategy ends it (a narrowing comes after).

    `batch` gives the first batch of search-validation in the order of the epoch, the same whenever it is asked.
    """

    epoch: int
    strategy: Strategy
    recipe: Recipe
    run: RunFolder
    batch: Callable[[], Batch]

    @property
    def supernet(self) -> Supernet | None:
        return self.strategy.supernet


Observer: TypeAlias = Callable[[Observed], dict[str, Any]]
"""What is added to the metrics of the epoch, as JSON has it; a function of what a checkpoint holds."""

OBSERVERS: Registry[Observer] = Registry("observer")


def observe(observed: Observed) -> dict[str, Any]:
    """The numbers of all observers."""
    found: dict[str, Any] = {}
    for name in OBSERVERS:
        found |= OBSERVERS[name](observed)
    return found
