"""Second-order bilevel search (DARTS, Sec. 2.3): the alphas step against the weights as they will be a step later.

The look-ahead is one step of the optimizer of the weights on the training batch: w' = w - r (m b + dL_train/dw + d w)
with rate r, momentum m, its buffer b and decay d; the gradient is not clipped, as in the reference code. Then

    dL/dalpha = dL_val(w', alpha)/dalpha - r d2L_train(w, alpha)/(dalpha dw) . dL_val(w', alpha)/dw'

Running statistics of batch norm stay where they are in an architecture step: its passes run on copies of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from hypercuboid.network.weightings import Weighed
from hypercuboid.search.passes import copied_buffers
from hypercuboid.search.strategies.base import STRATEGIES, Batch, Measured, Setting
from hypercuboid.search.strategies.bilevel import Bilevel


class SecondOrder(Bilevel):
    """Exact: the look-ahead stays in the graph of autograd, and its derivative is a Hessian-vector product."""

    def alpha_gradients(
        self, validation: Batch, training: Batch, weighed: Weighed, where: str
    ) -> tuple[Sequence[Tensor], Measured]:
        gradients = self._training_gradients(training, weighed, where, create_graph=True)
        if self.alpha_scale.overflows(gradients):
            return self._overflowed(validation, weighed, where)
        loss, measured = self._loss(validation, weighed, where, self._with_statistics(self._ahead(gradients)))
        return self._of_alphas(self._penalised(loss)), measured

    def _overflowed(self, validation: Batch, weighed: Weighed, where: str) -> tuple[Sequence[Tensor], Measured]:
        """Gradients to make no step along, for there is no look-ahead; the weights are measured as they are."""
        with torch.no_grad():
            measured = self._loss(validation, weighed, where, self._with_statistics({}))[1]
        return [torch.full_like(alpha, torch.nan) for alpha in self.architecture.alphas], measured

    def _training_gradients(
        self, training: Batch, weighed: Weighed, where: str, create_graph: bool
    ) -> Sequence[Tensor]:
        """The mean over ranks, through which a derivative goes; not finite where fp16 overflows on any rank."""
        loss, _ = self._loss(training, weighed, where, self._with_statistics({}), twice=create_graph)
        gradients = torch.autograd.grad(
            self.alpha_scale.of(loss),
            self.weights,
            create_graph=create_graph,
            retain_graph=True,
            materialize_grads=True,
        )
        return self.ranks.mean(self.alpha_scale.true(gradients))

    def _ahead(self, gradients: Sequence[Tensor]) -> dict[str, Tensor]:
        """The weights a step later, by name. What has no gradient steps too: by decay and momentum."""
        rate, momentum = self.weight_optimizer.param_groups[0]["lr"], self.recipe.momentum
        ahead = {}
        for name, weight, gradient in zip(self._names(), self.weights, gradients, strict=True):
            remembered = self.weight_optimizer.state[weight].get("momentum_buffer")
            step = gradient + self.recipe.weight_decay * weight
            ahead[name] = weight - rate * (step if remembered is None else step + momentum * remembered)
        return ahead

    def _names(self) -> list[str]:
        known = {id(weight) for weight in self.weights}
        return [name for name, parameter in self.supernet.named_parameters() if id(parameter) in known]

    def _with_statistics(self, weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Values of a pass that leaves the running statistics alone."""
        return {**weights, **copied_buffers(self.supernet)}


class FiniteDifference(SecondOrder):
    """The Hessian-vector product as a central difference of architecture gradients (DARTS, Eq. 8): less memory.

    Where activations have kinks it is far from the exact product: the weights move across them.
    """

    reach = 0.01
    """How far the weights are moved, over the norm of the direction (DARTS)."""

    def alpha_gradients(
        self, validation: Batch, training: Batch, weighed: Weighed, where: str
    ) -> tuple[Sequence[Tensor], Measured]:
        gradients = self._training_gradients(training, weighed, where, create_graph=False)
        if self.alpha_scale.overflows(gradients):
            return self._overflowed(validation, weighed, where)
        ahead = {name: value.detach().requires_grad_() for name, value in self._ahead(gradients).items()}
        loss, measured = self._loss(validation, weighed, where, self._with_statistics(ahead))
        wanted = [*self.architecture.alphas, *ahead.values()]
        scaled = self.alpha_scale.of(self._penalised(loss))
        found = torch.autograd.grad(scaled, wanted, materialize_grads=True, retain_graph=True)
        direct, direction = found[: len(self.architecture.alphas)], found[len(self.architecture.alphas) :]
        rate = self.weight_optimizer.param_groups[0]["lr"]
        products = self._products(training, weighed, where, self.ranks.mean(self.alpha_scale.true(direction)))
        return [own - rate * product for own, product in zip(direct, products, strict=True)], measured

    def _products(self, training: Batch, weighed: Weighed, where: str, direction: Sequence[Tensor]) -> Sequence[Tensor]:
        """d2L_train/(dalpha dw) times the direction."""
        reach = self.reach / float(torch.cat([one.reshape(-1) for one in direction]).norm().clamp_min(1e-30))
        sides = [self._moved(training, weighed, where, direction, sign * reach) for sign in (1, -1)]
        return [(more - less) / (2 * reach) for more, less in zip(*sides, strict=True)]

    def _moved(
        self, training: Batch, weighed: Weighed, where: str, direction: Sequence[Tensor], by: float
    ) -> Sequence[Tensor]:
        moved = {
            name: weight.detach() + by * one
            for name, weight, one in zip(self._names(), self.weights, direction, strict=True)
        }
        loss, _ = self._loss(training, weighed, where, self._with_statistics(moved))
        scaled = self.alpha_scale.of(loss)
        return torch.autograd.grad(scaled, self.architecture.alphas, retain_graph=True, materialize_grads=True)


@STRATEGIES.entry("second_order")
def second_order(setting: Setting) -> SecondOrder:
    """One step ahead, its derivative exact."""
    return SecondOrder(setting.supernet, setting.recipe, setting.ranks)


@STRATEGIES.entry("second_order_difference")
def second_order_difference(setting: Setting) -> FiniteDifference:
    """One step ahead, its derivative by finite differences, as the code of DARTS does it."""
    return FiniteDifference(setting.supernet, setting.recipe, setting.ranks)
