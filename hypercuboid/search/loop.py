"""A search from its first step to the weights it ends with, in a run folder that is usable whenever it stops."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, field

import numpy as np
import torch

from hypercuboid.data.base import DataSet
from hypercuboid.data.batches import batches, epoch_order, step_seed
from hypercuboid.diagnostics import Diagnostic
from hypercuboid.graph.build import Graph
from hypercuboid.graph.selection import Selection, select
from hypercuboid.graph.weights import weights_data
from hypercuboid.network.supernet import Supernet
from hypercuboid.runs.folder import RunFolder
from hypercuboid.runs.keeper import Keeper
from hypercuboid.runs.signals import StopRequest
from hypercuboid.search.bilevel import Batch, Bilevel, Measured
from hypercuboid.search.layout import laid_out, lay_out
from hypercuboid.search.recipe import Recipe

VALIDATION_SEED = 1
"""Added to the seed for the order of search-validation, so that the halves are not walked in step."""


@dataclass(frozen=True)
class Step:
    """Where a search stands after a pair of steps: epochs and steps from 1, running means over the epoch.

    `loss` and `accuracy` are those of the weight steps (search-train); `validation_accuracy` that of search-validation.
    """

    epoch: int
    step: int
    steps: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float


@dataclass(frozen=True)
class Found:
    """What a search ends with: the best selection under the last weights, and those weights by decision."""

    selection: Selection
    weights: dict[str, np.ndarray]


@dataclass
class _Progress:
    """Where a search stands: pairs of steps done, and the means of the epoch that has begun."""

    step: int
    of_weights: _Mean
    of_alphas: _Mean

    def state(self) -> dict[str, tuple[float, int, int]]:
        """What a checkpoint says of it, beside the step."""
        return {"of_weights": astuple(self.of_weights), "of_alphas": astuple(self.of_alphas)}


@dataclass(frozen=True)
class Search:
    """What one search is made of. `watch` is called after every pair of steps.

    A checkpoint is written once `every` seconds have passed since the last, and where `stop` was asked to.
    """

    supernet: Supernet
    data: DataSet
    recipe: Recipe
    run: RunFolder
    device: torch.device
    workers: int = 0
    watch: Callable[[Step], None] = lambda step: None
    stop: StopRequest = field(default_factory=StopRequest)
    every: float = 60.0
    warn: Callable[[Diagnostic], None] = lambda warning: None

    @property
    def graph(self) -> Graph:
        return self.supernet.graph

    def __call__(self) -> Found:
        """Runs all epochs, from the newest whole checkpoint of the run where there is one.

        After each epoch the run folder holds its metrics, weights and the supernet's parameters. Raises Stopped, with
        a checkpoint written, where it was asked to stop, and HC7041 where a number stops being finite.
        """
        self.supernet.to(self.device)
        lay_out(self.supernet)
        bilevel = Bilevel(self.supernet, self.recipe)
        about = {"hash": self.graph.hash, "torch": torch.__version__, "device": str(self.device)}
        keeper = Keeper(self.run, self.stop, self.every, about)
        progress = self._restore(bilevel, keeper)
        found = self._found() if progress.step else self._save()
        for epoch in range(self._first_epoch(progress), self.recipe.epochs + 1):
            begun = time.monotonic()
            last = self._epoch(bilevel, epoch, progress, keeper)
            found = self._save()
            self._log(epoch, last, found.selection, time.monotonic() - begun)
            progress.of_weights, progress.of_alphas = _Mean(), _Mean()
        return found

    def _first_epoch(self, progress: _Progress) -> int:
        """The epoch that has not been logged: after its last step, its means are still there."""
        done, more = divmod(progress.step, steps_per_epoch(self.data, self.recipe))
        return done if not more and progress.of_weights.count else done + 1

    def _restore(self, bilevel: Bilevel, keeper: Keeper) -> _Progress:
        """Where the newest whole checkpoint stands."""
        saved = keeper.newest(self.warn)
        if saved is None:
            return _Progress(0, _Mean(), _Mean())
        bilevel.restore(saved.tensors)
        return _Progress(saved.step, _Mean(*saved.state["of_weights"]), _Mean(*saved.state["of_alphas"]))

    def _batches(self, name: str, seed: int, epoch: int, done: int) -> Iterator[Batch]:
        """The batches of an epoch but for the first `done`."""
        split, batch = self.data.splits[name], self.recipe.batch
        order = epoch_order(len(split), seed, epoch)[: steps_per_epoch(self.data, self.recipe) * batch]
        order = order[done * batch :]
        for x_nchw, y in batches(split, self.recipe.batch, order, self.device, self.workers):
            yield laid_out(x_nchw), y

    def _epoch(self, bilevel: Bilevel, epoch: int, progress: _Progress, keeper: Keeper) -> Step:
        """The rest of a pass over both halves; what is left over after whole batches waits for another epoch."""
        seed, per_epoch = self.recipe.seed, steps_per_epoch(self.data, self.recipe)
        done = progress.step - (epoch - 1) * per_epoch
        training = self._batches("search-train", seed, epoch, done)
        validation = self._batches("search-validation", seed + VALIDATION_SEED, epoch, done)
        bilevel.begin_epoch(epoch)
        self.supernet.train()
        of_weights, of_alphas = progress.of_weights, progress.of_alphas
        for train_batch, validation_batch in zip(training, validation, strict=True):
            step = progress.step + 1
            torch.manual_seed(step_seed(seed, step))
            where, draw = f"epoch {epoch}, step {step}", self.recipe.draw(step, per_epoch * self.recipe.epochs)
            of_alphas.add(bilevel.alpha_step(validation_batch, where, draw))
            of_weights.add(bilevel.weight_step(train_batch, where, draw))
            progress.step = step
            self.watch(_step(epoch, progress, per_epoch * self.recipe.epochs))
            keeper.step_done(step, progress.state, bilevel.tensors)
        return _step(epoch, progress, per_epoch * self.recipe.epochs)

    def _found(self) -> Found:
        weights = self.supernet.architecture_weights()
        return Found(select(self.graph, weights)[0], weights)

    def _save(self) -> Found:
        """Writes the architecture weights and the supernet's parameters as they are now."""
        found = self._found()
        self.run.write_text("weights.json", json.dumps(weights_data(self.graph, found.weights)) + "\n")
        self.run.write_tensors("supernet.safetensors", self.supernet.state_dict())
        return found

    def _log(self, epoch: int, last: Step, selection: Selection, seconds: float) -> None:
        entropies = list(selection.entropy.values())
        self.run.log(
            epoch=epoch,
            lr=self.recipe.rate(epoch),
            loss=last.loss,
            accuracy=last.accuracy,
            validation_loss=last.validation_loss,
            validation_accuracy=last.validation_accuracy,
            entropy=sum(entropies) / len(entropies) if entropies else 0.0,
            score=selection.score,
            margin=selection.margin,
            seconds=round(seconds, 3),
        )


def steps_per_epoch(data: DataSet, recipe: Recipe) -> int:
    """Pairs of steps in an epoch: whole batches of the smaller half, at least one."""
    smaller = min(len(data.splits[name]) for name in ("search-train", "search-validation"))
    return max(1, smaller // recipe.batch)


def steps_of_a_search(data: DataSet, recipe: Recipe) -> int:
    """Pairs of steps in all epochs."""
    return recipe.epochs * steps_per_epoch(data, recipe)


def _step(epoch: int, progress: _Progress, steps: int) -> Step:
    of_weights, of_alphas = progress.of_weights, progress.of_alphas
    means = (of_weights.loss, of_weights.accuracy, of_alphas.loss, of_alphas.accuracy)
    return Step(epoch, progress.step, steps, *means)


@dataclass
class _Mean:
    """Running means of loss and accuracy over an epoch."""

    total: float = 0.0
    correct: int = 0
    count: int = 0

    def add(self, measured: Measured) -> None:
        self.total += measured.loss * measured.count
        self.correct += measured.correct
        self.count += measured.count

    @property
    def loss(self) -> float:
        return self.total / self.count

    @property
    def accuracy(self) -> float:
        return self.correct / self.count
