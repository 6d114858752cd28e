"""Training of one network from scratch, and its score on the test split."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel

from hypercuboid.data.augment.base import read_augmentation
from hypercuboid.data.base import DataSet, Split
from hypercuboid.data.batches import Loader, batches, epoch_order, step_seed
from hypercuboid.diagnostics import error
from hypercuboid.network.finite import all_finite
from hypercuboid.runs.intervals import binomial_interval
from hypercuboid.search.passes import loss_of
from hypercuboid.training.annealing import CosinePowerAnnealing
from hypercuboid.training.averaging import moving_average
from hypercuboid.training.drop_path import set_drop_path
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
    """Correct answers of so many, with the exact 95 % interval of the accuracy; `more` are those on other test sets."""

    correct: int
    total: int
    more: Mapping[str, Score] = field(default_factory=dict)

    @property
    def accuracy(self) -> float:
        return self.correct / self.total

    @property
    def interval(self) -> tuple[float, float]:
        return binomial_interval(self.correct, self.total)


@dataclass(frozen=True)
class Training:
    """What one training is made of."""

    network: nn.Module
    data: DataSet
    recipe: Recipe
    seed: int
    device: torch.device
    workers: int = 0

    @cached_property
    def loader(self) -> Loader:
        """Of the training inputs, augmented."""
        recipe = self.recipe
        augmentation = read_augmentation(recipe.augment, self.data)
        return Loader(self.data.splits["train"], recipe.batch, self.device, self.seed, self.workers, augmentation)

    def optimizer(self) -> torch.optim.Optimizer:
        """SGD over all parameters of the network, which is on its device already."""
        recipe = self.recipe
        return torch.optim.SGD(
            self.network.parameters(), lr=recipe.lr, momentum=recipe.momentum, weight_decay=recipe.weight_decay
        )

    @cached_property
    def average(self) -> AveragedModel | None:
        """The moving average of the network, where the recipe has one."""
        return moving_average(self.network, self.recipe.ema) if self.recipe.ema else None

    @property
    def scored(self) -> nn.Module:
        """The network that is scored and kept."""
        return self.network if self.average is None else self.average.module

    def run(
        self, optimizer: torch.optim.Optimizer, progress: Progress, watch: Callable[[Step], None] = lambda step: None
    ) -> Score:
        """Trains on the split `train` from where `progress` stands, which moves on with every step.

        `watch` is called after every step. Scores on `test`, and on what other test sets there are.

        HC7041 where a number stops being finite.
        """
        per_epoch = -(-len(self.data.splits["train"]) // self.recipe.batch)
        for epoch in range(progress.step // per_epoch + 1, self.recipe.epochs + 1):
            _anneal(optimizer, self.recipe, epoch)
            set_drop_path(self.network, self.recipe.drop_path_in(epoch))
            for step in self._epoch(epoch, per_epoch, optimizer, progress):
                watch(step)
        tests = {name: self.data.splits[name] for name in self.data.more_tests}
        more = {name: score(self.scored, split, self.device) for name, split in tests.items()}
        return replace(score(self.scored, self.data.splits["test"], self.device), more=more)

    def _epoch(
        self, epoch: int, per_epoch: int, optimizer: torch.optim.Optimizer, progress: Progress
    ) -> Iterator[Step]:
        """The rest of an epoch, step by step."""
        recipe = self.recipe
        self.network.train()
        for x, y in self.loader.epoch(epoch, progress.step % per_epoch):
            step = progress.step + 1
            torch.manual_seed(step_seed(self.seed, step))
            loss, logits = self._step(optimizer, x, y)
            if not all_finite([loss, *self.network.parameters(), *self.network.buffers()]):
                message = f"a number is not finite in epoch {epoch}, step {step}: the loss is {loss.item()}"
                raise error("HC7041", message, help="lower the learning rate, or look at the data")
            if self.average is not None:
                self.average.update_parameters(self.network)
            progress.add(loss.item(), int((logits.argmax(-1) == y).sum()), y.numel())
            done, steps = step % per_epoch == 0, per_epoch * recipe.epochs
            reached = Step(epoch, step, steps, progress.total / progress.seen, progress.correct / progress.seen, done)
            if done:
                progress.begin_epoch()
            yield reached

    def _step(
        self, optimizer: torch.optim.Optimizer, x: torch.Tensor, y: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """One step; the loss and the logits (B, classes), or (B, T, classes) for tokens, before it."""
        output = self.network(x)
        logits, auxiliary = output if isinstance(output, tuple) else (output, None)
        smoothing = self.recipe.label_smoothing
        loss = loss_of(logits, y, smoothing)
        if auxiliary is not None:
            loss = loss + self.recipe.auxiliary * loss_of(auxiliary, y, smoothing)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(self.network.parameters(), self.recipe.clip)
        optimizer.step()
        return loss.detach(), logits.detach()


def _anneal(optimizer: torch.optim.Optimizer, recipe: Recipe, epoch: int) -> None:
    """Sets the rates of an epoch, from 1: they follow from the epoch alone, also where a training goes on."""
    for group in optimizer.param_groups:
        group["initial_lr"] = recipe.lr
    restarts = (recipe.restart_after, recipe.restart_factor, recipe.restart_decay)
    settings = (recipe.epochs, recipe.lr_min, recipe.power, recipe.warmup, *restarts)
    CosinePowerAnnealing(optimizer, *settings, last_epoch=epoch - 2)


def score(network: nn.Module, split: Split, device: torch.device, batch: int = 512) -> Score:
    """How many of a split (of its tokens, where it has them) the network in eval mode gets right."""
    order = epoch_order(len(split), 0, 0)
    network.eval()
    with torch.no_grad():
        correct = sum(int((network(x).argmax(-1) == y).sum()) for x, y in batches(split, batch, order, device))
    return Score(correct, split.y.size)
