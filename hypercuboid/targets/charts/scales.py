"""Scales: numbers to pixels, and the round numbers to write beside an axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """From `low`..`high` to the pixels `start`..`end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return self.start + share * (self.end - self.start)


def ticks(low: float, high: float, most: int = 5, whole: bool = False) -> list[float]:
    """At most `most` round numbers (1, 2 or 5 times a power of ten) that lie in the range; `whole`: no fractions."""
    span = high - low
    if not span > 0:
        return [low]
    power = 10.0 ** math.floor(math.log10(span / most))
    step = next(one * power for one in (1, 2, 5, 10, 20) if span / (one * power) <= most)
    step = max(step, 1.0) if whole else step
    first = math.ceil(low / step - 1e-9)
    return [round((first + i) * step, 12) for i in range(most + 2) if (first + i) * step <= high + 1e-9 * span]


def around(values: list[float]) -> tuple[float, float]:
    """The range of values with a little room; a single value in the middle of one."""
    low, high = min(values), max(values)
    room = 0.05 * (high - low) or 0.05 * abs(high) or 0.5
    return low - room, high + room


def tick_texts(values: Sequence[float]) -> list[str]:
    """The numbers beside an axis, with as many digits as tell them apart."""
    texts = [tick_text(one) for one in values]
    for digits in range(5, 12):
        if len(set(texts)) == len(set(values)):
            break
        texts = [tick_text(one, digits) for one in values]
    return texts


def tick_text(value: float, digits: int = 4) -> str:
    """A number beside an axis."""
    if abs(value) >= 1e6:
        return f"{value / 1e6:g}M" if digits < 6 else f"{value / 1e6:.{digits}g}M"
    if abs(value) >= 1e4:
        return f"{value / 1e3:g}k" if digits < 6 else f"{value / 1e3:.{digits}g}k"
    return f"{value:.{digits}g}"
