"""What makes the steps of a training: a network with its optimizer, its precision and the average of its weights."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from hypercuboid.network.precision import computing
from hypercuboid.ranks import ALONE, Ranks
from hypercuboid.runs.keeper import with_prefix, without_prefix
from hypercuboid.runs.optimizers import optimizer_tensors, restore_optimizer
from hypercuboid.runs.restoring import restore_module
from hypercuboid.search.layout import laid_out
from hypercuboid.search.objective import objective_of
from hypercuboid.search.scaling import LossScale
from hypercuboid.training.annealing import CosinePowerAnnealing
from hypercuboid.training.averaging import moving_average
from hypercuboid.training.compiling import compiled
from hypercuboid.training.drop_path import set_drop_path
from hypercuboid.training.recipe import Recipe

SCALE = "loss-scale"


class Engine:
    """SGD over all parameters of a network, as its recipe says; the network is on its device already.

    Each of `ranks` computes with its share of a batch, and all step along the mean over the batch.
    """

    def __init__(self, network: nn.Module, recipe: Recipe, device: torch.device, ranks: Ranks = ALONE) -> None:
        if recipe.channels_last:
            network.to(memory_format=torch.channels_last)
        self.network, self.recipe, self.device, self.ranks = network, recipe, device, ranks
        self.objective = objective_of(recipe, recipe.label_smoothing)
        self.average = moving_average(network, recipe.ema) if recipe.ema else None
        self.optimizer = torch.optim.SGD(
            network.parameters(), lr=recipe.lr, momentum=recipe.momentum, weight_decay=recipe.weight_decay
        )
        self.scale = LossScale(self.optimizer, device, recipe.precision)
        self._run = compiled(network) if recipe.compile else network

    @property
    def scored(self) -> nn.Module:
        """The network that is scored and kept."""
        return self.network if self.average is None else self.average.module

    def begin_epoch(self, epoch: int) -> None:
        """Rate and drop path of an epoch, from 1: they follow from the epoch alone, also where a training goes on."""
        recipe = self.recipe
        for group in self.optimizer.param_groups:
            group["initial_lr"] = recipe.lr
        restarts = (recipe.restart_after, recipe.restart_factor, recipe.restart_decay)
        settings = (recipe.epochs, recipe.lr_min, recipe.power, recipe.warmup, *restarts)
        CosinePowerAnnealing(self.optimizer, *settings, last_epoch=epoch - 2)
        set_drop_path(self.network, recipe.drop_path_in(epoch))
        self.network.train()

    def step(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """One step; the loss and the logits (B, classes), or (B, T, classes) for tokens, before it.

        Losses are computed in float32. In fp16 they are scaled before the backward pass, and a step whose gradients
        overflow is left out: the scale is then halved.
        """
        loss, logits = self._forward(x, y)
        self.optimizer.zero_grad()
        torch.autograd.backward(self.scale.of(loss))
        self._reduce(y.numel())
        if self.scale.fits():
            nn.utils.clip_grad_norm_(self.network.parameters(), self.recipe.clip)
            self.optimizer.step()
        self.ranks.settle(self.network.buffers())
        if self.average is not None:
            self.average.update_parameters(self.network)
        return loss.detach(), logits.detach()

    def _reduce(self, count: int) -> None:
        """The mean over ranks of the gradients, of losses of so many answers each."""
        learning = [one for one in self.network.parameters() if one.grad is not None]
        gradients = self.ranks.mean([one.grad for one in learning], count)
        for one, gradient in zip(learning, gradients, strict=True):
            one.grad = gradient

    def _forward(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        recipe = self.recipe
        with computing(self.device, recipe.precision):
            output = self._run(laid_out(x) if recipe.channels_last else x)
        logits, auxiliary = output if isinstance(output, tuple) else (output, None)
        loss = self.objective.loss(_whole(logits), y)
        if auxiliary is not None:
            loss = loss + recipe.auxiliary * self.objective.loss(_whole(auxiliary), y)
        return loss, logits

    # ------------------------------------------------------------ what a training goes on from

    def tensors(self) -> dict[str, Tensor]:
        """Network, average, what the optimizer remembers, and the scale of losses in fp16."""
        network = with_prefix("network", self.network.state_dict())
        average = {} if self.average is None else with_prefix("average", self.average.state_dict())
        return {**network, **average, **optimizer_tensors(self.optimizer, "optimizer"), **self.scale.tensors(SCALE)}

    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        """Puts back what `tensors` gave, bit for bit."""
        restore_module(self.network, without_prefix("network", tensors))
        if self.average is not None:
            restore_module(self.average, without_prefix("average", tensors))
        restore_optimizer(self.optimizer, "optimizer", tensors)
        self.scale.restore(SCALE, tensors)


def _whole(logits: Tensor) -> Tensor:
    """Half formats as float32; others stay."""
    return logits.float() if logits.dtype in (torch.bfloat16, torch.float16) else logits
