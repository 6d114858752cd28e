"""Every weighting on every shipped space: two first-order steps at the size of a test, and what they change.

By default one space of each kind; all of them are marked `long`.
"""

from __future__ import annotations

import math
import time
from functools import cache
from typing import Any

import pytest
import torch
from counted import batch
from shipped import SPACES, Shipped

from hypercuboid.network.supernet import Supernet
from hypercuboid.network.weightings import WEIGHTINGS
from hypercuboid.search.recipe import Recipe
from hypercuboid.search.strategies import Batch, Moment
from hypercuboid.search.strategies.bilevel import Bilevel

loaded = cache(Shipped.load)

KINDS = {
    "multichannelnet.hc": "cuboid",
    "new/cell.hc": "cell",
    "new/chain.hc": "chain",
    "new/fabric.hc": "fabric",
    "rnn_language_model.hc": "recurrent",
}
"""The spaces of the default run."""

MEANINGLESS = {"uniform": "it learns no alpha: what is selected by them is what they start as"}
"""Weightings that run on every space but whose pair with a first-order search says nothing, and why."""

SECONDS = 5.0
"""Of processor time for two steps: five times what is promised."""


def name_of(case: Shipped) -> str:
    return str(case).split(":")[0]


def cases(weighting: str) -> list[Any]:
    """Every shipped space, all but one of each kind marked long."""
    default = {case: () if name_of(case) in KINDS else pytest.mark.long for case in SPACES}
    return [pytest.param(case, weighting, id=f"{weighting}-{case}", marks=marks) for case, marks in default.items()]


def batch_of(case: Shipped, shift: int) -> Batch:
    """Inputs by formula and a class for each output; numbers where there is but one."""
    space = loaded(case)
    (x,) = batch(space, 4, "cpu")
    output = space.elaborated.definition.body.type
    *places, classes = output.shape if output.kind != "image" else (*output.shape[1:], output.shape[0])
    y = (torch.arange(4 * math.prod(places)) + shift).view(4, *places)
    return x.roll(shift, -1), y % classes if classes > 1 else y.view(4, 1).float()


def alphas(supernet: Supernet) -> list[torch.Tensor]:
    return [alpha.detach().clone() for alpha in supernet.alphas()]


def test_there_is_a_space_of_each_kind() -> None:
    assert {name_of(case) for case in SPACES} >= set(KINDS)


def test_reasons_are_given_for_weightings_that_there_are() -> None:
    assert set(MEANINGLESS) <= set(WEIGHTINGS)
    assert set(MEANINGLESS) == {name for name in WEIGHTINGS if not WEIGHTINGS[name].learns}


@pytest.mark.parametrize(("case", "weighting"), [one for name in WEIGHTINGS for one in cases(name)])
def test_two_steps_of_a_first_order_search(case: Shipped, weighting: str) -> None:
    """Losses are finite, weights move, and alphas move unless the pair is meaningless."""
    torch.set_num_threads(1)
    space = loaded(case)
    recipe = Recipe(weighting=weighting, alpha_weight_decay=0.0, weight_decay=0.0, seed=1, epochs=1)
    supernet = space.supernet(weighting, seed=1)
    training, validation = batch_of(case, 1), batch_of(case, 2)
    before, begun = alphas(supernet), time.process_time()
    weights = [weight.detach().clone() for weight in supernet.weights()]
    bilevel = Bilevel(supernet, recipe)
    for step in (1, 2):
        measured = bilevel.step(training, validation, Moment(1, step, recipe.draw(step, 2)))
        assert measured.alphas.count == measured.weights.count == training[1].numel()
    assert time.process_time() - begun < SECONDS
    assert any(not torch.equal(one, now) for one, now in zip(weights, supernet.weights(), strict=True))
    moved = any(not torch.equal(one, now) for one, now in zip(before, alphas(supernet), strict=True))
    assert moved == (weighting not in MEANINGLESS), MEANINGLESS.get(weighting, "alphas should learn")
    found = bilevel.found()
    assert not space.decide(found.selection).is_open
