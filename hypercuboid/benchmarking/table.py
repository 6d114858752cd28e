"""NAS-Bench-Macro as a table: the accuracy of each of its 6,561 networks, by the number of the architecture."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from hypercuboid.frontend.elaborated import Decided
from hypercuboid.graph.build import Graph
from hypercuboid.graph.selection.uniform import architecture
from hypercuboid.network.kept import kept_row
from hypercuboid.pipeline import load
from hypercuboid.resources import resource

LAYERS, CHOICES = 8, 3


@dataclass(frozen=True, eq=False)
class Table:
    """`accuracies[n]`: mean test accuracy, in percent, of the architecture that `graph` numbers n."""

    graph: Graph
    accuracies: np.ndarray

    @property
    def best(self) -> float:
        return float(self.accuracies.max())

    def score(self, number: int) -> float:
        """The accuracy of an architecture."""
        return float(self.accuracies[number])

    def number(self, decided: tuple[Decided, ...]) -> int:
        """The number of an architecture by its decisions."""
        return self._numbers[_key(decided)]

    @cached_property
    def _numbers(self) -> dict[Hashable, int]:
        return {_key(architecture(self.graph, number)): number for number in range(len(self.accuracies))}

    @cached_property
    def kept(self) -> np.ndarray:
        """What each architecture keeps: (architectures, alternatives)."""
        return np.array([kept_row(self.graph, number) for number in range(len(self.accuracies))], dtype=np.float64)

    def regret(self, accuracy: float) -> float:
        """How far an accuracy is below the best one, in percentage points."""
        return self.best - accuracy


def _key(decided: tuple[Decided, ...]) -> Hashable:
    return frozenset((one.name, labels, kept) for one in decided for labels, kept in one.kept.items())


@cache
def nas_bench_macro() -> Table:
    """The published table (`nas_bench_macro.txt`), in the order of the space in `spaces/nas_bench_macro.hc`.

    A published string has the first layer first; in a number the first decision is the lowest digit.
    """
    with np.load(Path(__file__).with_name("nas_bench_macro.npz"), allow_pickle=False) as file:
        by_string = file["accuracy"] / 10_000
    graph = load(resource("spaces", "nas_bench_macro.hc"), "NASBenchMacro").graph
    by_number = by_string.reshape((CHOICES,) * LAYERS).transpose().reshape(-1)
    return Table(graph, by_number)
