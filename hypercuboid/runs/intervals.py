"""Confidence intervals of what a run measures."""

from __future__ import annotations


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
