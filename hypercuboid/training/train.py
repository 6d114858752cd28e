"""Training of one network from scratch, and its score on the test split."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import torch
from torch import nn

from hypercuboid.data.augment.base import read_augmentation
from hypercuboid.data.base import DataSet, Split
from hypercuboid.data.batches import Loader, batches, epoch_order, step_seed
from hypercuboid.diagnostics import error
from hypercuboid.network.finite import all_finite
from hypercuboid.ranks import ALONE, Ranks
from hypercuboid.runs.intervals import binomial_interval, normal_interval
from hypercuboid.search.objective import METRICS, Objective
from hypercuboid.training.engine import Engine
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
    correct: float = 0
    seen: int = 0

    def add(self, loss: float, correct: float, seen: int) -> None:
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
    """The sum of the scores of so many inputs (or places of them), under accuracy how many are right.

    `squares` is the sum of the squares of scores that are not only right or wrong; `metric` is what they are called,
    and `more` are those on other test sets.
    """

    correct: float
    total: int
    more: Mapping[str, Score] = field(default_factory=dict)
    metric: str = METRICS["class"]
    squares: float | None = None

    @property
    def accuracy(self) -> float:
        """The mean score."""
        return self.correct / self.total

    @property
    def interval(self) -> tuple[float, float]:
        """Of the mean, 95 %: exact of right and wrong, else by the normal distribution."""
        if self.squares is None:
            return binomial_interval(int(self.correct), self.total)
        return normal_interval(self.correct, self.squares, self.total)


@dataclass(frozen=True)
class Training:
    """What one training is made of."""

    engine: Engine
    data: DataSet
    seed: int
    workers: int = 0

    @property
    def recipe(self) -> Recipe:
        return self.engine.recipe

    @cached_property
    def loader(self) -> Loader:
        """Of the training inputs, augmented."""
        augmentation = read_augmentation(self.recipe.augment, self.data)
        split, device = self.data.splits["train"], self.engine.device
        return Loader(split, self.recipe.batch, device, self.seed, self.workers, augmentation, self.engine.ranks)

    def run(self, progress: Progress, watch: Callable[[Step], None] = lambda step: None) -> Score:
        """Trains on the split `train` from where `progress` stands, which moves on with every step.

        `watch` is called after every step. Scores on `test`, and on what other test sets there are.

        HC7041 where a number stops being finite, HC7801 where the ranks cannot share batches.
        """
        images, ranks = len(self.data.splits["train"]), self.engine.ranks
        ranks.check_batch(self.recipe.batch, images)
        ranks.check_equal(self.engine.tensors())
        per_epoch = -(-images // self.recipe.batch)
        for epoch in range(progress.step // per_epoch + 1, self.recipe.epochs + 1):
            for step in self._epoch(epoch, per_epoch, progress):
                watch(step)
            ranks.check_equal(self.engine.tensors())
        metric = self.engine.objective.metric_name(self.data)
        found = {name: replace(self._score(name), metric=metric) for name in ("test", *self.data.more_tests)}
        return replace(found.pop("test"), more=found)

    def _score(self, name: str) -> Score:
        engine = self.engine
        return score(
            engine.scored, self.data.splits[name], engine.device, ranks=engine.ranks, objective=engine.objective
        )

    def _epoch(self, epoch: int, per_epoch: int, progress: Progress) -> Iterator[Step]:
        """The rest of an epoch, step by step."""
        self.engine.begin_epoch(epoch)
        network, ranks, steps = self.engine.network, self.engine.ranks, per_epoch * self.recipe.epochs
        for x, y in self.loader.epoch(epoch, progress.step % per_epoch):
            step = progress.step + 1
            torch.manual_seed(step_seed(self.seed, step, ranks.rank))
            loss, logits = self.engine.step(x, y)
            if not all_finite([loss, *network.parameters(), *network.buffers()]):
                message = f"a number is not finite in epoch {epoch}, step {step}: the loss is {loss.item()}"
                raise error("HC7041", message, help="lower the learning rate, or look at the data")
            scores = self.engine.objective.scores(logits.float(), y)
            progress.add(*_of_all(ranks, loss.item(), scores.sum().item(), scores.numel()))
            done = step % per_epoch == 0
            reached = Step(epoch, step, steps, progress.total / progress.seen, progress.correct / progress.seen, done)
            if done:
                progress.begin_epoch()
            yield reached


def _of_all(ranks: Ranks, loss: float, correct: float, seen: int) -> tuple[float, float, int]:
    """Mean loss, sum of scores and number of scores of all ranks together."""
    if ranks.size == 1:
        return loss, correct, seen
    total, right, answers = ranks.total((loss * seen, correct, seen))
    return total / answers, right, int(answers)


def score(
    network: nn.Module,
    split: Split,
    device: torch.device,
    batch: int = 512,
    ranks: Ranks = ALONE,
    objective: Objective | None = None,
) -> Score:
    """The scores of a split (of its tokens or pixels, where those have targets) by the network in eval mode.

    Each rank answers its part of the split.
    """
    order, metric = epoch_order(len(split), 0, 0)[ranks.rank :: ranks.size], objective or Objective()
    network.eval()
    with torch.no_grad():
        found = [metric.scores(network(x), y) for x, y in batches(split, batch, order, device)]
    shares = all(one.dtype == torch.bool for one in found)
    sums = [sum(one.double().pow(power).sum().item() for one in found) for power in (1, 2)]
    correct, squares, total, measured = ranks.total((*sums, sum(one.numel() for one in found), not shares))
    return Score(correct, int(total), squares=squares) if measured else Score(int(correct), int(total))
