"""Perturbed architecture parameters in steps of the weights, as in SDARTS (Chen and Hsieh 2020): a flatter minimum."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

import torch
from torch import Tensor

from hypercuboid.diagnostics import error
from hypercuboid.network.weightings import Draw
from hypercuboid.ranks import ALONE, Ranks
from hypercuboid.registry import Registry
from hypercuboid.search.objective import objective_of
from hypercuboid.search.passes import copied_buffers, logits_of

if TYPE_CHECKING:
    from hypercuboid.network.supernet import Supernet
    from hypercuboid.search.recipe import Recipe
    from hypercuboid.search.strategies import Batch

Offsets: TypeAlias = dict[str, Tensor]
"""What is added to the alphas, by decision."""

Perturbation: TypeAlias = Callable[["Supernet", "Recipe", "Batch", Draw, float, Ranks], Offsets]
"""Supernet, recipe, the batch of the step, its draw, the largest offset and the ranks -> offsets, the same on all."""

PERTURBATIONS: Registry[Perturbation] = Registry("perturbation")

SCALE = 1024.0
"""Of losses whose gradients give only signs: in fp16 small ones would vanish. It changes no other sign."""

SMALLEST = 0.1
"""The share of the largest offset at the first step; it grows linearly to 1 at the last."""


def check_perturbation(name: str) -> None:
    """HC7063 for an unknown perturbation; the empty name is none."""
    if name and name not in PERTURBATIONS:
        raise error("HC7063", f"unknown perturbation `{name}`", help=PERTURBATIONS.suggest(name))


def perturbed(supernet: Supernet, recipe: Recipe, batch: Batch, draw: Draw, ranks: Ranks = ALONE) -> dict[str, Tensor]:
    """The alphas that a step of the weights is made with: as they are, or with what the recipe adds."""
    alphas = {name: alpha.detach() for name, alpha in supernet.named_alphas().items()}
    if not recipe.perturb:
        return alphas
    largest = recipe.perturb_by * (SMALLEST + (1 - SMALLEST) * draw.progress)
    offsets = PERTURBATIONS[recipe.perturb](supernet, recipe, batch, draw, largest, ranks)
    return {name: alpha + offsets[name] for name, alpha in alphas.items()}


def at_random(
    supernet: Supernet, recipe: Recipe, batch: Batch, draw: Draw, largest: float, ranks: Ranks = ALONE
) -> Offsets:
    """Uniform in [-largest, largest], each entry for itself."""
    return {name: _uniform(alpha, draw.of(f"perturbation/{name}"), largest) for name, alpha in _alphas(supernet)}


def adversarial(
    supernet: Supernet, recipe: Recipe, batch: Batch, draw: Draw, largest: float, ranks: Ranks = ALONE
) -> Offsets:
    """What raises the loss of the batch most within [-largest, largest]: projected ascent along signs of gradients.

    It begins at random and makes `perturb_steps` steps that together could cross the box; weights and running
    statistics stay as they are.
    """
    offsets = at_random(supernet, recipe, batch, draw, largest)
    for _ in range(recipe.perturb_steps):
        for name, gradient in _slopes(supernet, recipe, batch, draw, offsets, ranks).items():
            moved = offsets[name] + 2 * largest / recipe.perturb_steps * gradient.nan_to_num(0.0).sign()
            offsets[name] = moved.clamp(-largest, largest)
    return offsets


PERTURBATIONS.add("random", at_random)
PERTURBATIONS.add("adversarial", adversarial)


def _alphas(supernet: Supernet) -> list[tuple[str, Tensor]]:
    return [(name, alpha.detach()) for name, alpha in supernet.named_alphas().items()]


def _uniform(alpha: Tensor, draw: Draw, largest: float) -> Tensor:
    numbers = torch.rand(alpha.shape, dtype=torch.float64, generator=draw.generator())
    return ((2 * numbers - 1) * largest).to(alpha)


def _slopes(
    supernet: Supernet, recipe: Recipe, batch: Batch, draw: Draw, offsets: Mapping[str, Tensor], ranks: Ranks
) -> dict[str, Tensor]:
    """dL/dalpha at the perturbed alphas, scaled; no number where it overflows in fp16."""
    x_nchw, y = batch
    alphas = {name: (alpha + offsets[name]).requires_grad_() for name, alpha in _alphas(supernet)}
    weighed = supernet.weigh(draw, alphas)
    logits = logits_of(supernet, x_nchw, weighed, copied_buffers(supernet))
    loss = objective_of(recipe).loss(logits, y) + 0 * sum(alpha.sum() for alpha in alphas.values())
    return dict(zip(alphas, ranks.mean(torch.autograd.grad(SCALE * loss, list(alphas.values()))), strict=True))
