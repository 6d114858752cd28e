"""A search from its first step to what it ends with, in a run folder that is usable whenever it stops."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import torch

from hypercuboid.data.augment.base import read_augmentation
from hypercuboid.data.base import DataSet
from hypercuboid.data.batches import Loader, step_seed
from hypercuboid.diagnostics import Diagnostic
from hypercuboid.graph.build import Graph
from hypercuboid.graph.weights import weights_data
from hypercuboid.ranks import ALONE, Ranks
from hypercuboid.runs.folder import RunFolder
from hypercuboid.runs.keeper import Keeper
from hypercuboid.runs.listing import read_metrics
from hypercuboid.runs.restoring import fitting
from hypercuboid.runs.scored import write_scored
from hypercuboid.runs.signals import StopRequest
from hypercuboid.runs.weights_history import append_now, cut_history
from hypercuboid.search.guards.capacity import capacity
from hypercuboid.search.guards.collapse import collapse, collapse_warning
from hypercuboid.search.layout import laid_out
from hypercuboid.search.observers import Observed, observe
from hypercuboid.search.progress import Progress, Step
from hypercuboid.search.recipe import Recipe
from hypercuboid.search.strategies import Batch, Found, Measured, Moment, Pair, Strategy

VALIDATION_SEED = 1
"""Added to the seed for the order of search-validation, so that the halves are not walked in step."""


@dataclass(frozen=True)
class Search:
    """What one search is made of. `graph` is that of the space searched; `watch` is called after every step.

    A checkpoint is written once `every` seconds have passed since the last, and where `stop` was asked to. Of several
    `ranks`, each makes every step on its share of the batches, and one writes.
    """

    graph: Graph
    strategy: Strategy
    data: DataSet
    recipe: Recipe
    run: RunFolder
    device: torch.device
    workers: int = 0
    watch: Callable[[Step], None] = lambda step: None
    stop: StopRequest = field(default_factory=StopRequest)
    every: float = 60.0
    warn: Callable[[Diagnostic], None] = lambda warning: None
    ranks: Ranks = ALONE

    def __call__(self) -> Found:
        """Runs all epochs, from the newest whole checkpoint of the run where there is one.

        After each epoch the run folder holds its metrics, weights and the supernet's parameters. Raises Stopped, with
        a checkpoint written, where it was asked to stop, HC7041 where a number stops being finite, HC7801 where the
        ranks cannot share batches, and HC7803 where they hold different numbers.
        """
        self.ranks.check_batch(self.recipe.batch, smaller_half(self.data))
        about = {"hash": self.graph.hash, "torch": torch.__version__, "device": str(self.device)}
        keeper = Keeper(self.run, self.stop, self.every, about, self.ranks)
        progress = self._restore(keeper)
        self._check_equal()
        found = self.strategy.found() if progress.step else self.save()
        for epoch in range(progress.first_epoch(self._per_epoch), self.recipe.epochs + 1):
            begun = time.monotonic()
            self._epoch(epoch, progress, keeper)
            seen = self._seen(epoch)
            more = {**seen, **self.strategy.end_epoch(epoch)}
            self._check_equal()
            found = self.save()
            more |= capacity(self.graph, found.selection.decided, found.weights)
            if self.ranks.is_writer:
                append_now(self.run.path, epoch, found.selection.picks)
            self._log(progress.shown(epoch, self._steps), found, more, time.monotonic() - begun)
            progress.end_epoch()
            if self._gives_up():
                break
        return found

    def _seen(self, epoch: int) -> dict[str, Any]:
        """What observers see; of several ranks they look at one."""
        if not self.ranks.is_writer:
            return {}
        return observe(Observed(epoch, self.strategy, self.recipe, self.run, partial(self._first_batch, epoch)))

    def _check_equal(self) -> None:
        self.ranks.check_equal(self.strategy.tensors())

    def _gives_up(self) -> bool:
        """Whether it is to stop because it has collapsed, which one rank sees for all."""
        collapsed = self.ranks.is_writer and bool(self._collapsed())
        return self.ranks.decide(collapsed) and self.recipe.on_collapse == "stop"

    def _collapsed(self) -> tuple[str, ...]:
        """Why the search has collapsed; warns of it in the epoch in which it is seen first."""
        epochs = read_metrics(self.run.path)
        reasons = collapse(epochs)
        if reasons and not collapse(epochs[:-1]) and self.recipe.on_collapse != "ignore":
            self.warn(collapse_warning(len(epochs), reasons, trains_alone=not self.strategy.shared()))
        return reasons

    def save(self) -> Found:
        """Writes the architecture weights and the supernet's parameters as they are now."""
        found = self.strategy.found()
        self.run.write_text("weights.json", json.dumps(weights_data(self.graph, found.weights)) + "\n")
        shared = self.strategy.shared()
        if shared:
            self.run.write_tensors("supernet.safetensors", shared)
        if found.scores:
            write_scored(self.run, found.scores)
        return found

    @property
    def _per_epoch(self) -> int:
        return steps_per_epoch(self.data, self.recipe)

    @property
    def _steps(self) -> int:
        return steps_of_a_search(self.data, self.recipe)

    def _restore(self, keeper: Keeper) -> Progress:
        """Where the newest whole checkpoint stands."""
        saved = keeper.newest(self.warn)
        if self.ranks.is_writer:
            cut_history(self.run.path, max((one["epoch"] for one in read_metrics(self.run.path)), default=0))
        if saved is None:
            return Progress()
        with fitting(self.run.path):
            self.strategy.restore(saved.tensors, saved.state["strategy"])
            return Progress(saved.step, saved.state)

    @cached_property
    def _loaders(self) -> tuple[Loader, Loader]:
        """Of search-train, augmented, and of search-validation, which is not."""
        recipe, splits = self.recipe, self.data.splits
        augmentation = read_augmentation(recipe.augment, self.data)
        sources = [
            (splits["search-train"], recipe.seed, augmentation),
            (splits["search-validation"], recipe.seed + VALIDATION_SEED, None),
        ]
        training, validation = (
            Loader(split, recipe.batch, self.device, seed, self.workers, augmented, self.ranks)
            for split, seed, augmented in sources
        )
        return training, validation

    def _batches(self, loader: Loader, epoch: int, done: int) -> Iterator[Batch]:
        """The batches of an epoch but for the first `done`."""
        return ((laid_out(x), y) for x, y in loader.epoch(epoch, done, self._per_epoch))

    def _first_batch(self, epoch: int) -> Batch:
        """The first batch of search-validation in an epoch."""
        return next(self._batches(self._loaders[1], epoch, 0))

    def _epoch(self, epoch: int, progress: Progress, keeper: Keeper) -> None:
        """The rest of a pass over both halves; what is left over after whole batches waits for another epoch."""
        seed, done = self.recipe.seed, progress.step - (epoch - 1) * self._per_epoch
        training, validation = (self._batches(loader, epoch, done) for loader in self._loaders)
        self.strategy.begin_epoch(epoch)
        supernet = self.strategy.supernet
        if supernet is not None:
            supernet.train()
        for train_batch, validation_batch in zip(training, validation, strict=True):
            moment = self._moment(epoch, progress.step + 1)
            torch.manual_seed(step_seed(seed, moment.step, self.ranks.rank))
            progress.add(self._of_all(self.strategy.step(train_batch, validation_batch, moment)))
            self.ranks.settle(() if supernet is None else supernet.buffers())
            self.watch(progress.shown(epoch, self._steps))
            keeper.step_done(progress.step, lambda: self._state(progress), self.strategy.tensors)

    def _of_all(self, pair: Pair) -> Pair:
        """What all ranks measured together."""
        if self.ranks.size == 1:
            return pair
        parts = (pair.weights, pair.alphas)
        sums = self.ranks.total([number for one in parts for number in (one.loss * one.count, one.correct, one.count)])
        return Pair(*(Measured(sums[i] / sums[i + 2], sums[i + 1], int(sums[i + 2])) for i in (0, 3)))

    def _state(self, progress: Progress) -> Mapping[str, Any]:
        return {**progress.state(), "strategy": self.strategy.state()}

    def _moment(self, epoch: int, step: int) -> Moment:
        """What the weighting may use in a step depends on the seed and the step alone."""
        return Moment(epoch, step, self.recipe.draw(step, self._steps))

    def _log(self, last: Step, found: Found, more: Mapping[str, Any], seconds: float) -> None:
        entropies = list(found.selection.entropy.values())
        self.run.log(
            epoch=last.epoch,
            lr=self.recipe.rate(last.epoch),
            loss=last.loss,
            accuracy=last.accuracy,
            validation_loss=last.validation_loss,
            validation_accuracy=last.validation_accuracy,
            entropy=sum(entropies) / len(entropies) if entropies else 0.0,
            score=found.selection.score,
            margin=found.selection.margin,
            **more,
            seconds=round(seconds, 3),
        )


def smaller_half(data: DataSet) -> int:
    """The inputs of the smaller of the halves that a search reads."""
    return min(len(data.splits[name]) for name in ("search-train", "search-validation"))


def steps_per_epoch(data: DataSet, recipe: Recipe) -> int:
    """Steps in an epoch: whole batches of the smaller half, at least one."""
    return max(1, smaller_half(data) // recipe.batch)


def steps_of_a_search(data: DataSet, recipe: Recipe) -> int:
    """Steps in all epochs."""
    return recipe.epochs * steps_per_epoch(data, recipe)
