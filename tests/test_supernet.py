"""Supernets: golden numbers, names, determinism, limits, sparse coefficients, functional calls."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from supernets import SPACES, cosine, fill, images, inputs, space_of
from torch.nn import functional as F

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.network.expand import expand
from hypercuboid.network.restrict import restrict
from hypercuboid.network.steps import Mix, RunOp
from hypercuboid.network.supernet import Supernet, alpha_name
from hypercuboid.pipeline import load_from_text

GOLDEN = json.loads((Path(__file__).parent / "golden" / "numeric_golden.json").read_text())


def test_multichannelnet_is_that_of_the_reference() -> None:
    """Logits, loss and gradients of the golden entry; its alphas are [stride, layer, c_in, c_out, (pool, conv)]."""
    torch.set_num_threads(1)
    (golden,) = GOLDEN["multichannel"].values()
    supernet = space_of("multichannel").supernet().double()
    assert sum(weight.numel() for weight in supernet.weights()) == golden["params"]
    fill(supernet)
    theirs = 0.5 * torch.sin(1 + 0.9 * torch.arange(32, dtype=torch.float64)).view(2, 2, 2, 2, 2)
    (alpha,) = supernet.alphas()
    with torch.no_grad():
        alpha.copy_(theirs.transpose(0, 1).flip(-1))
    logits = supernet(cosine((2, 3, 16, 16), 0.37))
    loss = F.cross_entropy(logits, torch.tensor([3, 7]))
    torch.autograd.backward(loss)
    assert alpha.grad is not None
    gradient = alpha.grad.flip(-1).transpose(0, 1)
    assert torch.allclose(logits, torch.tensor(golden["logits"], dtype=torch.float64), rtol=0, atol=1e-10)
    assert loss.item() == pytest.approx(golden["loss"], abs=1e-10)
    assert torch.allclose(gradient, torch.tensor(golden["grad_alpha"], dtype=torch.float64)[0], rtol=0, atol=1e-10)
    squares = sum(float((weight.grad**2).sum()) for weight in supernet.weights() if weight.grad is not None)
    assert squares == pytest.approx(golden["grad_weights_sq_sum"], rel=1e-8)
    assert sum(weight.grad is None for weight in supernet.weights()) == golden["weights_without_gradient"]
    weights = supernet.architecture_weights()["h"]
    wanted = np.array(golden["weights"]).swapaxes(0, 1)[..., ::-1]
    assert np.allclose(weights, wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", SPACES)
def test_every_name_is_that_of_an_instance_and_every_parameter_counts(name: str) -> None:
    space = space_of(name)
    supernet = space.supernet()
    alphas = {alpha_name(decision.name) for decision in space.graph.decisions}
    instances = {step.name for step in supernet.plan.every_step() if isinstance(step, RunOp)}
    for key in supernet.state_dict():
        assert key in alphas or key.rsplit(".", 1)[0] in instances
    assert set(supernet.state_dict()) >= alphas
    assert sum(weight.numel() for weight in supernet.weights()) == space.counts().params


@pytest.mark.parametrize("name", SPACES)
def test_every_live_weight_multiplies_one_alternative_and_gets_a_gradient(name: str) -> None:
    torch.set_num_threads(1)
    space = space_of(name)
    supernet = space.supernet().double()
    used: dict[str, set[int]] = {decision.name: set() for decision in space.graph.decisions}
    for step in supernet.plan.every_step():
        if isinstance(step, Mix):
            used[step.decision] |= {position for position, _ in step.entries}
    for decision in space.graph.decisions:
        assert used[decision.name] == set(np.flatnonzero(decision.reaching()))
    output = supernet(*inputs(space))
    torch.autograd.backward((output * cosine(tuple(output.shape), 0.11)).sum())
    for decision, alpha in zip(space.graph.decisions, supernet.alphas(), strict=True):
        assert alpha.grad is not None
        assert bool((alpha.grad[torch.from_numpy(~decision.reaching())] == 0).all())
    assert all(weight.grad is not None for weight in supernet.weights())


def test_a_seed_gives_the_same_network_and_leaves_torch_alone() -> None:
    space = space_of("multichannel")
    torch.manual_seed(5)
    before = torch.random.get_rng_state()
    first, second, other = space.supernet(seed=3), space.supernet(seed=3), space.supernet(seed=4)
    assert torch.equal(torch.random.get_rng_state(), before)
    for (name, one), two, three in zip(
        first.state_dict().items(), second.state_dict().values(), other.state_dict().values(), strict=True
    ):
        assert torch.equal(one, two)
        assert not name.endswith("conv.weight") or not torch.equal(one, three)
    assert float(first.alphas()[0].detach().abs().max()) < 1e-2


def test_an_instance_starts_the_same_whatever_else_is_built() -> None:
    path, _, options = SPACES["multichannel"]
    import hypercuboid as hc

    longer = hc.load(Path(__file__).parent.parent / path, **{**options, "reductions": 3}).supernet(seed=2).state_dict()
    shorter = hc.load(Path(__file__).parent.parent / path, **options).supernet(seed=2).state_dict()
    shared = [name for name in shorter if not name.startswith("alpha:")]
    assert len(shared) > 100
    assert all(torch.equal(longer[name], shorter[name]) for name in shared)


def test_coefficients_override_the_alphas_and_masks_skip_what_is_zero() -> None:
    """Sparse coefficients with their masks give what the whole network gives with zeros, and run less."""
    torch.set_num_threads(1)
    space = space_of("multichannel")
    supernet = space.supernet().double().eval()
    x = images(space)
    (decision,) = space.graph.decisions
    kept = np.zeros(decision.shape, dtype=bool)
    kept[:, :, 0, :, 0] = kept[:, :, 1, :, 1] = True
    coefficients = {"h": torch.from_numpy(kept) * (2 + cosine(decision.shape, 0.3))}
    whole = supernet(x, coefficients=coefficients)
    assert torch.allclose(supernet(x, coefficients=coefficients, kept={"h": kept}), whole, rtol=0, atol=1e-12)
    assert not torch.allclose(supernet(x), whole)
    assert len(restrict(supernet.plan, {"h": kept}).steps) < 0.7 * len(supernet.plan.steps)


def test_a_mask_that_cuts_every_path_is_refused() -> None:
    space = space_of("multichannel")
    supernet = space.supernet()
    kept = {"h": np.zeros(space.graph.decisions[0].shape, dtype=bool)}
    with pytest.raises(HypercuboidError, match="does not reach the output"):
        supernet(images(space).float(), kept=kept)


def test_it_is_a_function_of_weights_alphas_and_buffers() -> None:
    torch.set_num_threads(1)
    space = space_of("nested")
    first, second = (space.supernet(seed=seed).double().eval() for seed in (1, 2))
    x = images(space)
    assert not torch.equal(first(x), second(x))
    state: dict[str, Any] = dict(second.state_dict())
    assert torch.equal(torch.func.functional_call(first, state, (x,)), second(x))


def test_names_of_modules_attributes_do_not_clash() -> None:
    text = """hypercuboid 1
use std.ops { conv, bn, gap, linear }
space S() on x: image(3, 8, 8) {
  node train = x -> conv(4) -> bn
  node plan = train -> choose forward { weights: conv(4), type: conv(4, 3) }
  let conv = plan -> conv(4)
  out conv -> gap -> linear(3)
}
"""
    supernet = load_from_text(text).supernet()
    assert supernet.training
    assert supernet(torch.zeros(2, 3, 8, 8)).shape == (2, 3)
    assert "train.conv.weight" in supernet.state_dict()
    supernet.load_state_dict(load_from_text(text).supernet(seed=9).state_dict())


def test_limits_name_counts_and_the_axis() -> None:
    space = space_of("multichannel")
    with pytest.raises(HypercuboidError) as many_ops:
        space.supernet(max_ops=10)
    (found,) = many_ops.value.diagnostics
    assert found.code == "HC4001"
    ops = len(Supernet(space.graph).instances)
    assert found.message == f"`MultiChannelNet` is too large to build: {ops} atomic ops, and at most 10 are built"
    assert "longest axis is `reduction`, 2 coordinates from 0 to 1" in found.notes[-1]
    with pytest.raises(HypercuboidError, match="32 weights, and at most 31 are built"):
        space.supernet(max_weights=31)


def test_an_unknown_weighting_is_refused() -> None:
    with pytest.raises(HypercuboidError, match="unknown weighting `max`") as caught:
        space_of("multichannel").supernet("max")
    assert "max_w" in caught.value.diagnostics[0].help


def test_a_drop_path_after_an_identity_is_left_out_of_the_plan() -> None:
    space = load_from_text(
        "hypercuboid 1 use std.ops { conv, drop_path, gap, identity } space S() on x: image(3, 8, 8) "
        "{ out sum(x -> identity -> drop_path, x -> conv(3) -> drop_path) -> gap }"
    )
    ops = [step.op for step in expand(space.elaborated).steps if isinstance(step, RunOp)]
    assert ops == ["identity", "conv", "drop_path", "sum", "gap"]
