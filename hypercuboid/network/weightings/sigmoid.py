"""The weighting of FairDARTS: alternatives do not compete."""

from __future__ import annotations

import torch
from torch import Tensor

from hypercuboid.network.weightings.base import dense
from hypercuboid.network.weightings.draw import Draw


@dense("sigmoid")
def sigmoid(alpha_gn: Tensor, mask_gn: Tensor, draw: Draw) -> Tensor:
    """sigmoid(alpha_i), each alternative for itself (FairDARTS, Chu et al. 2020); see the penalty `zero_one`."""
    return torch.sigmoid(alpha_gn).masked_fill(~mask_gn, 0.0)
