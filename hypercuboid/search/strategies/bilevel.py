"""First-order bilevel search (DARTS): architecture parameters on one half of the data, weights on the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from hypercuboid.graph.selection import select
from hypercuboid.network.supernet import Supernet
from hypercuboid.network.weightings import Draw, Weighed
from hypercuboid.ranks import ALONE, Ranks
from hypercuboid.runs.keeper import with_prefix, without_prefix
from hypercuboid.runs.optimizers import optimizer_tensors, restore_optimizer
from hypercuboid.runs.restoring import restore_module
from hypercuboid.search.architecture import ArchitectureOptimizer
from hypercuboid.search.finite import FiniteCheck
from hypercuboid.search.halves import Halves
from hypercuboid.search.objective import objective_of
from hypercuboid.search.passes import constant, logits_of
from hypercuboid.search.perturbation import perturbed
from hypercuboid.search.recipe import Recipe
from hypercuboid.search.scaling import LossScale
from hypercuboid.search.strategies.base import STRATEGIES, Batch, Found, Measured, Moment, Pair, Setting

SCALES = ("weight-scale", "alpha-scale")
"""The names of the scales of losses in a checkpoint."""

START = Draw()
"""The moment of a step where nothing says another."""


class Bilevel:
    """The two optimizers of a search, and one step of each: first the alphas', then the weights'.

    Each of `ranks` computes with its share of a batch; the optimizers step along means over all of them.
    """

    def __init__(self, supernet: Supernet, recipe: Recipe, ranks: Ranks = ALONE) -> None:
        self.supernet = supernet
        self.recipe = recipe
        self.ranks = ranks
        self.objective = objective_of(recipe)
        self.finite = FiniteCheck(supernet)
        self.weights = supernet.weights()
        self.weight_optimizer = torch.optim.SGD(
            self.weights, lr=recipe.lr, momentum=recipe.momentum, weight_decay=recipe.weight_decay
        )
        self.architecture = ArchitectureOptimizer(supernet, recipe)
        optimizers = self.weight_optimizer, self.architecture.adam
        device = self.weights[0].device if self.weights else torch.device("cpu")
        self.weight_scale, self.alpha_scale = (LossScale(one, device, recipe.precision) for one in optimizers)
        self.begin_epoch(1)

    def begin_epoch(self, epoch: int) -> None:
        """Sets the learning rate of the weights for an epoch, from 1, and whether alphas learn in it."""
        self.learns = self.architecture.learns(epoch)
        for group in self.weight_optimizer.param_groups:
            group["lr"] = self.recipe.rate(epoch)

    def step(self, training: Batch, validation: Batch, moment: Moment) -> Pair:
        of_alphas = self.alpha_step(validation, moment.where, moment.draw, training)
        return Pair(self.weight_step(training, moment.where, moment.draw), of_alphas)

    def end_epoch(self, epoch: int) -> Mapping[str, Any]:
        self.halves.begin()
        return {}

    @property
    def halves(self) -> Halves:
        """The gradients of the architecture parameters in this epoch."""
        return self.architecture.halves

    def shared(self) -> Mapping[str, Tensor]:
        return self.supernet.state_dict()

    def found(self) -> Found:
        """The architecture of the highest score under softmax(alpha)."""
        weights = self.supernet.architecture_weights()
        return Found(select(self.supernet.graph, weights)[0], weights)

    def alpha_step(self, batch: Batch, where: str, draw: Draw = START, training: Batch | None = None) -> Measured:
        """One step of the architecture parameters, in which the weights stay.

        Where none learn, as in a warm-up, it only measures. `training` is what second order looks ahead on.
        """
        where = f"{where}, architecture step"
        if not self.learns:
            with torch.no_grad():
                return self._loss(batch, self.supernet.weigh(draw), where)[1]
        weighed = self.supernet.weigh(draw)
        gradients, measured = self.alpha_gradients(batch, training or batch, weighed, where)
        self.step_alphas(gradients, weighed, where)
        return measured

    def alpha_gradients(
        self, validation: Batch, training: Batch, weighed: Weighed, where: str
    ) -> tuple[Sequence[Tensor], Measured]:
        """Of the validation loss, scaled, at the weights as they are; these are constants: less is kept for them."""
        with constant(self.weights):
            loss, measured = self._loss(validation, weighed, where)
        return self._of_alphas(self._penalised(loss)), measured

    def _penalised(self, loss: Tensor) -> Tensor:
        extra = self.architecture.penalty()
        return loss if extra is None else loss + extra

    def _of_alphas(self, loss: Tensor) -> Sequence[Tensor]:
        if not loss.requires_grad:  # the weighting is constant in them
            return [torch.zeros_like(alpha) for alpha in self.architecture.alphas]
        return torch.autograd.grad(self.alpha_scale.of(loss), self.architecture.alphas, materialize_grads=True)

    def weight_step(self, batch: Batch, where: str, draw: Draw = START) -> Measured:
        """One step of the weights; the coefficients are constants in it. What was not run keeps its values."""
        alphas = perturbed(self.supernet, self.recipe, batch, draw, self.ranks)
        with torch.no_grad():
            weighed = self.supernet.weigh(replace(draw, learns_alphas=False), alphas)
        loss, measured = self._loss(batch, weighed, f"{where}, weight step")
        gradients = torch.autograd.grad(self.weight_scale.of(loss), self.weights, allow_unused=True)
        self.step_weights(gradients, f"{where}, weight step")
        return measured

    def step_alphas(self, gradients: Sequence[Tensor], weighed: Weighed, where: str) -> None:
        """The optimizer's step of the alphas under these scaled gradients, through the coefficients `weighed`.

        None where they overflow the range of fp16, on any rank.
        """
        alphas = self.architecture.alphas
        self.architecture.take(self.ranks.mean(gradients))
        if not self.alpha_scale.fits():
            return
        self.finite.check_gradients(alphas, where)
        self.architecture.step(weighed)
        self.finite.check_state(alphas, where)

    def step_weights(self, gradients: Sequence[Tensor | None], where: str) -> None:
        """The optimizer's step of the weights under these scaled gradients, clipped; None: it keeps its value.

        No step where they overflow the range of fp16, on any rank.
        """
        for weight, gradient in zip(self.weights, self.ranks.mean(gradients), strict=True):
            weight.grad = gradient
        if not self.weight_scale.fits():
            return
        self.finite.check_gradients(self.weights, where)
        nn.utils.clip_grad_norm_(self.weights, self.recipe.clip)
        self.weight_optimizer.step()
        self.finite.check_state(self.weights, where)

    # ------------------------------------------------------------ what a search goes on from

    def tensors(self) -> dict[str, Tensor]:
        """All that a search goes on from: network, alphas, buffers and what both optimizers remember."""
        network = with_prefix("supernet", self.supernet.state_dict())
        weights = optimizer_tensors(self.weight_optimizer, "weight-optimizer")
        weights |= self.weight_scale.tensors(SCALES[0]) | self.alpha_scale.tensors(SCALES[1])
        return {**network, **weights, **self.architecture.tensors()}

    def state(self) -> Mapping[str, Any]:
        return {}

    def restore(self, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        """Puts back what `tensors` gave, bit for bit; the layout in memory stays that of the parameters."""
        restore_module(self.supernet, without_prefix("supernet", tensors))
        restore_optimizer(self.weight_optimizer, "weight-optimizer", tensors)
        for scale, name in zip((self.weight_scale, self.alpha_scale), SCALES, strict=True):
            scale.restore(name, tensors)
        self.architecture.restore(tensors)

    def _loss(
        self,
        batch: Batch,
        weighed: Weighed,
        where: str,
        values: dict[str, Tensor] | None = None,
        twice: bool = False,
    ) -> tuple[Tensor, Measured]:
        """The loss of a batch; with `values` that of parameters and buffers by name instead of the supernet's own.

        `twice`: second derivatives are taken of it.
        """
        x_nchw, y = batch
        logits = logits_of(self.supernet, x_nchw, weighed, values, twice)
        loss = self.objective.loss(logits, y)
        self.finite.check_loss(loss, x_nchw, weighed, where)
        scores = self.objective.scores(logits, y)
        return loss, Measured(loss.item(), scores.sum().item(), scores.numel())


@STRATEGIES.entry("first_order")
def first_order(setting: Setting) -> Bilevel:
    """The alphas step against the validation loss of the weights as they are (Eq. 5 of DARTS, xi = 0)."""
    return Bilevel(setting.supernet, setting.recipe, setting.ranks)
