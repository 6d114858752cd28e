"""Every valid program of the conformance corpus as a network: supernets, and models run by the plan and as a file.

(a) A supernet has the weights that were counted, its loss reaches every architecture weight that can reach the
output, and with coefficient 1 on what is kept it equals the decided network. (b) The generated file has the counted
parameters and equals the decided network bit for bit. All in float64.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from conformance_cases import VALID, Target, read_case
from supernets import cosine
from torch import Tensor

from hypercuboid.frontend.elaborate import elaborate
from hypercuboid.network.instances import build_instances
from hypercuboid.network.kept import kept_masks
from hypercuboid.network.model import Model
from hypercuboid.pipeline import Architecture, Space, load_target
from hypercuboid.training.model_file import load_network

BATCH = 2
LARGEST = 20_000
MOST = 500
"""Parameters, and weights or nodes, of what is built here; what is larger is there for its counts."""


def targets(path: Path) -> list[Target]:
    return list(dict.fromkeys(one.target for one in read_case(path).expected))


def inputs_of(space: Space) -> tuple[Tensor, ...]:
    def of(kind: str, shape: tuple[int, ...], vocab: int) -> Tensor:
        if kind == "tokens":
            return torch.arange(BATCH * shape[0]).remainder(vocab).view(BATCH, *shape)
        return cosine((BATCH, *shape), 0.37) + 0.5

    return tuple(of(type.kind, type.shape, type.vocab) for type in space.elaborated.input_types)


def found_by(space: Space) -> Architecture:
    """The best architecture under weights by formula."""
    weights = {}
    for decision in space.graph.decisions:
        values = 1.5 + np.sin(1.7 * np.arange(np.prod(decision.shape))).reshape(decision.shape)
        weights[decision.name] = np.where(decision.reaching(), values, 0.0)
    return space.select(weights)


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_networks(path: Path, tmp_path: Path) -> None:
    torch.set_num_threads(1)
    for number, target in enumerate(targets(path)):
        space = load_target(str(path), target.name, target.parameters, target.inputs)
        counts = space.counts()
        nodes = len(space.elaborated.definition.body.nodes)
        if counts.params is None or counts.params > LARGEST or max(counts.weights, nodes) > MOST:
            continue
        architecture = _searched(space) if space.is_open else space
        assert isinstance(architecture, Architecture)
        _generated(architecture, tmp_path / f"model{number}.py")


def _searched(space: Space) -> Architecture:
    """Checks the supernet; gives one architecture of the space."""
    supernet = space.supernet(seed=1).double()
    assert sum(one.numel() for one in supernet.weights()) == space.counts().params
    inputs = inputs_of(space)
    output = supernet(*inputs)
    torch.autograd.backward((output * cosine(tuple(output.shape), 0.9)).sum())
    for decision, alpha in zip(space.graph.decisions, supernet.alphas(), strict=True):
        assert alpha.grad is not None
        assert bool(torch.isfinite(alpha.grad).all())
        outside = torch.from_numpy(~decision.reaching())
        assert not bool(alpha.grad[outside].any())
    architecture = found_by(space)
    assert architecture.selection is not None
    decided = Model(elaborate(architecture.request, searching=True)).double()
    assert decided.inherit(supernet.state_dict()) == ()
    kept = kept_masks(space.graph.decisions, architecture.selection.decided)
    ones = {name: torch.from_numpy(mask).double() for name, mask in kept.items()}
    whole = supernet.eval()(*inputs, coefficients=ones, kept=kept)
    alone = decided.eval()(*inputs)
    assert isinstance(alone, Tensor)
    assert torch.allclose(alone, whole, rtol=0, atol=1e-12)
    return architecture


def _generated(architecture: Architecture, path: Path) -> None:
    generated = architecture.generate(seed=1)
    path.write_text(generated.text, encoding="utf-8")
    network, model = load_network(path).double(), Model(architecture.elaborated).double()
    network.load_state_dict({generated.names[key]: value for key, value in model.state_dict().items()})
    main = build_instances(model.plan.without_aux(), 0).values()
    assert sum(p.numel() for instance in main for p in instance.parameters()) == architecture.counts().params
    if model.plan.aux is None:
        assert sum(p.numel() for p in network.parameters()) == architecture.counts().params
    inputs = inputs_of(architecture)
    for training in (False, True):
        network.train(training)
        model.train(training)
        torch.manual_seed(0)
        ours = _several(model(*inputs))
        torch.manual_seed(0)
        theirs = _several(network(*inputs))
        assert [torch.equal(one, other) for one, other in zip(ours, theirs, strict=True)] == [True] * len(ours)


def _several(output: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return output if isinstance(output, tuple) else (output,)
