"""Max-W (sharpDARTS Eq. 3) in three variants, which differ in what gradients flow through."""

from __future__ import annotations

from torch import Tensor

from hypercuboid.network.weightings.base import dense
from hypercuboid.network.weightings.draw import Draw
from hypercuboid.network.weightings.softmax import softmax


@dense("max_w")
def max_w(alpha_gn: Tensor, mask_gn: Tensor, draw: Draw) -> Tensor:
    """1 - max(w) + w_i (sharpDARTS Eq. 3), differentiated through the maximum, as the reference code does.

    With G_i = dL/dc_i: dL/dw_i = G_i for the others, and minus the sum of theirs for the maximum.
    """
    w = softmax(alpha_gn, mask_gn)
    return (1 - w.max(dim=-1, keepdim=True).values + w).masked_fill(~mask_gn, 0.0)


@dense("max_w_detached")
def max_w_detached(alpha_gn: Tensor, mask_gn: Tensor, draw: Draw) -> Tensor:
    """Eq. 3 with max(w) as a constant: the gradients are those of `scalar`."""
    w = softmax(alpha_gn, mask_gn)
    return (1 - w.max(dim=-1, keepdim=True).values.detach() + w).masked_fill(~mask_gn, 0.0)


@dense("max_w_constant")
def max_w_constant(alpha_gn: Tensor, mask_gn: Tensor, draw: Draw) -> Tensor:
    """Eq. 3 with max(w) and the coefficient of the winner as constants: no gradient through the winner."""
    w = softmax(alpha_gn, mask_gn)
    best = w.max(dim=-1, keepdim=True)
    w = w.scatter(-1, best.indices, best.values.detach())
    return (1 - best.values.detach() + w).masked_fill(~mask_gn, 0.0)
