"""The scheduler of torch: the numbers of `schedules`, the reference's rule written out, restarts, states."""

from __future__ import annotations

import math

import pytest
import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, CosineAnnealingWarmRestarts

import hypercuboid as hc
from hypercuboid.schedules import cosine_power_annealing, with_restarts
from hypercuboid.search.recipe import Recipe as SearchRecipe
from hypercuboid.training.annealing import CosinePowerAnnealing
from hypercuboid.training.recipe import Recipe


def sgd(*rates: float) -> torch.optim.Optimizer:
    groups = [{"params": [torch.zeros(1, requires_grad=True)], "lr": rate} for rate in rates]
    return torch.optim.SGD(groups, lr=1.0)


def rates(epochs: int, maximum: float = 0.1, **settings: float) -> list[float]:
    optimizer = sgd(maximum)
    scheduler = CosinePowerAnnealing(optimizer, epochs, **settings)  # type: ignore[arg-type]
    found = []
    for _ in range(epochs):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


def reference(epoch: int, epochs: int, maximum: float, minimum: float, power: float, warmup: int) -> float:
    """What the reference code does, as `docs/training.md` states it."""
    if warmup and epoch <= warmup + 1:
        return minimum + (maximum - minimum) * epoch / (warmup + 1)
    moment, period = epoch - warmup, epochs - warmup
    equation_2 = [
        (power ** ((1 + math.cos(math.pi * t / period)) / 2 + 1) - power) / (power**2 - power) for t in (moment, 1)
    ]
    factor: float = equation_2[0] / (1 if warmup else equation_2[1])
    return minimum + (maximum - minimum) * factor


@pytest.mark.parametrize("warmup", [0, 1, 5])
@pytest.mark.parametrize("power", [2.0, 10.0])
def test_it_is_the_rule_of_the_reference(warmup: int, power: float) -> None:
    wanted = [reference(epoch, 60, 0.1, 1e-4, power, warmup) for epoch in range(1, 61)]
    assert rates(60, minimum=1e-4, power=power, warmup=warmup) == pytest.approx(wanted, rel=1e-12)
    assert wanted[warmup] == pytest.approx(0.1) and wanted[-1] == pytest.approx(1e-4)


def test_power_1_after_warm_up_is_torchs_cosine_annealing() -> None:
    optimizer = sgd(0.1)
    scheduler = CosineAnnealingLR(optimizer, 20, eta_min=0.01)
    wanted = []
    for _ in range(21):
        wanted.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    assert rates(21, minimum=0.01, power=1, warmup=1)[1:] == pytest.approx([0.1, *wanted[2:]])


def test_restarts_are_annealings_of_their_own_with_lower_maxima() -> None:
    got = rates(26, minimum=0.01, power=10, warmup=2, restart_after=4, restart_factor=2, restart_decay=0.5)
    first = [cosine_power_annealing(epoch, 6, 0.1, 0.01, 10, 2) for epoch in range(1, 7)]
    second = [cosine_power_annealing(epoch, 8, 0.05, 0.01, 10) for epoch in range(1, 9)]
    third = [cosine_power_annealing(epoch, 16, 0.025, 0.01, 10) for epoch in range(1, 13)]
    assert got == [*first, *second, *third]
    assert got[6] == 0.05 and got[14] == pytest.approx(0.025)
    assert with_restarts(13, 40, 0.1, 0.02, restart_after=4, restart_decay=0.5) == 0.02


def test_periods_of_restarts_are_those_of_torch() -> None:
    """Where they begin: torch's rates are those of Eq. 2 one step earlier, so the beginnings are compared."""
    optimizer = sgd(0.1)
    scheduler = CosineAnnealingWarmRestarts(optimizer, T_0=3, T_mult=2)
    theirs = []
    for _ in range(40):
        theirs.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    mine = rates(40, power=1, restart_after=3, restart_factor=2)
    assert [e for e, one in enumerate(mine) if one == 0.1] == [e for e, one in enumerate(theirs) if one == 0.1]


def test_it_goes_on_from_its_state_and_from_an_epoch() -> None:
    settings = {"minimum": 1e-3, "power": 10, "warmup": 2, "restart_after": 5, "restart_decay": 0.7}
    whole = rates(20, **settings)
    optimizer = sgd(0.1)
    scheduler = CosinePowerAnnealing(optimizer, 20, **settings)  # type: ignore[arg-type]
    for _ in range(8):
        optimizer.step()
        scheduler.step()
    again = sgd(0.3)
    restored = CosinePowerAnnealing(again, 3)
    restored.load_state_dict(scheduler.state_dict())
    again.load_state_dict(optimizer.state_dict())
    fresh = sgd(0.1)
    fresh.param_groups[0]["initial_lr"] = 0.1
    begun = CosinePowerAnnealing(fresh, 20, **settings, last_epoch=7)  # type: ignore[arg-type]
    for rate in whole[8:]:
        assert again.param_groups[0]["lr"] == fresh.param_groups[0]["lr"] == rate
        for one in (again, fresh):
            one.step()
        for one_scheduler in (restored, begun):
            one_scheduler.step()
    assert again.param_groups[0]["lr"] == whole[-1]


def test_each_group_has_its_own_maximum() -> None:
    optimizer = sgd(0.1, 0.4, 1e-5)
    CosinePowerAnnealing(optimizer, 10, minimum=1e-4, warmup=1)
    got = [group["lr"] for group in optimizer.param_groups]
    assert got == pytest.approx([1e-4 + 0.0999 / 2, 1e-4 + 0.3999 / 2, 1e-5])


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"power": 0.5}, {"restart_decay": 2.0}, {"restart_factor": 0}])
def test_what_is_no_schedule_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be at least"):
        CosinePowerAnnealing(sgd(0.1), **{"epochs": 5, **wrong})  # type: ignore[arg-type]


def test_both_recipes_give_its_rates_and_it_is_exported() -> None:
    assert hc.CosinePowerAnnealing is CosinePowerAnnealing
    settings = {"lr": 0.1, "lr_min": 1e-3, "power": 5.0, "warmup": 2, "restart_after": 4, "restart_decay": 0.5}
    wanted = rates(12, 0.1, minimum=1e-3, power=5.0, warmup=2, restart_after=4, restart_decay=0.5)
    for kind in (Recipe, SearchRecipe):
        recipe = kind.model_validate({"epochs": 12, **settings})
        assert [recipe.rate(epoch) for epoch in range(1, 13)] == wanted
