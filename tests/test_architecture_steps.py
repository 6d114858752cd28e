"""What an architecture step may hold besides gradients of the loss: penalties, warm-up, freezing, temperature."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from supernets import images, space_of
from torch.distributions import Dirichlet, kl_divergence

from hypercuboid.cli.main import main
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.network.supernet import Supernet
from hypercuboid.network.weightings import Draw
from hypercuboid.pipeline import load_from_text
from hypercuboid.search.penalties import PENALTIES, penalty
from hypercuboid.search.perturbation import PERTURBATIONS, perturbed
from hypercuboid.search.recipe import Recipe
from hypercuboid.search.strategies.base import Batch
from hypercuboid.search.strategies.bilevel import Bilevel

RAGGED = torch.tensor([[True, True, False], [True, False, False], [False, False, False], [True, True, True]])
ALPHA = torch.arange(12, dtype=torch.float64).view(4, 3).sin()


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def batch(supernet: Supernet) -> Batch:
    x = images(space_of("two choice axes")).float()
    with torch.no_grad():
        classes = supernet(x).shape[-1]
    return x, torch.arange(len(x)) % classes


def values(supernet: Supernet) -> dict[str, torch.Tensor]:
    return {name: alpha.detach().clone() for name, alpha in supernet.named_alphas().items()}


def test_zero_one_is_the_negative_distance_of_sigmoids_from_a_half() -> None:
    wanted = -sum((1 / (1 + np.exp(-float(alpha))) - 0.5) ** 2 for alpha in ALPHA[RAGGED])
    assert float(PENALTIES["zero_one"](ALPHA, RAGGED)) == pytest.approx(wanted, abs=1e-14)


def test_the_penalties_of_dirichlet_weights() -> None:
    """The divergence of torch.distributions group by group, a group without entries left out."""
    beta = torch.where(ALPHA > 0, ALPHA + 1, torch.exp(ALPHA))
    groups = [(beta[row][RAGGED[row]]) for row in (0, 1, 3)]
    wanted = sum(float(kl_divergence(Dirichlet(one), Dirichlet(torch.ones_like(one)))) for one in groups)
    assert float(PENALTIES["dirichlet_kl"](ALPHA, RAGGED)) == pytest.approx(wanted, abs=1e-12)
    assert float(PENALTIES["dirichlet_norm"](ALPHA, RAGGED)) == pytest.approx(
        float(((beta[RAGGED] - 1) ** 2).sum()), abs=1e-12
    )


@pytest.mark.parametrize("name", list(PENALTIES))
def test_gradients_of_penalties_are_those_of_finite_differences(name: str) -> None:
    def of_entries(entries: torch.Tensor) -> torch.Tensor:
        return PENALTIES[name](torch.zeros_like(ALPHA).masked_scatter(RAGGED, entries), RAGGED)

    assert torch.autograd.gradcheck(of_entries, (ALPHA[RAGGED].clone().requires_grad_(),))


def test_a_penalty_is_the_mean_over_what_takes_part_and_moves_alphas() -> None:
    supernet = space_of("half decided").supernet(seed=2).double()
    recipe = Recipe(penalty="zero_one", penalty_weight=4.0, alpha_weight_decay=0.0)
    masks = {one.name: torch.from_numpy(one.reaching()) for one in supernet.graph.decisions}
    alphas = torch.cat([supernet.named_alphas()[name].detach()[mask] for name, mask in masks.items()])
    found = penalty(supernet, recipe)
    assert found is not None
    assert float(found.detach()) == pytest.approx(float(-4 * ((torch.sigmoid(alphas) - 0.5) ** 2).mean()), abs=1e-15)
    assert penalty(supernet, Recipe()) is None


def test_a_step_adds_the_penalty_to_the_gradients() -> None:
    space = space_of("two choice axes")
    one, other = space.supernet("sigmoid", seed=1), space.supernet("sigmoid", seed=1)
    given = batch(other)
    one.load_state_dict(other.state_dict())
    recipe = Recipe(weighting="sigmoid", penalty="zero_one", penalty_weight=1e4)
    Bilevel(one, recipe).alpha_step(given, "here")
    Bilevel(other, recipe.model_copy(update={"penalty_weight": 0.0})).alpha_step(given, "here")
    fresh = space.supernet("sigmoid", seed=1)
    extra = penalty(fresh, recipe)
    assert extra is not None
    wanted = torch.autograd.grad(extra, fresh.alphas())
    for pushed, plain, difference in zip(one.alphas(), other.alphas(), wanted, strict=True):
        assert pushed.grad is not None and plain.grad is not None
        assert bool(difference.any())
        assert torch.allclose(pushed.grad - plain.grad, difference, rtol=1e-4)


def test_no_alpha_moves_in_a_warm_up_and_the_step_measures() -> None:
    space = space_of("two choice axes")
    supernet, other = space.supernet(seed=1), space.supernet(seed=1)
    given = batch(space.supernet(seed=1))
    bilevel = Bilevel(supernet, Recipe(alpha_warmup=2))
    reference = Bilevel(other, Recipe()).alpha_step(given, "here")
    for epoch in (1, 2, 3):
        before = values(supernet)
        bilevel.begin_epoch(epoch)
        measured = bilevel.alpha_step(given, "here")
        moved = [not torch.equal(before[name], now) for name, now in values(supernet).items()]
        assert all(moved) if epoch == 3 else not any(moved)
        assert measured.count == len(given[0])
        assert epoch > 1 or measured == reference


def test_a_frozen_decision_and_a_frozen_label_keep_their_values() -> None:
    space = space_of("two choice axes")
    (decision,) = space.graph.decisions
    position = decision.competing_axes[-1]
    label = decision.axes[position].labels[0]
    given = batch(space.supernet(seed=1))
    supernet = space.supernet(seed=1)
    before = values(supernet)[decision.name]
    bilevel = Bilevel(supernet, Recipe(freeze=(str(label),), alpha_lr=0.1))
    bilevel.alpha_step(given, "here")
    bilevel.alpha_step(given, "here")
    moved = values(supernet)[decision.name] != before
    frozen = torch.zeros_like(moved)
    for at in decision.competing_axes:
        axis = decision.axes[at]
        if label in axis.labels:
            frozen.select(at, axis.position(label)).fill_(True)
    live = torch.from_numpy(decision.reaching())
    assert torch.equal(moved, live & ~frozen) or torch.equal(moved, ~frozen)
    assert bool(frozen.any()) and bool(moved.any())
    whole = space.supernet(seed=1)
    Bilevel(whole, Recipe(freeze=(decision.name,))).alpha_step(given, "here")
    assert torch.equal(values(whole)[decision.name], before)


def test_what_cannot_be_frozen_is_refused() -> None:
    with pytest.raises(HypercuboidError, match="no decision and no alternative is called `nothing`") as caught:
        Bilevel(space_of("multichannel").supernet(), Recipe(freeze=("nothing",)))
    assert caught.value.diagnostics[0].code == "HC7062"


def test_the_temperature_goes_from_first_to_last_over_the_search() -> None:
    recipe = Recipe(temperature=(10.0, 1.0), seed=4)
    draws = [recipe.draw(step, 4) for step in (1, 2, 3, 4)]
    assert [one.temperature for one in draws] == pytest.approx([10, 7, 4, 1])
    assert [one.progress for one in draws] == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert {one.seed for one in draws} == {4}
    assert replace(recipe.draw(1, 1), step=2) == replace(recipe.draw(1, 4), step=2)


def test_the_options_and_the_settings_of_a_search(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.hc"
    file.write_text(
        "hypercuboid 1\nuse std.ops { conv, gap, linear, relu, tanh }\n"
        "space S() on x: image(1, 8, 8) { out x -> conv(2) -> choose act { relu, tanh } -> gap -> linear(10) }\n"
        'search Quick of S { epochs = 1 batch = 359 weighting = "sigmoid" penalty = "zero_one" '
        'freeze = ["relu"] alpha_warmup = 1 temperature = (5, 1) }\n',
        encoding="utf-8",
    )
    common = ["--data", "digits", "--quiet", "--threads", "1"]
    with pytest.raises(SystemExit) as ended:
        main(["search", f"{file}:Quick", *common, "--run", str(tmp_path / "run"), "--temperature", "4", "0.5"])
    assert ended.value.code in (0, None), capsys.readouterr().err
    recipe = json.loads((tmp_path / "run" / "config.json").read_text(encoding="utf-8"))["recipe"]
    wanted = {"penalty": "zero_one", "freeze": ["relu"], "alpha_warmup": 1, "temperature": [4.0, 0.5]}
    assert {name: recipe[name] for name in wanted} == wanted
    with pytest.raises(SystemExit) as ended:
        main(["search", f"{file}:S", *common, "--run", str(tmp_path / "other"), "--freeze", "rely"])
    assert ended.value.code == 1
    assert "did you mean `relu`?" in capsys.readouterr().err
    assert not (tmp_path / "other").exists()


# ---------------------------------------------------------------- perturbation


def offsets(supernet: Supernet, recipe: Recipe, given: Batch, draw: Draw) -> dict[str, torch.Tensor]:
    moved, own = perturbed(supernet, recipe, given, draw), values(supernet)
    return {name: moved[name] - own[name] for name in own}


@pytest.mark.parametrize("name", list(PERTURBATIONS))
def test_a_perturbation_stays_in_its_box_and_depends_on_seed_and_step(name: str) -> None:
    supernet = space_of("two choice axes").supernet(seed=1)
    given = batch(supernet)
    recipe = Recipe(perturb=name, perturb_by=0.5, perturb_steps=3)
    before = {key: value.clone() for key, value in supernet.state_dict().items()}
    for progress, largest in ((0.0, 0.05), (1.0, 0.5)):
        draw = Draw(1, 2, progress)
        found = offsets(supernet, recipe, given, draw)
        assert all(0.5 * largest < float(one.abs().max()) <= largest * (1 + 1e-5) for one in found.values())
        again, other = (offsets(supernet, recipe, given, one) for one in (draw, replace(draw, step=3)))
        assert all(torch.equal(found[key], again[key]) and not torch.equal(found[key], other[key]) for key in found)
    assert all(torch.equal(before[key], value) for key, value in supernet.state_dict().items())
    plain = perturbed(supernet, Recipe(), given, Draw(1, 2))
    assert all(torch.equal(plain[key], value) for key, value in values(supernet).items())


def test_an_adversary_finds_the_corner_of_the_box_where_the_loss_is_highest() -> None:
    """One step of its ascent reaches a corner; on a choice of two the best corner is found by trying all."""
    text = """hypercuboid 1
use std.ops { conv, gap, linear, tanh, relu }
space S() on x: image(1, 8, 8) { out x -> conv(4) -> choose act { relu, tanh } -> gap -> linear(3) }
"""
    supernet = load_from_text(text).supernet(seed=3).double()
    given = torch.sin(torch.arange(6 * 64, dtype=torch.float64)).view(6, 1, 8, 8), torch.arange(6) % 3
    recipe = Recipe(perturb="adversarial", perturb_by=0.4, perturb_steps=1)
    found = offsets(supernet, recipe, given, Draw(progress=1.0))["out.act"]

    def loss(corner: tuple[float, ...]) -> float:
        alphas = {"out.act": values(supernet)["out.act"] + torch.tensor(corner, dtype=torch.float64)}
        output = supernet(given[0], coefficients=supernet.weigh(None, alphas).coefficients)
        return torch.nn.functional.cross_entropy(output, given[1]).item()

    corners = list(itertools.product((-0.4, 0.4), repeat=2))
    worst = max(corners, key=loss)
    assert loss(worst) > loss((0.0, 0.0))
    assert found.tolist() == pytest.approx(worst)


def test_a_step_of_the_weights_is_made_at_the_perturbed_alphas_and_alphas_stay() -> None:
    space = space_of("two choice axes")
    one, other = space.supernet(seed=1), space.supernet(seed=1)
    given, draw = batch(space.supernet(seed=1)), Draw(2, 1, 0.5)
    recipe = Recipe(perturb="random", perturb_by=0.7)
    moved = perturbed(one, recipe, given, draw)
    before = values(one)
    Bilevel(one, recipe).weight_step(given, "here", draw)
    assert all(torch.equal(before[name], now) for name, now in values(one).items())
    with torch.no_grad():
        for name, alpha in other.named_alphas().items():
            alpha.copy_(moved[name])
    Bilevel(other, Recipe()).weight_step(given, "here", draw)
    assert all(torch.equal(a, b) for a, b in zip(one.weights(), other.weights(), strict=True))
