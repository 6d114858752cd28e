"""The dominant eigenvalue of the Hessian of the validation loss in the architecture parameters (RobustDARTS).

Where it grows fast, the search is at a sharp minimum, and the architecture that is selected there is much worse than
the supernet promises.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from hypercuboid.network.supernet import Supernet
from hypercuboid.search.objective import OfBatch, default_loss
from hypercuboid.search.passes import copied_buffers, logits_of
from hypercuboid.search.strategies.base import Batch


def dominant_eigenvalue(
    supernet: Supernet, batch: Batch, iterations: int, seed: int = 0, loss: OfBatch = default_loss
) -> float | None:
    """The largest eigenvalue that `iterations` steps of Lanczos find; None where no alpha has a gradient.

    Exact once there are as many steps as alphas. Each step is one Hessian-vector product; weights, running statistics
    and torch's global generator stay as they are.
    """
    if not supernet.learns:
        return None
    alphas = supernet.alphas()
    with torch.random.fork_rng(devices=[]):
        flat = torch.cat([one.reshape(-1) for one in _gradients(supernet, batch, alphas, loss)])
    if not flat.requires_grad:
        return 0.0

    def product(vector: Tensor) -> Tensor:
        parts = torch.autograd.grad(flat @ vector, alphas, retain_graph=True, materialize_grads=True)
        return torch.cat([one.reshape(-1) for one in parts]).detach()

    start = torch.randn(flat.numel(), generator=torch.Generator().manual_seed(seed)).to(flat)
    return float(lanczos(product, start, iterations)[-1])


def _gradients(supernet: Supernet, batch: Batch, alphas: list[torch.nn.Parameter], loss: OfBatch) -> tuple[Tensor, ...]:
    x, y = batch
    weighed = supernet.weigh()
    value = loss(logits_of(supernet, x, weighed, copied_buffers(supernet), twice=True), y)
    return torch.autograd.grad(value, alphas, create_graph=True, materialize_grads=True)


def lanczos(product: Callable[[Tensor], Tensor], start: Tensor, iterations: int) -> Tensor:
    """Ritz values, ascending, of a symmetric operator on vectors like `start`, with full reorthogonalisation."""
    basis = [start / start.norm()]
    diagonal: list[Tensor] = []
    beside: list[Tensor] = []
    for _ in range(min(iterations, start.numel())):
        image = product(basis[-1])
        diagonal.append(image @ basis[-1])
        for _twice in range(2):  # once leaves rounding of the size of what is left
            for one in basis:
                image = image - (image @ one) * one
        length = image.norm()
        if length <= 1e-6 * torch.stack(diagonal).abs().max():
            break
        beside.append(length)
        basis.append(image / length)
    size = len(diagonal)
    between = torch.stack(beside[: size - 1]).double().cpu() if size > 1 else torch.zeros(0, dtype=torch.float64)
    matrix = torch.diag(torch.stack(diagonal).double().cpu()) + torch.diag(between, 1) + torch.diag(between, -1)
    values: Tensor = torch.linalg.eigvalsh(matrix)
    return values
