"""Comparisons of paired results: the exact sign-flip test, Holm's correction, rank correlation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

MOST_PAIRS = 40
"""Pairs that differ, up to which a sign-flip test is exact: half of them make a table of 2^20 sums."""

_TOLERANCE = 1e-9
"""Sums closer than this part of the sum of all magnitudes are equal."""


def sign_flip_test(differences: Sequence[float]) -> float:
    """The exact two-sided p of paired differences under the hypothesis that each is as likely with the other sign.

    p is the share of the 2^n ways to sign them in which the mean is at least as far from zero as it is (Fisher, 1935).
    ValueError above `MOST_PAIRS` differences that are not zero. All zero, or none: 1.
    """
    magnitudes = np.abs(np.asarray(differences, dtype=np.float64))
    magnitudes = magnitudes[magnitudes > 0]
    if len(magnitudes) > MOST_PAIRS:
        raise ValueError(f"{len(magnitudes)} pairs differ; the exact test is for at most {MOST_PAIRS}")
    if not len(magnitudes):
        return 1.0
    slack = _TOLERANCE * float(magnitudes.sum())
    least = abs(float(np.sum(np.asarray(differences, dtype=np.float64)))) - slack
    if least <= 0:
        return 1.0
    middle = len(magnitudes) // 2
    first, second = np.sort(_signed_sums(magnitudes[:middle])), _signed_sums(magnitudes[middle:])
    above = int((len(first) - np.searchsorted(first, least - second, side="left")).sum())
    return above / float(2 ** (len(magnitudes) - 1))


def _signed_sums(magnitudes: np.ndarray) -> np.ndarray:
    """The sums under all 2^n signs."""
    sums = np.zeros(1)
    for one in magnitudes:
        sums = np.concatenate((sums - one, sums + one))
    return sums


def holm(values: Mapping[str, float]) -> dict[str, float]:
    """Adjusted p values (Holm, 1979): those at most `a` are rejected with a family-wise error of at most `a`."""
    adjusted, highest = {}, 0.0
    for rank, (name, p) in enumerate(sorted(values.items(), key=lambda pair: pair[1])):
        highest = max(highest, min(1.0, (len(values) - rank) * p))
        adjusted[name] = highest
    return {name: adjusted[name] for name in values}


def kendall_tau(first: Sequence[float], second: Sequence[float]) -> float:
    """Kendall's tau-b of two rankings: 1 the same order, -1 the opposite, ties accounted for; 0 where one is constant."""
    from scipy.stats import kendalltau

    found = float(kendalltau(first, second).statistic)
    return 0.0 if np.isnan(found) else found
