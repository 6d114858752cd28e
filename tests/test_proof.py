"""The two proofs that what is kept is what was searched, on supernets after ten steps of training, in float64.

(a) The decided network, elaborated with `searching` true, equals the supernet with coefficient 1 on what is kept, 0
on the rest and missing states masked. (b) The generated file equals the decided network run by the plain plan.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from generated import assert_same_bits
from supernets import SPACES, cosine, images, inputs, space_of, trained
from torch import Tensor, nn

from hypercuboid.frontend.elaborate import elaborate
from hypercuboid.network.kept import kept_masks
from hypercuboid.network.model import Model
from hypercuboid.network.supernet import Supernet
from hypercuboid.pipeline import Architecture, Space

ARCHITECTURES = 3
"""How many are selected, each under other weights."""


def found_by(space: Space, number: int) -> Architecture:
    """The best architecture under weights by formula."""
    weights = {}
    for decision in space.graph.decisions:
        values = 1.5 + np.sin(1.7 * np.arange(np.prod(decision.shape)) * (number + 1)).reshape(decision.shape)
        weights[decision.name] = np.where(decision.reaching(), values, 0.0)
    return space.select(weights)


def decided(supernet: Supernet, architecture: Architecture) -> dict[str, np.ndarray]:
    assert architecture.selection is not None
    return kept_masks(supernet.graph.decisions, architecture.selection.decided)


@pytest.mark.parametrize("name", SPACES)
def test_a_the_decided_network_equals_the_supernet_with_ones_and_zeros(name: str) -> None:
    space = space_of(name)
    supernet = trained(space)
    xs = inputs(space, shift=0.5)
    for number in range(ARCHITECTURES):
        architecture = found_by(space, number)
        model = Model(elaborate(architecture.request, searching=True)).double()
        assert model.inherit(supernet.state_dict()) == ()
        kept = decided(supernet, architecture)
        ones = {name: torch.from_numpy(mask).double() for name, mask in kept.items()}
        for training in (False, True):
            model.train(training)
            supernet.train(training)
            output = seeded(model, *xs)
            assert isinstance(output, Tensor)
            whole = seeded(supernet, *xs, coefficients=ones, kept=kept)
            assert torch.allclose(output, whole, rtol=0, atol=1e-12), (number, training)
            assert float(output.detach().abs().max()) > 1e-3
        assert_same_gradients(model, supernet, xs, kept)
        supernet.zero_grad()


def seeded(network: nn.Module, *xs: Tensor, **options: Any) -> Any:
    """The output where what is random draws the same numbers each time."""
    torch.manual_seed(1)
    return network(*xs, **options)


def assert_same_gradients(
    model: Model, supernet: Supernet, xs: tuple[Tensor, ...], kept: dict[str, np.ndarray]
) -> None:
    supernet.zero_grad()
    ones = {name: torch.from_numpy(mask).double() for name, mask in kept.items()}
    output, whole = seeded(model, *xs), seeded(supernet, *xs, coefficients=ones, kept=kept)
    assert isinstance(output, Tensor)
    probe = cosine(tuple(whole.shape), 0.11)
    torch.autograd.backward((output * probe).sum())
    torch.autograd.backward((whole * probe).sum())
    theirs = dict(supernet.named_parameters())
    for name, mine in model.named_parameters():
        assert mine.grad is not None
        wanted = theirs[name].grad
        assert wanted is not None
        assert torch.allclose(mine.grad, wanted, rtol=1e-10, atol=1e-12), name


def test_the_proof_can_fail() -> None:
    """With the wrong alternative kept, or a state that nothing leads to left in, the outputs differ."""
    space = space_of("multichannel")
    supernet = trained(space).eval()
    architecture = found_by(space, 0)
    model = Model(elaborate(architecture.request, searching=True)).double().eval()
    model.inherit(supernet.state_dict())
    x, kept = images(space), decided(supernet, architecture)
    ones = {name: torch.from_numpy(mask).double() for name, mask in kept.items()}
    right = model(x)
    assert isinstance(right, Tensor)
    assert not torch.allclose(supernet(x, coefficients=ones), right, atol=1e-3)
    other = decided(supernet, found_by(space, 1))
    ones = {name: torch.from_numpy(mask).double() for name, mask in other.items()}
    assert not torch.allclose(supernet(x, coefficients=ones, kept=other), right, atol=1e-3)


GENERATED = [name for name in SPACES if not name.startswith("block")]


@pytest.mark.parametrize("name", GENERATED)
def test_b_the_generated_file_equals_the_decided_network_bit_for_bit(name: str, tmp_path: Path) -> None:
    from hypercuboid.training.model_file import load_network

    space = space_of(name)
    supernet = trained(space)
    xs = inputs(space, shift=0.5)
    for number in range(ARCHITECTURES):
        architecture = found_by(space, number)
        generated = architecture.generate(seed=1)
        path = tmp_path / f"model{number}.py"
        path.write_text(generated.text, encoding="utf-8")
        network = load_network(path).double()
        model = Model(architecture.elaborated).double()
        model.inherit(supernet.state_dict())
        network.load_state_dict({generated.names[key]: value for key, value in model.state_dict().items()})
        assert_same_bits(network, model, xs, generated.names)
