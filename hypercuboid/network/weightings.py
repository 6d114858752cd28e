"""Weightings: how architecture parameters become the coefficients that multiply alternatives."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import torch
from torch import Tensor

from hypercuboid.registry import Registry

if TYPE_CHECKING:
    from hypercuboid.graph.decision import Decision

Weighting: TypeAlias = Callable[[Tensor, Tensor], Tensor]
"""Alphas (groups, n) and a mask (groups, n) of what takes part -> coefficients (groups, n), zero where masked."""

WEIGHTINGS: Registry[Weighting] = Registry("weighting")


def softmax(alpha_gn: Tensor, mask_gn: Tensor) -> Tensor:
    """The weights w of each group: softmax over the entries that take part; a group without any is zero."""
    present = mask_gn.any(dim=-1, keepdim=True)
    low = alpha_gn.masked_fill(~mask_gn & present, -math.inf)
    return torch.softmax(low, dim=-1).masked_fill(~mask_gn, 0.0)


def scalar(alpha_gn: Tensor, mask_gn: Tensor) -> Tensor:
    """w_i, as in DARTS."""
    return softmax(alpha_gn, mask_gn)


def max_w(alpha_gn: Tensor, mask_gn: Tensor) -> Tensor:
    """1 - max(w) + w_i (sharpDARTS Eq. 3), differentiated through the maximum, as the reference code does.

    With G_i = dL/dc_i: dL/dw_i = G_i for the others, and minus the sum of theirs for the maximum.
    """
    w = softmax(alpha_gn, mask_gn)
    return (1 - w.max(dim=-1, keepdim=True).values + w).masked_fill(~mask_gn, 0.0)


def max_w_detached(alpha_gn: Tensor, mask_gn: Tensor) -> Tensor:
    """Eq. 3 with max(w) as a constant: the gradients are those of `scalar`."""
    w = softmax(alpha_gn, mask_gn)
    return (1 - w.max(dim=-1, keepdim=True).values.detach() + w).masked_fill(~mask_gn, 0.0)


def max_w_constant(alpha_gn: Tensor, mask_gn: Tensor) -> Tensor:
    """Eq. 3 with max(w) and the coefficient of the winner as constants: no gradient through the winner."""
    w = softmax(alpha_gn, mask_gn)
    best = w.max(dim=-1, keepdim=True)
    w = w.scatter(-1, best.indices, best.values.detach())
    return (1 - best.values.detach() + w).masked_fill(~mask_gn, 0.0)


for _name, _weighting in (
    ("scalar", scalar),
    ("max_w", max_w),
    ("max_w_detached", max_w_detached),
    ("max_w_constant", max_w_constant),
):
    WEIGHTINGS.add(_name, _weighting)


def weigh(weighting: Weighting, decision: Decision, alpha: Tensor) -> Tensor:
    """A weighting applied to each competing group of a decision: alphas -> coefficients, both of the array's shape.

    What is not declared or cannot reach the output takes no part and gets zero.
    """
    order = (*decision.group_axes, *decision.competing_axes)
    moved = alpha.permute(order)
    groups = math.prod(moved.shape[: len(decision.group_axes)])
    mask = torch.from_numpy(decision.reaching()).to(alpha.device).permute(order).reshape(groups, -1)
    result = weighting(moved.reshape(groups, -1), mask).reshape(moved.shape)
    inverse = sorted(range(len(order)), key=order.__getitem__)
    return result.permute(inverse)
