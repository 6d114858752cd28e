"""Single-level search: weights and architecture parameters learn from one backward pass over the training batch."""

from __future__ import annotations

import torch

from hypercuboid.search.passes import copied_buffers
from hypercuboid.search.strategies.base import STRATEGIES, Batch, Measured, Moment, Pair, Setting
from hypercuboid.search.strategies.bilevel import Bilevel


class SingleLevel(Bilevel):
    """Search-validation teaches nothing: it is only measured, on copies of the running statistics."""

    def step(self, training: Batch, validation: Batch, moment: Moment) -> Pair:
        return Pair(self._both(training, moment), self._measured(validation, moment))

    def _both(self, training: Batch, moment: Moment) -> Measured:
        """One step of both optimizers on the gradients of one loss."""
        where = f"{moment.where}, step of weights and architecture"
        weighed = self.supernet.weigh(moment.draw)
        loss, measured = self._loss(training, weighed, where)
        alphas = self.architecture.alphas if self.learns else []
        wanted = [*self.weights, *alphas]
        scaled = self.weight_scale.of(self._penalised(loss))
        gradients = torch.autograd.grad(scaled, wanted, allow_unused=True)
        of_alphas = [_dense(g, a) for g, a in zip(gradients[len(self.weights) :], alphas, strict=True)]
        rescaled = [self.alpha_scale.of(one) for one in self.weight_scale.true(of_alphas)]
        self.step_weights(gradients[: len(self.weights)], where)
        if alphas:
            self.step_alphas(rescaled, weighed, where)
        return measured

    def _measured(self, validation: Batch, moment: Moment) -> Measured:
        values = copied_buffers(self.supernet)
        with torch.no_grad():
            return self._loss(validation, self.supernet.weigh(moment.draw), f"{moment.where}, measured", values)[1]


def _dense(gradient: torch.Tensor | None, alpha: torch.Tensor) -> torch.Tensor:
    return torch.zeros_like(alpha) if gradient is None else gradient


@STRATEGIES.entry("single_level")
def single_level(setting: Setting) -> SingleLevel:
    """Weights and alphas step on the same batch of search-train."""
    return SingleLevel(setting.supernet, setting.recipe, setting.ranks)
