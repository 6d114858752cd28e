"""Settings that mean nothing to the search that they are given to, and why."""

from __future__ import annotations

from typing import Any

import pytest

from hypercuboid.search.blackbox import BLACK_BOX
from hypercuboid.search.idle import idle_settings
from hypercuboid.search.recipe import Recipe

PREDICTOR, FIRST = "the strategy is `predictor`", "the strategy is `first_order`"


@pytest.mark.parametrize(
    ("given", "idle"),
    [
        ({"trainings": 4, "small_batch": 8, "lr": 0.1}, []),
        ({"strategy": "predictor", "weighting": "max_w", "trainings": 4}, [("weighting", PREDICTOR)]),
        ({"strategy": "predictor", "evaluations": 4}, [("evaluations", "the scorer is `alone`")]),
        ({"scorer": "shared", "evaluations": 4, "small_batch": 8}, [("small_batch", "the scorer is `shared`")]),
        ({"scorer": "shared", "sharing": 0.1}, [("sharing", "the scorer is `shared`")]),
        ({"strategy": "first_order", "trainings": 4, "sharing": 0.1}, [("trainings", FIRST), ("sharing", FIRST)]),
        ({"weighting": "max_w", "scorer": "shared"}, [("scorer", FIRST)]),
        ({"strategy": "first_order", "narrow_every": 2}, [("narrow_every", FIRST)]),
        ({"strategy": "narrowing", "narrow_every": 2, "alpha_lr": 0.1}, []),
        (
            {"epochs": 3, "alpha_warmup": 3},
            [("alpha_warmup", "no epoch of 3 is left to learn the architecture in")],
        ),
        ({"epochs": 3, "alpha_warmup": 2}, []),
    ],
)
def test_what_does_nothing_is_named_with_the_reason(given: dict[str, Any], idle: list[tuple[str, str]]) -> None:
    assert idle_settings(Recipe(**given), given) == idle


def test_nothing_does_nothing_in_what_is_not_given() -> None:
    assert all(idle_settings(Recipe(strategy=name), ["strategy"]) == [] for name in BLACK_BOX)
