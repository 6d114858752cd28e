"""Gumbel noise, and softmax with it: alone, and given which entry of each group it makes the largest."""

from __future__ import annotations

import torch
from torch import Tensor

from hypercuboid.network.weightings.base import dense
from hypercuboid.network.weightings.draw import Draw
from hypercuboid.network.weightings.softmax import softmax


@dense("gumbel_softmax", draws=True)
def gumbel_softmax(alpha_gn: Tensor, mask_gn: Tensor, draw: Draw) -> Tensor:
    """softmax((alpha + G) / T) with Gumbel noise G and the temperature T of the moment (Jang et al. 2017).

    The largest coefficient of a group is that of entry i with probability w_i, at any temperature.
    """
    return softmax((alpha_gn + gumbel(alpha_gn, draw)) / draw.temperature, mask_gn)


def gumbel(like: Tensor, draw: Draw) -> Tensor:
    """Independent standard Gumbel noise in the shape of `like`."""
    return -torch.log(exponential(like, draw))


def exponential(like: Tensor, draw: Draw) -> Tensor:
    """Independent standard exponential noise in the shape of `like`; drawn in float64, never zero."""
    uniform = torch.rand(like.shape, dtype=torch.float64, generator=draw.generator())
    return (-torch.log1p(-uniform)).clamp_min(1e-300).to(like)
