"""Expected costs: the mean over all architectures by the product of their weights; gradients by differences."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
from graph_spaces import SMALL, all_architectures, shipped
from test_cost_statistics import SHARED, space_called

from hypercuboid.network.expected_cost import ExpectedCost, log_weights
from hypercuboid.network.kept import kept_masks
from hypercuboid.pipeline import Space
from hypercuboid.search.costs import CostPenalty
from hypercuboid.search.recipe import Recipe
from hypercuboid.search.strategies.bilevel import Bilevel

NAMES = [*(name for name in SMALL if name != "Top"), "Two"]


def alphas_of(space: Space) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(4)
    return {d.name: torch.randn(d.shape, generator=generator, dtype=torch.float64) for d in space.graph.decisions}


def one_by_one(space: Space, alphas: dict[str, torch.Tensor], measure: str) -> float:
    """The second route: every architecture elaborated, its cost weighted by the product of what it keeps."""
    logs = {d.name: log_weights(d, alphas[d.name]).numpy() for d in space.graph.decisions}
    total = weighted = 0.0
    for architecture in all_architectures(space):
        kept = kept_masks(space.graph.decisions, architecture.request.binding[len(space.request.binding) :])
        weight = float(np.exp(sum(logs[name][mask].sum() for name, mask in kept.items())))
        total += weight
        weighted += weight * getattr(architecture.counts(), measure)
    return weighted / total


@pytest.mark.parametrize("name", [*NAMES, *SHARED])
def test_the_expected_cost_is_the_mean_over_all_architectures(name: str) -> None:
    space = space_called(name)
    alphas = alphas_of(space)
    found = ExpectedCost(space.graph, "macs")(alphas)
    assert float(found) == pytest.approx(one_by_one(space, alphas, "macs"), rel=1e-12)


@pytest.mark.parametrize("name", ["Uneven", "States", "Kept", "Nested", "Two"])
def test_gradients_are_those_of_finite_differences(name: str) -> None:
    space = space_called(name)
    expected = ExpectedCost(space.graph, "add_mult")
    alphas = {name: alpha.requires_grad_() for name, alpha in alphas_of(space).items()}
    scale = expected.uniform()

    def relative(*values: torch.Tensor) -> torch.Tensor:
        return expected(dict(zip(alphas, values, strict=True))) / scale

    assert torch.autograd.gradcheck(relative, tuple(alphas.values()), eps=1e-6, atol=1e-7)


def test_independent_choices_of_uniform_weights_have_the_mean_of_all_architectures() -> None:
    for space in (SMALL["FlexSepConv"](), shipped("nas_bench_macro.hc", "NASBenchMacro", inputs=("3x16x16",))):
        statistics = space.graph.statistics
        assert statistics is not None
        assert ExpectedCost(space.graph, "macs").uniform() == pytest.approx(float(statistics["macs"].mean), rel=1e-12)


@pytest.mark.parametrize("name", ["Uneven", "States", "SharedCell", "Two", "TwoCuboids"])
@pytest.mark.parametrize("target", [0.0, 0.5])
def test_each_step_down_the_penalty_makes_the_expected_cost_smaller(name: str, target: float) -> None:
    graph = space_called(name).graph
    start = ExpectedCost(graph, "macs").uniform()
    penalty = CostPenalty(ExpectedCost(graph, "macs"), weight=0.3, target=target * start)
    alphas = {d.name: torch.zeros(d.shape, requires_grad=True) for d in graph.decisions}
    assert penalty(alphas).item() == pytest.approx(0.3 * -np.log(target) if target else 0.3, rel=1e-6)
    costs = [start]
    for _ in range(20):
        gradients = torch.autograd.grad(penalty(alphas), list(alphas.values()))
        alphas = {
            name: (alpha - gradient).detach().requires_grad_()
            for (name, alpha), gradient in zip(alphas.items(), gradients, strict=True)
        }
        costs.append(penalty.expected(alphas).item())
    assert all(after < before for before, after in pairwise(costs))


def test_below_its_target_a_cost_has_no_gradient() -> None:
    graph = SMALL["Uneven"]().graph
    penalty = CostPenalty(ExpectedCost(graph, "macs"), weight=0.3, target=1e12)
    alphas = {d.name: torch.zeros(d.shape, requires_grad=True) for d in graph.decisions}
    gradients = torch.autograd.grad(penalty(alphas), list(alphas.values()))
    assert penalty(alphas).item() == 0 and not any(gradient.any() for gradient in gradients)


def test_a_heavy_cost_decides_an_architecture_step() -> None:
    """The step of a search follows the gradient of the penalty where that outweighs the loss."""
    supernet = SMALL["States"]().supernet()
    expected = ExpectedCost(supernet.graph, "macs")
    bilevel = Bilevel(supernet, Recipe(cost="macs", cost_weight=1e6, alpha_lr=0.1))
    before = expected(supernet.named_alphas()).item()
    for _ in range(3):
        bilevel.alpha_step((torch.zeros(2, 3, 8, 8), torch.tensor([0, 1])), "here")
    assert expected(supernet.named_alphas()).item() < before


def test_costs_that_are_no_sum_count_what_may_fall_away() -> None:
    space = SMALL["Top"]()
    found = float(ExpectedCost(space.graph, "params")(alphas_of(space)))
    assert found >= one_by_one(space, alphas_of(space), "params")
    counts = space.counts()
    assert counts.params_range is not None and found <= counts.params_range[1]
