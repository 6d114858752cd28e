"""The weighting of DARTS."""

from __future__ import annotations

from torch import Tensor

from hypercuboid.network.weightings.base import dense
from hypercuboid.network.weightings.draw import Draw
from hypercuboid.network.weightings.softmax import softmax


@dense("scalar")
def scalar(alpha_gn: Tensor, mask_gn: Tensor, draw: Draw) -> Tensor:
    """w_i, as in DARTS."""
    return softmax(alpha_gn, mask_gn)
