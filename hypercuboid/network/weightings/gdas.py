"""GDAS: one architecture is drawn and runs; gradients are those of Gumbel-softmax with the noise that drew it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from hypercuboid.network.weightings._sampling import binary, reaching, weights_of
from hypercuboid.network.weightings.base import Weighed, from_groups, in_groups, sampled
from hypercuboid.network.weightings.draw import Draw
from hypercuboid.network.weightings.gumbel import exponential
from hypercuboid.network.weightings.softmax import softmax

if TYPE_CHECKING:
    import numpy as np

    from hypercuboid.graph.build import Graph
    from hypercuboid.graph.decision import Decision


@sampled("gdas")
def gdas(graph: Graph, alphas: Mapping[str, Tensor], draw: Draw) -> Weighed:
    """1 for what is kept, 0 for the rest; backwards softmax((alpha + G) / T) (Dong and Yang 2019).

    An architecture is drawn with a chance proportional to the product of its weights, then the noise given that it
    won. Where groups are independent this is the paper's rule; through a cuboid it keeps the path connected.
    """
    sampler = graph.sampler
    kept = sampler.masks(sampler.odds(weights_of(graph, alphas)).draw(draw.random()))
    if not draw.learns_alphas:
        return Weighed(binary(graph, kept, alphas), kept)
    found = {one.name: _straight(one, alphas[one.name], kept[one.name], draw) for one in graph.decisions}
    return Weighed(found, kept)


def _straight(decision: Decision, alpha: Tensor, kept: np.ndarray, draw: Draw) -> Tensor:
    """The kept entries as they are, with the gradient of the perturbed softmax."""
    hard = torch.from_numpy(kept).to(alpha)
    mask_gn, hard_gn = in_groups(reaching(decision, alpha), decision), in_groups(hard, decision)
    alpha_gn = in_groups(alpha, decision)
    noise_gn = winning_noise(alpha_gn.detach(), mask_gn, hard_gn > 0, draw.of(decision.name))
    soft = from_groups(softmax((alpha_gn + noise_gn) / draw.temperature, mask_gn), decision)
    return hard + (soft - soft.detach())  # exactly 0 and 1


def winning_noise(alpha_gn: Tensor, mask_gn: Tensor, kept_gn: Tensor, draw: Draw) -> Tensor:
    """Gumbel noise G given that alpha + G is largest at the kept entry of each group; plain where none or several are.

    With log w for alpha the largest is standard Gumbel, M, and each other is its own noise cut off at M:
    -log(exp(-M) + E / w) with E exponential.
    """
    noise_gn = exponential(alpha_gn, draw)
    log_w_gn = torch.log(softmax(alpha_gn, mask_gn).clamp_min(torch.finfo(alpha_gn.dtype).tiny))
    largest_g1 = (noise_gn * kept_gn).sum(-1, keepdim=True)  # exp(-M)
    others_gn = -torch.log(largest_g1 + noise_gn * torch.exp(-log_w_gn))
    won_gn = torch.where(kept_gn, -torch.log(largest_g1), others_gn) - log_w_gn
    return torch.where(kept_gn.sum(-1, keepdim=True) == 1, won_gn, -torch.log(noise_gn))
