"""Penalties on architecture parameters that a search may add to the loss of its architecture steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import torch
from torch import Tensor

from hypercuboid.diagnostics import error
from hypercuboid.network.weightings.base import in_groups
from hypercuboid.network.weightings.dirichlet import concentration
from hypercuboid.registry import Registry

if TYPE_CHECKING:
    from hypercuboid.network.supernet import Supernet
    from hypercuboid.search.recipe import Recipe

Penalty: TypeAlias = Callable[[Tensor, Tensor], Tensor]
"""Alphas (groups, n) of a decision and a mask (groups, n) of what takes part -> a number, summed over decisions."""

PENALTIES: Registry[Penalty] = Registry("penalty")


def zero_one(alpha_gn: Tensor, mask_gn: Tensor) -> Tensor:
    """-sum((sigmoid(alpha) - 1/2)^2): pushes sigmoids to 0 or 1 (FairDARTS)."""
    return -((torch.sigmoid(alpha_gn) - 0.5) ** 2).masked_fill(~mask_gn, 0.0).sum()


def dirichlet_kl(alpha_gn: Tensor, mask_gn: Tensor) -> Tensor:
    """KL(Dirichlet(beta) || Dirichlet(1)) of each group, summed: keeps weights near uniform (DrNAS)."""
    beta_gn = torch.where(mask_gn, concentration(alpha_gn), 1.0)
    total_g = beta_gn.masked_fill(~mask_gn, 0.0).sum(-1)
    size_g = mask_gn.sum(-1).to(total_g)
    present_g = size_g > 0
    total_g, size_g = total_g.where(present_g, 1.0), size_g.where(present_g, 1.0)
    own = (beta_gn - 1) * (torch.digamma(beta_gn) - torch.digamma(total_g)[:, None]) - torch.lgamma(beta_gn)
    whole = torch.lgamma(total_g) - torch.lgamma(size_g)
    return own.masked_fill(~mask_gn, 0.0).sum() + whole.sum()


def dirichlet_norm(alpha_gn: Tensor, mask_gn: Tensor) -> Tensor:
    """The squared distance of beta from 1 (DrNAS)."""
    return ((concentration(alpha_gn) - 1) ** 2).masked_fill(~mask_gn, 0.0).sum()


PENALTIES.add("zero_one", zero_one)
PENALTIES.add("dirichlet_kl", dirichlet_kl)
PENALTIES.add("dirichlet_norm", dirichlet_norm)


def check_penalty(name: str) -> None:
    """HC7061 for an unknown penalty; the empty name is none."""
    if name and name not in PENALTIES:
        raise error("HC7061", f"unknown penalty `{name}`", help=PENALTIES.suggest(name))


def penalty(supernet: Supernet, recipe: Recipe) -> Tensor | None:
    """What the recipe adds to the loss of an architecture step: its penalty, the mean over all that takes part."""
    if not recipe.penalty:
        return None
    function, alphas = PENALTIES[recipe.penalty], supernet.named_alphas()
    total, count = torch.zeros(()), 0
    for decision in supernet.graph.decisions:
        alpha = alphas[decision.name]
        mask_gn = in_groups(torch.from_numpy(decision.reaching()), decision).to(alpha.device)
        total = total.to(alpha) + function(in_groups(alpha, decision), mask_gn)
        count += int(mask_gn.sum())
    return recipe.penalty_weight * total / max(1, count)
