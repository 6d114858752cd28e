"""How gradients change the architecture parameters: warm-up, freezing and Adam, the same in every strategy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from hypercuboid.graph.build import Graph
from hypercuboid.network.plans import require_plan
from hypercuboid.network.supernet import Supernet
from hypercuboid.network.weightings import Weighed, require_weighting
from hypercuboid.runs.optimizers import optimizer_tensors, restore_optimizer
from hypercuboid.search.costs import check_cost, cost_penalty
from hypercuboid.search.frozen import Frozen, frozen_masks
from hypercuboid.search.halves import Halves
from hypercuboid.search.penalties import check_penalty, penalty
from hypercuboid.search.perturbation import check_perturbation
from hypercuboid.search.recipe import Recipe


def check_recipe(graph: Graph, recipe: Recipe) -> None:
    """HC7040, HC7400, HC7061, HC7063, HC7101: an unknown weighting, plan, penalty, perturbation or cost.

    HC7062: nothing to freeze has that name.
    """
    require_weighting(recipe.weighting)
    require_plan(recipe.plan)
    check_penalty(recipe.penalty)
    check_perturbation(recipe.perturb)
    check_cost(recipe)
    cost_penalty(graph, recipe)
    frozen_masks(graph, recipe.freeze)


class ArchitectureOptimizer:
    """Adam on the alphas of a supernet, as a recipe says; `alphas` in the order of its decisions."""

    def __init__(self, supernet: Supernet, recipe: Recipe) -> None:
        """HC7062 where the recipe freezes what is not there."""
        self.supernet = supernet
        self.recipe = recipe
        self.alphas = supernet.alphas()
        self.cost = cost_penalty(supernet.graph, recipe)
        self.frozen = Frozen(supernet, recipe.freeze)
        self.halves = Halves(supernet.named_alphas())
        self.adam = torch.optim.Adam(
            self.alphas, lr=recipe.alpha_lr, betas=recipe.alpha_betas, weight_decay=recipe.alpha_weight_decay
        )

    def learns(self, epoch: int) -> bool:
        """Whether architecture parameters move in an epoch, from 1."""
        return self.supernet.learns and epoch > self.recipe.alpha_warmup

    def penalty(self) -> Tensor | None:
        """What the recipe adds to the loss of an architecture step: its penalty and the expected cost."""
        extra = penalty(self.supernet, self.recipe)
        cost = None if self.cost is None else self.cost(self.supernet.named_alphas())
        return extra if cost is None else cost if extra is None else extra + cost

    def take(self, gradients: Sequence[Tensor]) -> None:
        """Hands gradients to the parameters, one each."""
        for alpha, gradient in zip(self.alphas, gradients, strict=True):
            alpha.grad = gradient

    def step(self, weighed: Weighed) -> None:
        """One step of Adam under the gradients that were taken, through the coefficients `weighed`."""
        before = self.frozen.values()
        self.halves.add([alpha.grad for alpha in self.alphas if alpha.grad is not None])
        self.adam.step()
        weighed.settle()
        self.frozen.put_back(before)

    def tensors(self) -> dict[str, Tensor]:
        """What Adam remembers, and the gradients of the epoch."""
        return {**optimizer_tensors(self.adam, "alpha-optimizer"), **self.halves.tensors()}

    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        """Puts back what `tensors` gave."""
        restore_optimizer(self.adam, "alpha-optimizer", tensors)
        self.halves.restore(tensors)
