"""Intervals and tests of results: against scipy, enumeration and closed forms."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from hypercuboid.runs.comparisons import holm, kendall_tau, sign_flip_test
from hypercuboid.runs.intervals import bootstrap_interval, median_and_half_range


@pytest.mark.parametrize("count", [2, 5, 8, 11])
def test_the_sign_flip_test_is_scipys_exact_one(count: int) -> None:
    differences = np.random.default_rng(count).normal(0.4, 1.0, size=count).round(1)
    wanted = stats.permutation_test((differences,), np.mean, permutation_type="samples", n_resamples=2**count)
    assert sign_flip_test(list(differences)) == pytest.approx(wanted.pvalue, abs=1e-12)


def test_the_sign_flip_test_by_hand() -> None:
    assert sign_flip_test([1.0] * 8) == 2 / 2**8
    assert sign_flip_test([0.1] * 30) == 2 / 2**30
    assert sign_flip_test([0.0, 3.0, 0.0]) == 1.0
    assert sign_flip_test([]) == sign_flip_test([0.0]) == sign_flip_test([2.0, -2.0]) == 1.0
    # |1 + 2 + 3 - 4| = 2: of the sums of 1, 2, 3, 4 with any signs all but the two zeros are at least as far.
    assert sign_flip_test([1, 2, 3, -4]) == 14 / 16


def test_sums_that_are_equal_count_whatever_the_rounding() -> None:
    """0.1 + 0.2 is not 0.3 in binary; a flip of signs that gives the observed sum again must count."""
    differences = [0.1, 0.2, -0.3, 0.1, 0.7]
    exact = [1, 2, 3, 1, 7]
    seen = 1 + 2 - 3 + 1 + 7
    signed = (sum(s * e for s, e in zip(signs, exact, strict=True)) for signs in itertools.product((1, -1), repeat=5))
    wanted = sum(abs(one) >= seen for one in signed) / 2**5
    assert sign_flip_test(differences) == wanted


def test_many_differences_of_few_sizes_are_exact() -> None:
    """Of 100 differences of size 1 with 60 above, p is that of the binomial test."""
    differences = [1.0] * 60 + [-1.0] * 40 + [0.0] * 17
    assert sign_flip_test(differences) == pytest.approx(stats.binomtest(60, 100).pvalue, rel=1e-12)


def test_more_pairs_than_can_be_signed_are_refused() -> None:
    distinct = [1 + i / 7 for i in range(41)]
    assert sign_flip_test(distinct[:40]) == 2 / 2**40
    with pytest.raises(ValueError, match="there are too many differences for the exact test"):
        sign_flip_test(distinct)


def test_holm_steps_down() -> None:
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx({"a": 0.03, "b": 0.06, "c": 0.06})
    assert holm({"a": 0.6, "b": 0.5}) == {"a": 1.0, "b": 1.0}
    assert holm({}) == {}


def test_kendall_is_the_share_of_pairs_in_the_same_order() -> None:
    assert kendall_tau([1, 2, 3, 4], [1, 2, 4, 3]) == pytest.approx((5 - 1) / 6)
    assert kendall_tau([1, 2, 3], [3, 2, 1]) == -1
    assert kendall_tau([1, 1, 1], [1, 2, 3]) == 0.0


def test_the_bootstrap_interval_covers_as_often_as_it_says() -> None:
    """200 samples of 25 exponential values of mean 1: at 95 % at least 170 intervals hold it (less: p < 1e-5)."""
    generator = np.random.default_rng(1)
    inside = 0
    for sample in generator.exponential(size=(200, 25)):
        low, high = bootstrap_interval(list(sample))
        assert low < sample.mean() < high
        inside += low <= 1.0 <= high
    assert 170 <= inside <= 199
    assert bootstrap_interval([2.0, 2.0, 2.0]) == (2.0, 2.0)


def test_median_and_half_range() -> None:
    assert median_and_half_range([3.0, 1.0, 7.0, 2.0]) == (2.5, 3.0)
    assert median_and_half_range([4.0]) == (4.0, 0.0)
