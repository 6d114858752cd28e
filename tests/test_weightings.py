"""Weightings against their formulas, by hand and through autograd; masks and ragged arrays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from hypercuboid.graph.decision import Axis, Decision
from hypercuboid.network.weightings import WEIGHTINGS, softmax, weigh

GOLDEN = json.loads((Path(__file__).parent / "golden" / "numeric_golden.json").read_text())
RAGGED = np.array([[True, True, False], [True, False, False], [False, False, False], [True, True, True]])


def gradients(name: str, alpha: torch.Tensor, gradient: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    alpha = alpha.clone().requires_grad_()
    (found,) = torch.autograd.grad(WEIGHTINGS[name](alpha, mask), alpha, gradient)
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
    assert torch.equal(WEIGHTINGS["max_w"](alpha, mask), 1 - w.max() + w)
    of_w = g.clone()
    of_w[0, 2] = -(g[0].sum() - g[0, 2])
    jacobian = torch.diag(w[0]) - torch.outer(w[0], w[0])
    assert torch.allclose(gradients("max_w", alpha, g, mask), of_w @ jacobian, atol=1e-14)
    of_w[0, 2] = 0.0
    assert torch.allclose(gradients("max_w_constant", alpha, g, mask), of_w @ jacobian, atol=1e-14)


@pytest.mark.parametrize("name", list(WEIGHTINGS))
def test_what_is_masked_is_zero_and_takes_no_part(name: str) -> None:
    mask = torch.from_numpy(RAGGED)
    alpha = torch.arange(12, dtype=torch.float64).view(4, 3).sin()
    found = WEIGHTINGS[name](alpha, mask)
    assert bool((found[~mask] == 0).all())
    for row in range(4):
        alone = alpha[row, mask[row]][None]
        if alone.numel():
            whole = WEIGHTINGS[name](alone, torch.ones_like(alone, dtype=torch.bool))[0]
            assert torch.allclose(found[row, mask[row]], whole, atol=1e-15)
    gradient = gradients(name, alpha, torch.ones_like(alpha), mask)
    assert bool(torch.isfinite(gradient).all())
    assert bool((gradient[~mask] == 0).all())


def test_groups_are_those_of_the_competing_axes_wherever_they_stand() -> None:
    axes = (Axis("a", (0, 1)), Axis("layer", (0, 1, 2)), Axis("b", (0, 1, 2, 3)))
    decision = Decision("h", axes, ("layer",))
    alpha = torch.arange(24, dtype=torch.float64).view(2, 3, 4).cos()
    found = weigh(softmax, decision, alpha)
    for layer in range(3):
        assert torch.allclose(found[:, layer], torch.softmax(alpha[:, layer].reshape(-1), 0).view(2, 4), atol=1e-15)
