"""Confidence intervals of what a run measures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def binomial_interval(successes: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """The exact (Clopper and Pearson, 1934) two-sided interval of a proportion.

    Its ends are quantiles of beta distributions; it covers with at least `confidence` for every true proportion.
    """
    from scipy.stats import beta

    assert 0 <= successes <= trials and trials > 0
    tail = (1 - confidence) / 2
    low = 0.0 if successes == 0 else float(beta.ppf(tail, successes, trials - successes + 1))
    high = 1.0 if successes == trials else float(beta.ppf(1 - tail, successes + 1, trials - successes))
    return low, high


def normal_interval(total: float, squares: float, count: int, confidence: float = 0.95) -> tuple[float, float]:
    """Of the mean of many numbers, by their sum and the sum of their squares; the central limit theorem."""
    from scipy.stats import norm

    mean = total / count
    variance = max(0.0, squares / count - mean * mean) * count / max(1, count - 1)
    reach = float(norm.ppf((1 + confidence) / 2)) * (variance / count) ** 0.5
    return mean - reach, mean + reach


def bootstrap_interval(values: Sequence[float], confidence: float = 0.95, seed: int = 0) -> tuple[float, float]:
    """The bias-corrected and accelerated bootstrap interval (Efron, 1987) of a mean, from 9,999 resamples.

    Equal values have the interval of that value alone. An interval for few values (under about ten) is too narrow.
    """
    from scipy.stats import bootstrap

    assert len(values) > 1
    array = np.asarray(values, dtype=np.float64)
    if (array == array[0]).all():
        return float(array[0]), float(array[0])
    generator = np.random.default_rng(seed)
    found = bootstrap((array,), np.mean, n_resamples=9999, confidence_level=confidence, rng=generator)
    return float(found.confidence_interval.low), float(found.confidence_interval.high)


def median_and_half_range(values: Sequence[float]) -> tuple[float, float]:
    """The median, and half of what lies between the smallest and the largest value."""
    array = np.asarray(values, dtype=np.float64)
    return float(np.median(array)), float(array.max() - array.min()) / 2


def percentile(value: float, others: Sequence[float]) -> float:
    """Of 100: how many of the others are smaller, equal ones as halves."""
    smaller = sum(one < value for one in others) + sum(one == value for one in others) / 2
    return 100 * smaller / len(others)
