"""When a search has collapsed, and why: stated thresholds on the numbers of its last epochs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypercuboid.diagnostics import Diagnostic

SMALL = -1.645
"""Standard deviations below the mean size: 5 % of a normal distribution are smaller."""

FREE = 0.75
"""Share of the best architecture's score that comes from alternatives without parameters."""

WINDOW = 3
"""Epochs in a row that size or share must stand beyond their threshold; epochs that an eigenvalue is a mean over."""

GROWTH = 4 / 3
"""How much the mean dominant eigenvalue may grow over a window (RobustDARTS stops where old / new is below 0.75)."""


def collapse(epochs: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Why the search has collapsed by the metrics of its epochs, oldest first; nothing where it has not.

    Epochs in which nothing was scored yet have no best architecture.
    """
    last = [epoch for epoch in epochs[-WINDOW:] if epoch.get("scored") != 0]
    found = []
    if len(last) == WINDOW:
        found += _all_beyond(last, "params_deviations", lambda value: value < SMALL, _small)
        found += _all_beyond(last, "free_score", lambda value: value > FREE, _free)
    return (*found, *_sharp(epochs))


def collapse_warning(epoch: int, reasons: Sequence[str], trains_alone: bool = False) -> Diagnostic:
    """HC7090: what is said in the epoch in which the collapse is seen. Of networks that are trained alone, briefly,
    small ones are ahead at first."""
    message = f"the search has collapsed in epoch {epoch}: {reasons[0]}"
    help = "try --weighting max_w, --alpha-warmup, or `--on-collapse stop`"
    if trains_alone:
        help = "give each training more steps: more --epochs, a smaller --small-batch, or fewer --trainings"
    return Diagnostic("HC7090", message, severity="warning", notes=tuple(reasons[1:]), help=help)


def _all_beyond(last: Sequence[Mapping[str, Any]], name: str, beyond: Any, words: Any) -> list[str]:
    values = [epoch.get(name) for epoch in last]
    return [words(values[-1])] if all(value is not None and beyond(value) for value in values) else []


def _small(value: float) -> str:
    return (
        f"the best architecture is {-value:.2f} standard deviations smaller than the mean of the space"
        f" (alarm at {-SMALL:g} in {WINDOW} epochs)"
    )


def _free(value: float) -> str:
    return (
        f"{100 * value:.0f} % of the best score come from alternatives without parameters"
        f" (alarm at {100 * FREE:.0f} % in {WINDOW} epochs)"
    )


def _sharp(epochs: Sequence[Mapping[str, Any]]) -> list[str]:
    values = [epoch.get("curvature") for epoch in epochs[-2 * WINDOW :]]
    if len(values) < 2 * WINDOW or any(value is None or value <= 0 for value in values):
        return []
    before, now = sum(values[:WINDOW]) / WINDOW, sum(values[WINDOW:]) / WINDOW  # type: ignore[arg-type]
    if now <= GROWTH * before:
        return []
    return [f"the curvature in the alphas grew {now / before:.2f} times over {WINDOW} epochs (alarm at {GROWTH:.2f})"]
