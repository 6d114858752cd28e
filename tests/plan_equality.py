"""One step of a supernet by any plan: what it gives, all gradients, and the running statistics after it."""

from __future__ import annotations

import copy

import numpy as np
import torch
from supernets import cosine, inputs
from torch import Tensor

from hypercuboid.network.plans import PLANS
from hypercuboid.network.supernet import Supernet
from hypercuboid.pipeline import Space

EVERY = [name for name in PLANS if name != "plain"]


def supernet_of(space: Space, weighting: str = "scalar") -> Supernet:
    """In float64, with statistics, affine terms and alphas away from where they start."""
    torch.set_num_threads(1)
    supernet = space.supernet(weighting, seed=1).double()
    with torch.no_grad():
        for name, one in supernet.named_parameters():
            if name.endswith("weight") and one.dim() == 1:
                one.add_(0.1 * cosine(tuple(one.shape), 0.3))
        for alpha in supernet.alphas():
            alpha.copy_(0.5 * cosine(tuple(alpha.shape), 0.9))
    return supernet


def outcome(
    supernet: Supernet, plan: str, xs: tuple[Tensor, ...], kept: dict[str, np.ndarray] | None = None
) -> dict[str, Tensor]:
    """Output, gradients by name and buffers by name of one step on a copy of the supernet."""
    one = copy.deepcopy(supernet)
    one.run_by(plan)
    torch.manual_seed(3)
    output = one(*xs, coefficients=one.coefficients(), kept=kept)
    loss = (output * cosine(tuple(output.shape), 0.11).to(output)).sum() + output.square().mean()
    parameters = dict(one.named_parameters())
    gradients = torch.autograd.grad(loss, list(parameters.values()), materialize_grads=True)
    found = {"output": output.detach()}
    found |= {f"gradient of {name}": gradient for name, gradient in zip(parameters, gradients, strict=True)}
    return found | {f"buffer {name}": buffer.clone() for name, buffer in one.named_buffers()}


def furthest(found: dict[str, Tensor], wanted: dict[str, Tensor]) -> tuple[float, str]:
    """The largest difference between two outcomes, and where: over the largest number of the same kind of tensor."""
    assert found.keys() == wanted.keys()
    kinds = {name: name.split(" ")[0] + ("alpha" if "alpha:" in name else "") for name in wanted}
    largest = dict.fromkeys(kinds.values(), 0.0)
    for name, kind in kinds.items():
        if wanted[name].numel():
            largest[kind] = max(largest[kind], float(wanted[name].double().abs().max()))
    worst = (0.0, "")
    for name, kind in kinds.items():
        if wanted[name].numel():
            apart = float((found[name].double() - wanted[name].double()).abs().max()) / max(largest[kind], 1e-300)
            worst = max(worst, (apart, name))
    return worst


def inputs_of(space: Space, count: int = 3) -> tuple[Tensor, ...]:
    """A batch away from symmetry."""
    return tuple(x if x.dtype == torch.int64 else x + 0.3 * cosine(tuple(x.shape), 1.7) for x in inputs(space, count))
