"""Weightings against their formulas, by hand and through autograd; masks and ragged arrays."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy import special
from supernets import inputs, space_of

from hypercuboid.graph.decision import Axis, Decision
from hypercuboid.graph.selection.uniform import draw as draw_architectures
from hypercuboid.network.kept import kept_masks
from hypercuboid.network.restrict import restrict
from hypercuboid.network.steps import RunOp
from hypercuboid.network.supernet import Supernet
from hypercuboid.network.weightings import WEIGHTINGS, Dense, Draw, Weighed, weigh
from hypercuboid.network.weightings.gumbel import gumbel
from hypercuboid.network.weightings.softmax import softmax
from hypercuboid.pipeline import Space

GOLDEN = json.loads((Path(__file__).parent / "golden" / "numeric_golden.json").read_text())
RAGGED = np.array([[True, True, False], [True, False, False], [False, False, False], [True, True, True]])


DENSE = {name: one.function for name in WEIGHTINGS if isinstance(one := WEIGHTINGS[name], Dense)}

RANDOM = ("gumbel_softmax", "dirichlet")


def coefficients(name: str, alpha: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    return DENSE[name](alpha, mask, Draw(seed=3, step=2, progress=0.25))


def gradients(name: str, alpha: torch.Tensor, gradient: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    alpha = alpha.clone().requires_grad_()
    (found,) = torch.autograd.grad(coefficients(name, alpha, mask), alpha, gradient)
    return found


@pytest.mark.parametrize("key", GOLDEN["max_w_gradient_check"])
@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("max_w", "grad_alpha_max_w_reference(gradient flows through max)"),
        ("max_w_detached", "grad_alpha_if_max_were_detached(equals scalar weighting gradient)"),
        ("scalar", "grad_alpha_if_max_were_detached(equals scalar weighting gradient)"),
    ],
)
def test_gradients_of_alpha_are_those_of_the_reference(key: str, name: str, wanted: str) -> None:
    golden: dict[str, Any] = GOLDEN["max_w_gradient_check"][key]
    gradient = torch.tensor([golden["G_i=<dL/dout,op_i(x)>"]], dtype=torch.float64)
    alpha = 0.5 * torch.sin(1 + torch.arange(gradient.shape[1], dtype=torch.float64))[None]
    found = gradients(name, alpha, gradient, torch.ones_like(alpha, dtype=torch.bool))
    assert found[0].tolist() == pytest.approx(golden[wanted], abs=1e-8)
    assert int(softmax(alpha, torch.ones_like(alpha, dtype=torch.bool)).argmax()) == golden["argmax_w"]


def test_max_w_is_equation_3_and_differentiates_through_the_maximum() -> None:
    """dL/dw_i = G_i for the others, dL/dw_max = -(sum of theirs); then the softmax by its Jacobian."""
    alpha = torch.tensor([[0.3, -0.2, 0.9, 0.1]], dtype=torch.float64)
    mask = torch.ones_like(alpha, dtype=torch.bool)
    g = torch.tensor([[2.0, -1.0, 5.0, 0.5]], dtype=torch.float64)
    w = torch.softmax(alpha, 1)
    assert torch.equal(coefficients("max_w", alpha, mask), 1 - w.max() + w)
    of_w = g.clone()
    of_w[0, 2] = -(g[0].sum() - g[0, 2])
    jacobian = torch.diag(w[0]) - torch.outer(w[0], w[0])
    assert torch.allclose(gradients("max_w", alpha, g, mask), of_w @ jacobian, atol=1e-14)
    of_w[0, 2] = 0.0
    assert torch.allclose(gradients("max_w_constant", alpha, g, mask), of_w @ jacobian, atol=1e-14)


@pytest.mark.parametrize("name", [name for name in DENSE if name not in RANDOM])
def test_what_is_masked_is_zero_and_takes_no_part(name: str) -> None:
    mask = torch.from_numpy(RAGGED)
    alpha = torch.arange(12, dtype=torch.float64).view(4, 3).sin()
    found = coefficients(name, alpha, mask)
    assert bool((found[~mask] == 0).all())
    for row in range(4):
        alone = alpha[row, mask[row]][None]
        if alone.numel():
            whole = coefficients(name, alone, torch.ones_like(alone, dtype=torch.bool))[0]
            assert torch.allclose(found[row, mask[row]], whole, atol=1e-15)
    gradient = gradients(name, alpha, torch.ones_like(alpha), mask)
    assert bool(torch.isfinite(gradient).all())
    assert bool((gradient[~mask] == 0).all())


def test_groups_are_those_of_the_competing_axes_wherever_they_stand() -> None:
    axes = (Axis("a", (0, 1)), Axis("layer", (0, 1, 2)), Axis("b", (0, 1, 2, 3)))
    decision = Decision("h", axes, ("layer",))
    alpha = torch.arange(24, dtype=torch.float64).view(2, 3, 4).cos()
    found = weigh(DENSE["scalar"], decision, alpha)
    for layer in range(3):
        assert torch.allclose(found[:, layer], torch.softmax(alpha[:, layer].reshape(-1), 0).view(2, 4), atol=1e-15)


def instances_run(supernet: Supernet, space: Space, weighed: Weighed) -> set[str]:
    """The names of the instances whose modules are called in one forward pass."""
    ran: set[str] = set()

    def watch(name: str) -> Callable[..., None]:
        return lambda *_: ran.add(name)

    hooks = [module.register_forward_hook(watch(name)) for name, module in supernet.instances.items()]
    supernet(*inputs(space), coefficients=weighed.coefficients, kept=weighed.kept)
    for hook in hooks:
        hook.remove()
    return ran


def test_a_draw_depends_on_its_arguments_alone() -> None:
    """Each of seed, step, what is learnt and the name of the decision gives other numbers."""
    draws = [
        Draw(),
        Draw(seed=1),
        Draw(step=1),
        Draw(learns_alphas=False),
        Draw(name="h"),
        Draw(seed=11),
        Draw(step=11),
    ]
    torch.manual_seed(3)
    first = [float(torch.rand((), generator=draw.generator())) for draw in draws]
    torch.manual_seed(4)
    assert first == [float(torch.rand((), generator=draw.generator())) for draw in draws]
    assert len(set(first)) == len({draw.random().random() for draw in draws}) == len(draws)
    assert Draw(progress=0.5).random().random() == Draw().random().random()


def test_uniform_keeps_one_whole_architecture_and_runs_nothing_else() -> None:
    torch.set_num_threads(1)
    for name in ("multichannel", "darts", "fabric", "nested", "recurrent cell"):
        space = space_of(name)
        supernet = space.supernet("uniform").double()
        (drawn,) = draw_architectures(space.graph, 1, Draw(4, 2).random())
        wanted = kept_masks(space.graph.decisions, drawn)
        weighed = supernet.weigh(Draw(4, 2))
        assert weighed.kept is not None
        assert all(np.array_equal(weighed.kept[one], wanted[one]) for one in wanted)
        assert all(np.array_equal(weighed.coefficients[one].numpy(), wanted[one]) for one in wanted)
        ran = instances_run(supernet, space, weighed)
        steps = restrict(supernet.plan, wanted).every_step()
        assert ran == {step.name for step in steps if isinstance(step, RunOp)} < set(supernet.instances)


# ---------------------------------------------------------------- random ones


def numerical(name: str, alpha: torch.Tensor, mask: torch.Tensor, gradient: torch.Tensor) -> torch.Tensor:
    """The gradient by central differences, the draw held."""
    found = torch.zeros_like(alpha)
    for place in np.ndindex(alpha.shape):
        step = torch.zeros_like(alpha)
        step[place] = 1e-6
        up, down = (coefficients(name, alpha + sign * step, mask) for sign in (1, -1))
        found[place] = ((up - down) * gradient).sum() / 2e-6
    return found


@pytest.mark.parametrize("name", ["scalar", "max_w", "sigmoid", "gumbel_softmax"])
def test_gradients_are_those_of_finite_differences_on_masked_groups(name: str) -> None:
    mask, alpha = torch.from_numpy(RAGGED), torch.arange(12, dtype=torch.float64).view(4, 3).sin()
    gradient = torch.arange(12, dtype=torch.float64).view(4, 3).cos()
    wanted = numerical(name, alpha, mask, gradient)
    assert torch.allclose(gradients(name, alpha, gradient, mask), wanted, atol=1e-7)
    assert bool((wanted[mask].abs() > 1e-3).any())


def test_sigmoid_does_not_compete() -> None:
    mask, alpha = torch.from_numpy(RAGGED), torch.arange(12, dtype=torch.float64).view(4, 3).sin()
    assert torch.equal(coefficients("sigmoid", alpha, mask)[mask], 1 / (1 + torch.exp(-alpha[mask])))


def test_gumbel_softmax_is_its_formula_and_sharpens_as_the_temperature_falls() -> None:
    mask, alpha = torch.from_numpy(RAGGED), torch.arange(12, dtype=torch.float64).view(4, 3).sin()
    u = torch.rand(4, 3, dtype=torch.float64, generator=Draw(1, 2).generator())
    perturbed = alpha - torch.log(-torch.log1p(-u))
    for temperature in (5.0, 0.5):
        found = DENSE["gumbel_softmax"](alpha, mask, Draw(1, 2, temperature=temperature))
        powers = torch.exp(perturbed / temperature) * mask
        assert torch.allclose(found, powers / powers.sum(-1, keepdim=True).clamp_min(1e-12), atol=1e-13)
    hot, cold = (DENSE["gumbel_softmax"](alpha, mask, Draw(1, 2, temperature=t)) for t in (1e6, 1e-4))
    assert torch.allclose(hot[3], torch.full((3,), 1 / 3, dtype=torch.float64), atol=1e-5)
    assert torch.equal(cold[3], torch.nn.functional.one_hot(perturbed[3].argmax(), 3).double())


def test_what_gumbel_noise_makes_the_largest_has_probability_w() -> None:
    """P(argmax = i) by integration over the noise of entry i: the others must stay below it."""
    alpha = np.array([0.3, -1.2, 0.9])
    largest = np.linspace(-8, 40, 200_001)
    below = [np.exp(-np.exp(-(largest - one))) for one in alpha]
    density = np.exp(-(largest - alpha[0]) - np.exp(-(largest - alpha[0])))
    found = np.trapezoid(density * below[1] * below[2], largest)
    w = np.exp(alpha) / np.exp(alpha).sum()
    assert found == pytest.approx(w[0], abs=1e-6)


def test_gumbel_noise_is_the_quantile_of_uniform_numbers() -> None:
    like = torch.zeros(3, 2, dtype=torch.float64)
    u = torch.rand(3, 2, dtype=torch.float64, generator=Draw(5, 1, name="h").generator())
    noise = gumbel(like, Draw(5, 1, name="h"))
    assert torch.allclose(1 - torch.exp(-torch.exp(-noise)), u, atol=1e-12)  # 1 - F of a Gumbel is uniform too


def test_dirichlet_is_a_sample_of_elu_plus_one_with_its_implicit_gradient() -> None:
    """Two alternatives: a beta distribution, whose quantile at a fixed probability moves as the sample must."""
    alpha = torch.tensor([[0.7, -0.4], [-1.5, 2.0]], dtype=torch.float64)
    mask = torch.ones_like(alpha, dtype=torch.bool)
    sample = coefficients("dirichlet", alpha, mask)
    assert torch.allclose(sample.sum(-1), torch.ones(2, dtype=torch.float64))
    numbers = alpha.numpy()
    beta = np.where(numbers > 0, numbers + 1, np.exp(numbers))
    found = gradients("dirichlet", alpha, torch.tensor([[1.0, 0.0], [1.0, 0.0]], dtype=torch.float64), mask)
    for row in range(2):
        level = special.betainc(beta[row, 0], beta[row, 1], float(sample[row, 0]))
        for column, slope in enumerate(1.0 if number > 0 else math.exp(number) for number in numbers[row].tolist()):
            step = 1e-5 * np.eye(2)[column]
            ends = (beta[row] + step, beta[row] - step)
            up, down = (special.betaincinv(one[0], one[1], level) for one in ends)
            assert float(found[row, column]) == pytest.approx(slope * (up - down) / 2e-5, rel=1e-3)


def test_dirichlet_samples_only_what_takes_part() -> None:
    mask = torch.from_numpy(RAGGED)
    alpha = torch.arange(12, dtype=torch.float64).view(4, 3).sin()
    torch.manual_seed(1)
    before = torch.random.get_rng_state()
    found = coefficients("dirichlet", alpha, mask)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert torch.equal(found, coefficients("dirichlet", alpha, mask))
    assert not torch.equal(found, DENSE["dirichlet"](alpha, mask, Draw(seed=3, step=3)))
    assert found.sum(-1).tolist() == pytest.approx([1, 1, 0, 1])
    assert bool((found[~mask] == 0).all())
    assert bool((gradients("dirichlet", alpha, torch.ones_like(alpha), mask)[~mask] == 0).all())
    low = torch.full((1, 3), -200.0)
    assert bool(torch.isfinite(DENSE["dirichlet"](low, torch.ones(1, 3, dtype=torch.bool), Draw())).all())
