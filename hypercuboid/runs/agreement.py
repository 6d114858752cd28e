"""How far searches agree: between halves of one, and over the seeds of several; thresholds below which it is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypercuboid.runs.intervals import bootstrap_interval

LEAST_CORRELATION = 0.2
"""Of the gradient of architecture parameters between two halves of an epoch: below it steps follow noise."""


def gradient_doubts(correlation: float | None) -> Sequence[str]:
    """Why a search is not decided, where its gradient is noise; nothing where it is not, or none was taken."""
    if correlation is None or correlation >= LEAST_CORRELATION:
        return ()
    return (f"the correlation of the gradient of its last epoch, {correlation:.2f}, is below {LEAST_CORRELATION:g}",)


LEAST_AGREEMENT = 0.75
"""Of the seeds that must keep the same for a decision to be called decided."""


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
