"""Comparisons of paired results: the exact sign-flip test, Holm's correction, rank correlation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

LARGEST_TABLE = 2**20
"""Sums in one of the two tables of a sign-flip test: that of 20 differences that are all distinct."""

_TOLERANCE = 1e-9
"""Sums closer than this part of the sum of all magnitudes are equal."""


def sign_flip_test(differences: Sequence[float]) -> float:
    """The exact two-sided p of paired differences under the hypothesis that each is as likely with the other sign.

    p is the share of the 2^n ways to sign them in which the mean is at least as far from zero as it is (Fisher, 1935).
    All zero, or none: 1. ValueError for too many: over 40 that are all distinct; many more where magnitudes repeat.
    """
    signed = np.asarray(differences, dtype=np.float64)
    magnitudes, counts = np.unique(np.abs(signed[signed != 0]), return_counts=True)
    least = abs(float(signed.sum())) - _TOLERANCE * float(np.abs(signed).sum())
    if least <= 0:
        return 1.0
    halves: list[tuple[np.ndarray, np.ndarray]] = [(np.zeros(1), np.ones(1))] * 2
    for magnitude, count in zip(magnitudes.tolist(), counts.tolist(), strict=True):
        smaller = int(len(halves[1][0]) < len(halves[0][0]))
        halves[smaller] = _signed_sums(*halves[smaller], magnitude, count)
    (first, chances), (second, others) = halves
    order = np.argsort(first)
    at_least = np.append(np.cumsum(chances[order][::-1])[::-1], 0.0)
    return float(2 * (others * at_least[np.searchsorted(first[order], least - second)]).sum())


def _signed_sums(sums: np.ndarray, chances: np.ndarray, magnitude: float, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Sums and their chances after `count` more differences of one magnitude, each with a random sign."""
    if len(sums) * (count + 1) > LARGEST_TABLE:
        raise ValueError("there are too many differences for the exact test")
    steps = magnitude * (2.0 * np.arange(count + 1) - count)
    weights = np.array([math.comb(count, k) / 2**count for k in range(count + 1)])
    return (sums[:, None] + steps).ravel(), (chances[:, None] * weights).ravel()


def holm(values: Mapping[str, float]) -> dict[str, float]:
    """Adjusted p values (Holm, 1979): those at most `a` are rejected with a family-wise error of at most `a`."""
    adjusted, highest = {}, 0.0
    for rank, (name, p) in enumerate(sorted(values.items(), key=lambda pair: pair[1])):
        highest = max(highest, min(1.0, (len(values) - rank) * p))
        adjusted[name] = highest
    return {name: adjusted[name] for name in values}


def kendall_tau(first: Sequence[float] | np.ndarray, second: Sequence[float] | np.ndarray) -> float:
    """Kendall's tau-b of two rankings: 1 the same order, -1 the opposite, ties counted; 0 where one is constant."""
    from scipy.stats import kendalltau

    found = float(kendalltau(first, second).statistic)
    return 0.0 if np.isnan(found) else found


def detectable(deviation: float, count: int, level: float, power: float = 0.8) -> float | None:
    """The mean difference that `count` pairs find at `level` (two-sided) with a chance of `power`.

    Differences are taken as normal with this standard deviation, for which the sign-flip test has the power of the
    t-test up to small terms; by the noncentral t distribution. None where so few pairs cannot reach the level at all:
    the least p of a sign-flip test is 2 ^ (1 - count).
    """
    from scipy.optimize import brentq
    from scipy.stats import nct, t

    if count < 2 or 2.0 ** (1 - count) > level:
        return None
    bound = float(t.ppf(1 - level / 2, count - 1))

    def lacking(shift: float) -> float:
        return float(nct.sf(bound, count - 1, shift)) - power  # the other tail is far below what is shown

    return deviation * float(brentq(lacking, 0.0, 3 * bound + 3)) / math.sqrt(count)
