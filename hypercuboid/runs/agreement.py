"""How far searches agree: between halves of one, and over the seeds of several; thresholds below which it is said."""

from __future__ import annotations

from collections.abc import Sequence

LEAST_CORRELATION = 0.2
"""Of the gradient of architecture parameters between two halves of an epoch: below it steps follow noise."""


def gradient_doubts(correlation: float | None) -> Sequence[str]:
    """Why a search is not decided, where its gradient is noise; nothing where it is not, or none was taken."""
    if correlation is None or correlation >= LEAST_CORRELATION:
        return ()
    return (f"the correlation of the gradient of its last epoch, {correlation:.2f}, is below {LEAST_CORRELATION:g}",)
