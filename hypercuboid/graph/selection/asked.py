"""What a selection rule is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, TypeAlias

from hypercuboid.graph.numbering import Picks
from hypercuboid.records import dataclass

if TYPE_CHECKING:
    import numpy as np

    from hypercuboid.graph.build import Graph

Weights: TypeAlias = Mapping[str, "np.ndarray"]
"""Decision -> array in the order of its axes."""


@dataclass(frozen=True)
class Bounded:
    """At most `budgets` of a cost and at most `limits` kept alternatives with a label.

    Costs are those of `MEASURES`, and `latency` in milliseconds by the file of measured times `latencies`.
    """

    budgets: Mapping[str, float] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    latencies: FilePath | None = None

    def __bool__(self) -> bool:
        return bool(self.budgets or self.limits)


@dataclass(frozen=True)
class Asked:
    """How many architectures are wanted, and the seed of what is drawn."""

    top: int = 1
    seed: int = 0


Found: TypeAlias = list[tuple[float, Picks]]
"""Scores and picks, best first; no more where there are none."""


@dataclass(frozen=True)
class Rule:
    """`find` says what is kept. `ranks`: the answers are the best of all, in order, so that the next best tells how far
    ahead the first is. `logs`: scores are logarithms, so a margin is that of what they are logarithms of.
    """

    find: Callable[[Graph, Weights, Asked], Found]
    summary: str
    ranks: bool = False
    logs: bool = False
