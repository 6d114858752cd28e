"""Cosine power annealing against Eq. 2 written out, its limits and its ends."""

from __future__ import annotations

import math

import pytest

from hypercuboid.schedules import cosine_power_annealing, power_factor


def equation_2(progress: float, power: float) -> float:
    return float(power ** ((1 + math.cos(math.pi * progress)) / 2 + 1) - power) / (power**2 - power)


@pytest.mark.parametrize("power", [1.5, 2.0, 10.0, 100.0])
@pytest.mark.parametrize("progress", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_factor_is_equation_2(progress: float, power: float) -> None:
    assert power_factor(progress, power) == pytest.approx(equation_2(progress, power), abs=1e-12)


def test_power_1_is_the_limit_and_cosine_annealing() -> None:
    for progress in (0.0, 0.3, 1.0):
        assert power_factor(progress, 1) == (1 + math.cos(math.pi * progress)) / 2
        assert power_factor(progress, 1 + 1e-7) == pytest.approx(power_factor(progress, 1), abs=1e-6)


def test_without_warm_up_the_ends_are_exact() -> None:
    rates = [cosine_power_annealing(epoch, 20, 0.1, 0.001) for epoch in range(1, 21)]
    assert rates[0] == 0.1
    assert rates[-1] == pytest.approx(0.001, abs=1e-15)
    assert rates[9] == pytest.approx(0.001 + 0.099 * equation_2(0.5, 10) / equation_2(0.05, 10), abs=1e-12)
    assert rates == sorted(rates, reverse=True)


def test_warm_up_climbs_to_the_maximum_and_then_follows_equation_2() -> None:
    rates = [cosine_power_annealing(epoch, 12, 1.0, 0.2, 10, warmup=3) for epoch in range(1, 13)]
    assert rates[:4] == pytest.approx([0.4, 0.6, 0.8, 1.0])
    assert rates[4] == pytest.approx(0.2 + 0.8 * equation_2(2 / 9, 10))
    assert rates[-1] == pytest.approx(0.2)


def test_one_epoch_has_the_maximum() -> None:
    assert cosine_power_annealing(1, 1, 0.5, 0.1) == 0.5
