"""How far searches agree: between halves and epochs of one, and over seeds; thresholds below which it is said."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hypercuboid.runs.intervals import bootstrap_interval
from hypercuboid.runs.weights_history import Recorded

LEAST_CORRELATION = 0.2
"""Of the gradient of architecture parameters between two halves of an epoch: below it steps follow noise."""


def gradient_doubts(correlation: float | None) -> Sequence[str]:
    """Why a search is not decided, where its gradient is noise; nothing where it is not, or none was taken."""
    if correlation is None or correlation >= LEAST_CORRELATION:
        return ()
    return (f"the correlation of the gradient of its last epoch, {correlation:.2f}, is below {LEAST_CORRELATION:g}",)


LEAST_SCORED = 10
"""Architectures that a search must have scored before what the best of them share says anything."""


def few_scored(count: int, all_of_them: int) -> Sequence[str]:
    """Why a search that scores architectures is not decided, where it scored next to none of `all_of_them`."""
    least = min(LEAST_SCORED, all_of_them)
    scored = f"{count} architecture{'s were' if count != 1 else ' was'} scored"
    return () if count >= least else (f"{scored}, below {least}",)


LEAST_AGREEMENT = 0.75
"""Of the seeds, or of the last epochs, that must keep the same for a decision to be called decided."""

MOST_EPOCHS = 20
"""Of the last quarter of a search, over which its best architectures are compared."""


@dataclass(frozen=True)
class Steadiness:
    """In what share of the last `epochs` of a search the best architecture kept what is kept now, by place."""

    epochs: int
    shares: Mapping[str, float]

    @property
    def mean(self) -> float:
        return sum(self.shares.values()) / len(self.shares)

    @property
    def text(self) -> str:
        least = min(self.shares, key=lambda site: self.shares[site])
        many = f"the best of the last {self.epochs} epochs kept {100 * self.mean:.0f} % of it"
        return (
            many if self.shares[least] == self.mean else f"{many}, least `{least}` ({100 * self.shares[least]:.0f} %)"
        )

    @property
    def doubts(self) -> Sequence[str]:
        """Why a search is not decided, where it still moved."""
        return () if self.mean >= LEAST_AGREEMENT else (f"{self.text}; below {100 * LEAST_AGREEMENT:.0f} % on average",)


def steadiness(history: Sequence[Recorded], picks: Mapping[str, Sequence[str]]) -> Steadiness | None:
    """Over the last quarter of the epochs; None where that is less than two, or where nothing is kept."""
    last = history[-min(MOST_EPOCHS, math.ceil(len(history) / 4)) :]
    if len(last) < 2 or not picks:
        return None
    same = {site: sum(one.picks.get(site) == list(kept) for one in last) for site, kept in picks.items()}
    return Steadiness(len(last), {site: count / len(last) for site, count in same.items()})


@dataclass(frozen=True)
class Agreement:
    """What most of several searches keep at one place: the share of them, with its bootstrap interval (None: one seed).

    Where several things are kept equally often, `kept` is what was kept first.
    """

    kept: str
    share: float
    interval: tuple[float, float] | None

    @property
    def decided(self) -> bool:
        return self.share >= LEAST_AGREEMENT


def agreement(values: Sequence[str]) -> Agreement:
    """Of what each of several searches keeps at one place."""
    kept = max(values, key=values.count)
    same = [float(value == kept) for value in values]
    return Agreement(kept, sum(same) / len(same), bootstrap_interval(same) if len(same) > 1 else None)
