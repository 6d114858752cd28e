"""A search from its first step to the weights it ends with, in a run folder that is usable whenever it stops."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch

from hypercuboid.data.base import DataSet
from hypercuboid.data.batches import batches, epoch_order, step_seed
from hypercuboid.graph.build import Graph
from hypercuboid.graph.selection import Selection, select
from hypercuboid.graph.weights import weights_data
from hypercuboid.network.supernet import Supernet
from hypercuboid.runs.folder import RunFolder
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


@dataclass(frozen=True)
class Search:
    """What one search is made of. `watch` is called after every pair of steps."""

    supernet: Supernet
    data: DataSet
    recipe: Recipe
    run: RunFolder
    device: torch.device
    workers: int = 0
    watch: Callable[[Step], None] = lambda step: None

    @property
    def graph(self) -> Graph:
        return self.supernet.graph

    def __call__(self) -> Found:
        """Runs all epochs; after each the run folder holds its metrics, weights and the supernet's parameters.

        An interruption leaves those of the last whole epoch. HC7041 where a loss stops being finite.
        """
        self.supernet.to(self.device)
        lay_out(self.supernet)
        bilevel = Bilevel(self.supernet, self.recipe)
        found = self._save()
        for epoch in range(1, self.recipe.epochs + 1):
            begun = time.monotonic()
            last = self._epoch(bilevel, epoch)
            found = self._save()
            self._log(epoch, last, found.selection, time.monotonic() - begun)
        return found

    def _batches(self, name: str, seed: int, epoch: int) -> Iterator[Batch]:
        split = self.data.splits[name]
        order = epoch_order(len(split), seed, epoch)[: steps_per_epoch(self.data, self.recipe) * self.recipe.batch]
        for x_nchw, y in batches(split, self.recipe.batch, order, self.device, self.workers):
            yield laid_out(x_nchw), y

    def _epoch(self, bilevel: Bilevel, epoch: int) -> Step:
        """One pass over both halves; what is left over after whole batches waits for another epoch's order."""
        seed, per_epoch = self.recipe.seed, steps_per_epoch(self.data, self.recipe)
        training = self._batches("search-train", seed, epoch)
        validation = self._batches("search-validation", seed + VALIDATION_SEED, epoch)
        bilevel.begin_epoch(epoch)
        self.supernet.train()
        of_weights, of_alphas = _Mean(), _Mean()
        for number, (train_batch, validation_batch) in enumerate(zip(training, validation, strict=True), 1):
            step = (epoch - 1) * per_epoch + number
            torch.manual_seed(step_seed(seed, step))
            of_alphas.add(bilevel.alpha_step(validation_batch, f"epoch {epoch}, step {step}"))
            of_weights.add(bilevel.weight_step(train_batch, f"epoch {epoch}, step {step}"))
            done = Step(
                epoch,
                step,
                per_epoch * self.recipe.epochs,
                of_weights.loss,
                of_weights.accuracy,
                of_alphas.loss,
                of_alphas.accuracy,
            )
            self.watch(done)
        return done

    def _save(self) -> Found:
        """Writes the architecture weights and the supernet's parameters as they are now."""
        weights = self.supernet.architecture_weights()
        self.run.write_text("weights.json", json.dumps(weights_data(self.graph, weights)) + "\n")
        self.run.write_tensors("supernet.safetensors", self.supernet.state_dict())
        return Found(select(self.graph, weights)[0], weights)

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


class _Mean:
    """Running means of loss and accuracy over an epoch."""

    def __init__(self) -> None:
        self.total, self.correct, self.count = 0.0, 0, 0

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
