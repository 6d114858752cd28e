"""Training of one network from scratch, and its score on the test split."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from hypercuboid.data.base import DataSet, Split
from hypercuboid.data.batches import batches, epoch_order, step_seed
from hypercuboid.diagnostics import error
from hypercuboid.network.finite import all_finite
from hypercuboid.runs.intervals import binomial_interval
from hypercuboid.schedules import cosine_power_annealing
from hypercuboid.training.recipe import Recipe


@dataclass(frozen=True)
class Step:
    """Where a training stands after a step: epochs from 1, steps of the whole training from 1, running means."""

    epoch: int
    step: int
    steps: int
    loss: float
    accuracy: float
    epoch_done: bool


@dataclass
class Progress:
    """Steps done, and the sums over the epoch that has begun: loss times images, right answers, images."""

    step: int = 0
    total: float = 0.0
    correct: int = 0
    seen: int = 0

    def add(self, loss: float, correct: int, seen: int) -> None:
        """One more step."""
        self.step += 1
        self.total += loss * seen
        self.correct += correct
        self.seen += seen

    def begin_epoch(self) -> None:
        """The sums begin anew."""
        self.total, self.correct, self.seen = 0.0, 0, 0


@dataclass(frozen=True)
class Score:
    """Correct answers of so many, with the exact 95 % interval of the accuracy."""

    correct: int
    total: int

    @property
    def accuracy(self) -> float:
        return self.correct / self.total

    @property
    def interval(self) -> tuple[float, float]:
        return binomial_interval(self.correct, self.total)


@dataclass(frozen=True)
class Training:
    """What one training is made of. `watch` is called after every step."""

    network: nn.Module
    data: DataSet
    recipe: Recipe
    seed: int
    device: torch.device
    workers: int = 0
    watch: Callable[[Step], None] = lambda step: None

    def optimizer(self) -> torch.optim.Optimizer:
        """SGD over all parameters of the network, which is on its device already."""
        recipe = self.recipe
        return torch.optim.SGD(
            self.network.parameters(), lr=recipe.lr, momentum=recipe.momentum, weight_decay=recipe.weight_decay
        )

    def run(self, optimizer: torch.optim.Optimizer, progress: Progress) -> Score:
        """Trains on the split `train` from where `progress` stands, which moves on with every step; scores on `test`.

        HC7041 where a number stops being finite.
        """
        per_epoch = -(-len(self.data.splits["train"]) // self.recipe.batch)
        for epoch in range(progress.step // per_epoch + 1, self.recipe.epochs + 1):
            for group in optimizer.param_groups:
                group["lr"] = learning_rate(self.recipe, epoch)
            self._epoch(epoch, per_epoch, optimizer, progress)
        return score(self.network, self.data.splits["test"], self.device)

    def _epoch(self, epoch: int, per_epoch: int, optimizer: torch.optim.Optimizer, progress: Progress) -> None:
        split, recipe = self.data.splits["train"], self.recipe
        order = epoch_order(len(split), self.seed, epoch)[(progress.step % per_epoch) * recipe.batch :]
        self.network.train()
        for x_nchw, y in batches(split, recipe.batch, order, self.device, self.workers):
            step = progress.step + 1
            torch.manual_seed(step_seed(self.seed, step))
            loss, logits = self._step(optimizer, shifted(x_nchw, recipe.shift), y)
            if not all_finite([loss, *self.network.parameters(), *self.network.buffers()]):
                message = f"a number is not finite in epoch {epoch}, step {step}: the loss is {loss.item()}"
                raise error("HC7041", message, help="lower the learning rate, or look at the data")
            progress.add(loss.item(), int((logits.argmax(1) == y).sum()), len(y))
            done, steps = step % per_epoch == 0, per_epoch * recipe.epochs
            reached = Step(epoch, step, steps, progress.total / progress.seen, progress.correct / progress.seen, done)
            if done:
                progress.begin_epoch()
            self.watch(reached)

    def _step(
        self, optimizer: torch.optim.Optimizer, x_nchw: torch.Tensor, y: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """One step; the loss and the logits (B, classes) before it."""
        output = self.network(x_nchw)
        logits, auxiliary = output if isinstance(output, tuple) else (output, None)
        loss = F.cross_entropy(logits, y)
        if auxiliary is not None:
            loss = loss + self.recipe.auxiliary * F.cross_entropy(auxiliary, y)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(self.network.parameters(), self.recipe.clip)
        optimizer.step()
        return loss.detach(), logits.detach()


def learning_rate(recipe: Recipe, epoch: int) -> float:
    """The rate of an epoch, from 1."""
    return cosine_power_annealing(epoch, recipe.epochs, recipe.lr, recipe.lr_min, recipe.power, recipe.warmup)


def score(network: nn.Module, split: Split, device: torch.device, batch: int = 512) -> Score:
    """How many of a split the network in eval mode gets right."""
    order = epoch_order(len(split), 0, 0)
    network.eval()
    with torch.no_grad():
        correct = sum(int((network(x).argmax(1) == y).sum()) for x, y in batches(split, batch, order, device))
    return Score(correct, len(split))


def shifted(x_nchw: torch.Tensor, most: int) -> torch.Tensor:
    """Every image (C, H, W) of a batch moved by up to `most` pixels each way, by torch's generator."""
    if most == 0:
        return x_nchw
    count, channels, height, width = x_nchw.shape
    padded = F.pad(x_nchw, [most] * 4)
    down, right = torch.randint(0, 2 * most + 1, (2, count, 1), device=x_nchw.device)
    rows = (down + torch.arange(height, device=x_nchw.device))[:, None, :, None].expand(
        -1, channels, -1, width + 2 * most
    )
    columns = (right + torch.arange(width, device=x_nchw.device))[:, None, None, :].expand(-1, channels, height, -1)
    return padded.gather(2, rows).gather(3, columns)
