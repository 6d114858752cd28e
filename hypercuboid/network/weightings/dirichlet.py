"""The weighting of DrNAS: weights are a sample of a Dirichlet distribution that the alphas parameterise."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from hypercuboid.network.weightings.base import dense
from hypercuboid.network.weightings.draw import Draw


@dense("dirichlet", draws=True)
def dirichlet(alpha_gn: Tensor, mask_gn: Tensor, draw: Draw) -> Tensor:
    """A sample of Dirichlet(elu(alpha) + 1) over what takes part (DrNAS, Chen et al. 2021), differentiable."""
    concentration_gn = concentration(alpha_gn).cpu()
    mask_gn = mask_gn.cpu()
    sizes_g, sample_gn = mask_gn.sum(-1), torch.zeros_like(concentration_gn)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(draw.number())
        for size in sorted(set(sizes_g.tolist()) - {0}):
            rows_gn = mask_gn & (sizes_g == size)[:, None]
            part = torch.distributions.Dirichlet(concentration_gn[rows_gn].view(-1, size)).rsample()
            sample_gn = sample_gn.masked_scatter(rows_gn, part)
    return sample_gn.to(alpha_gn.device)


def concentration(alpha: Tensor) -> Tensor:
    """elu(alpha) + 1: positive, and 1 at alpha = 0."""
    return (F.elu(alpha) + 1).clamp_min(torch.finfo(alpha.dtype).tiny)
