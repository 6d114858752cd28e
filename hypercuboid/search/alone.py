"""One architecture trained alone for a given number of small steps, and its score."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import torch
from torch import Tensor, nn

from hypercuboid.diagnostics import error
from hypercuboid.graph.build import Graph
from hypercuboid.network.finite import all_finite
from hypercuboid.network.model import Model
from hypercuboid.network.precision import computing
from hypercuboid.runs.keeper import with_prefix, without_prefix
from hypercuboid.runs.optimizers import optimizer_tensors, restore_optimizer
from hypercuboid.runs.restoring import Unfit, restore_module
from hypercuboid.schedules import cosine_power_annealing
from hypercuboid.search.layout import laid_out
from hypercuboid.search.objective import objective_of
from hypercuboid.search.scaling import LossScale
from hypercuboid.search.strategies.base import Batch, Measured, Setting

SCALE = "alone-scale"
HALF = (torch.bfloat16, torch.float16)

LOWER = 0.4
"""Of the rate, for weights that are trained: what a high one costs them at first would outlast a short training."""

NOTHING: Mapping[str, Tensor] = MappingProxyType({})


class Alone:
    """A network under SGD whose rate anneals over its own `steps`: from `lr` to `lr_min` by cosine power annealing
    (Eq. 2), in steps instead of epochs. It begins with fresh weights of a seed; or with those that `shared` has under
    the same name and in the same shape, and at a lower rate.
    """

    def __init__(
        self, graph: Graph, seed: int, steps: int, setting: Setting, shared: Mapping[str, Tensor] = NOTHING
    ) -> None:
        self.recipe, self.device, self.ranks = setting.recipe, setting.device, setting.ranks
        self.steps, self.done, self.objective = steps, 0, objective_of(setting.recipe)
        recipe = self.recipe
        self.highest = recipe.lr * (LOWER if shared else 1.0)
        self.network = Model(graph.space, seed).to(self.device)
        _begin_with(self.network, shared)
        self.network.to(memory_format=torch.channels_last)
        self.optimizer = torch.optim.SGD(
            self.network.parameters(), lr=self.highest, momentum=recipe.momentum, weight_decay=recipe.weight_decay
        )
        self.scale = LossScale(self.optimizer, self.device, recipe.precision)

    @property
    def is_trained(self) -> bool:
        return self.done >= self.steps

    def step(self, batch: Batch, where: str) -> Measured:
        """One step; HC7041 where a number stops being finite."""
        recipe, (x_nchw, y) = self.recipe, batch
        self.done += 1
        for group in self.optimizer.param_groups:
            group["lr"] = self._rate()
        self.network.train()
        logits = self._logits(x_nchw)
        loss = self.objective.loss(logits, y)
        self.optimizer.zero_grad()
        torch.autograd.backward(self.scale.of(loss))
        parameters = list(self.network.parameters())
        for one, gradient in zip(parameters, self.ranks.mean([one.grad for one in parameters]), strict=True):
            one.grad = gradient
        if self.scale.fits():
            nn.utils.clip_grad_norm_(parameters, recipe.clip)
            self.optimizer.step()
        self.ranks.settle(self.network.buffers())
        if not all_finite([loss, *self.network.parameters(), *self.network.buffers()]):
            message = f"a number is not finite in {where}: the loss is {loss.item()}"
            raise error("HC7041", message, help="lower the learning rate, or look at the data")
        scores = self.objective.scores(logits, y)
        return Measured(loss.item(), scores.sum().item(), scores.numel())

    def measure(self, batches: Iterable[Batch]) -> Measured:
        """Mean loss and right answers in eval mode."""
        self.network.eval()
        total, correct, count = 0.0, 0.0, 0
        with torch.no_grad():
            for x_nchw, y in batches:
                logits = self._logits(x_nchw)
                scores = self.objective.scores(logits, y)
                total += self.objective.loss(logits, y).item() * scores.numel()
                correct += scores.sum().item()
                count += scores.numel()
        if not math.isfinite(total):
            raise error("HC7041", "a score is not finite", help="lower the learning rate, or look at the data")
        return Measured(total / count, correct, count)

    def tensors(self) -> dict[str, Tensor]:
        """All that it goes on from, beside `done`."""
        network, scale = with_prefix("alone", self.network.state_dict()), self.scale.tensors(SCALE)
        return network | optimizer_tensors(self.optimizer, "alone-optimizer") | scale

    def restore(self, tensors: Mapping[str, Tensor], done: int) -> None:
        """Puts back what `tensors` gave, bit for bit."""
        if not 0 < done < self.steps:
            raise Unfit(f"{done} of {self.steps} steps are done")
        self.done = done
        restore_module(self.network, without_prefix("alone", tensors))
        restore_optimizer(self.optimizer, "alone-optimizer", tensors)
        self.scale.restore(SCALE, tensors)

    def _logits(self, x_nchw: Tensor) -> Tensor:
        """Those of the network itself: an auxiliary head is for trainings that last."""
        with computing(self.device, self.recipe.precision):
            output = self.network(laid_out(x_nchw))
        logits: Tensor = output[0] if isinstance(output, tuple) else output
        return logits.float() if logits.dtype in HALF else logits

    def _rate(self) -> float:
        low = min(self.recipe.lr_min, self.highest)
        return cosine_power_annealing(self.done, self.steps, self.highest, low, self.recipe.power)


def _begin_with(network: nn.Module, shared: Mapping[str, Tensor]) -> None:
    """Takes over what fits: `unused` and partial channels make widths that the supernet has not."""
    with torch.no_grad():
        for name, own in network.state_dict().items():
            if name in shared and shared[name].shape == own.shape:
                own.copy_(shared[name])
