"""Weightings against their formulas, by hand and through autograd; masks and ragged arrays."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from supernets import inputs, space_of

from hypercuboid.graph.decision import Axis, Decision
from hypercuboid.graph.selection.uniform import draw as draw_architectures
from hypercuboid.network.kept import kept_masks
from hypercuboid.network.restrict import restrict
from hypercuboid.network.steps import RunOp
from hypercuboid.network.supernet import Supernet
from hypercuboid.network.weightings import WEIGHTINGS, Dense, Draw, Weighed, weigh
from hypercuboid.network.weightings.softmax import softmax
from hypercuboid.pipeline import Space

GOLDEN = json.loads((Path(__file__).parent / "golden" / "numeric_golden.json").read_text())
RAGGED = np.array([[True, True, False], [True, False, False], [False, False, False], [True, True, True]])


DENSE = {name: one.function for name in WEIGHTINGS if isinstance(one := WEIGHTINGS[name], Dense)}


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


@pytest.mark.parametrize("name", list(DENSE))
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
