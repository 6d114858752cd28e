"""What an audit measures in a search: outcomes that are fixed before any result is seen, and numbers that go with them.

A change here changes what is tested; `docs/audit.md` lists the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Metrics = Sequence[Mapping[str, Any]]
"""The lines of `metrics.jsonl`, oldest first."""


@dataclass(frozen=True)
class Outcome:
    """A number of a search by its metric: `of` changes its value, `early` takes the first quarter of the epochs.

    The first quarter is rounded up, and its mean counts; otherwise it is the last epoch alone.
    """

    name: str
    metric: str
    early: bool
    of: Callable[[float], float] = float

    def measure(self, metrics: Metrics) -> float | None:
        """None where a search has no such number."""
        epochs = metrics[: math.ceil(len(metrics) / 4)] if self.early else metrics[-1:]
        values = [epoch.get(self.metric) for epoch in epochs]
        known = [self.of(value) for value in values if value is not None]
        return sum(known) / len(known) if known and len(known) == len(values) else None


def _rest(share: float) -> float:
    return 1 - share


COMPARED = (
    Outcome("parameterised mass, early", "free_mass", True, _rest),
    Outcome("parameterised mass, last", "free_mass", False, _rest),
    Outcome("lean, early", "params_lean", True),
    Outcome("lean, last", "params_lean", False),
    Outcome("params of the best, early", "params", True),
    Outcome("params of the best, last", "params", False),
    Outcome("macs of the best, early", "macs", True),
    Outcome("macs of the best, last", "macs", False),
    Outcome("free-op share of the best, early", "free_score", True),
    Outcome("free-op share of the best, last", "free_score", False),
)
"""What one weighting is compared with another by, `ACCURACY` beside them; one family of Holm's correction."""

ACCURACY = "test accuracy"
"""Of what was found, trained from scratch."""

LEANS = ("lean, early", "lean, last")
"""What says by itself whether a weighting prefers small alternatives (below 0) or large ones."""

DESCRIBED = (
    Outcome("entropy, last", "entropy", False),
    Outcome("gradient correlation, last", "alpha_gradient", False),
    Outcome("validation accuracy, last", "validation_accuracy", False),
)
"""What is told of a search and not tested."""

BETWEEN = "gradient correlation between seeds"
"""Of the last epoch's gradient of the alphas with those of the other seeds, in the mean."""

RANDOM = "random"
"""The arm of architectures that are drawn, which all that are trained are held against."""

FOUND = "found"
"""A number that is the same for the same architecture."""


def measured(metrics: Metrics) -> dict[str, float]:
    """By name, all that a search has."""
    found = {one.name: one.measure(metrics) for one in (*COMPARED, *DESCRIBED)}
    return {name: value for name, value in found.items() if value is not None}
