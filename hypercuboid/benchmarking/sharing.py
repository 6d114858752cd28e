"""Whether shared weights rank architectures as training each of them alone does, on real data, at a small size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from hypercuboid.data.base import DataSet
from hypercuboid.data.batches import batches, epoch_order, step_seed
from hypercuboid.graph.selection.uniform import architecture
from hypercuboid.network.model import Model
from hypercuboid.network.supernet import Supernet
from hypercuboid.pipeline import Space
from hypercuboid.resources import resource
from hypercuboid.runs.comparisons import kendall_tau
from hypercuboid.search.blackbox.random_search import RandomSearch
from hypercuboid.search.layout import laid_out, lay_out
from hypercuboid.search.recipe import Recipe
from hypercuboid.search.strategies.base import Batch, Measured
from hypercuboid.search.strategies.bilevel import Bilevel
from hypercuboid.search.strategies.shared_weights import SharedWeights
from hypercuboid.searching import load_for_data
from hypercuboid.training.engine import Engine
from hypercuboid.training.recipe import Recipe as TrainingRecipe
from hypercuboid.training.train import Progress, Training

SIZE = ("c=4", "head=32")
"""An eighth of the width that its authors trained, and a fortieth of that of the last layer."""

CPU = torch.device("cpu")


@dataclass(frozen=True)
class Tried:
    """An architecture: how it did on search-validation with shared weights, and on test after training alone, once for
    each of two seeds.
    """

    number: int
    params: int
    shared: Measured
    alone: tuple[Measured, Measured]


@dataclass(frozen=True)
class Agreement:
    """Kendall's tau of two rankings of a sample, with the interval (95 %) of a bootstrap over its architectures."""

    what: str
    by: str
    tau: float
    low: float
    high: float


@dataclass(frozen=True)
class Sharing:
    """What is to be done: epochs of the supernet and of each training alone, how many architectures, the seed."""

    data: DataSet
    sample: int = 20
    search_epochs: int = 60
    train_epochs: int = 15
    seed: int = 0

    def space(self) -> Space:
        """NAS-Bench-Macro's, small, for the images of the data."""
        return load_for_data(str(resource("spaces", "nas_bench_macro.hc")), "NASBenchMacro", SIZE, (), self.data)

    def run(self, watch: Callable[[str], None] = lambda what: None) -> list[Tried]:
        """Trains everything; the sample is drawn uniformly, none twice."""
        space = self.space()
        watch("the supernet")
        supernet, drawn = self._supernet(space), RandomSearch(space.graph, self.seed)
        scorer = SharedWeights(supernet, self._batches("search-train", 4), self._batches("search-validation"))
        found = []
        for position in range(self.sample):
            watch(f"architecture {position + 1} of {self.sample}")
            found.append(self._tried(space, drawn.ask(), scorer))
        return found

    def _supernet(self, space: Space) -> Supernet:
        """Uniform single paths, on search-train."""
        recipe = Recipe(epochs=self.search_epochs, seed=self.seed, weighting="uniform", lr=0.05, power=1.0)
        supernet = space.supernet("uniform", self.seed)
        lay_out(supernet)
        trainer, split = Bilevel(supernet, recipe), self.data.splits["search-train"]
        per_epoch = len(split) // recipe.batch
        for epoch in range(1, recipe.epochs + 1):
            trainer.begin_epoch(epoch)
            order = epoch_order(len(split), self.seed, epoch)[: per_epoch * recipe.batch]
            for place, (x_nchw, y) in enumerate(batches(split, recipe.batch, order, CPU)):
                step = (epoch - 1) * per_epoch + place + 1
                torch.manual_seed(step_seed(self.seed, step))
                draw = recipe.draw(step, recipe.epochs * per_epoch)
                trainer.weight_step((laid_out(x_nchw), y), f"epoch {epoch}, step {step}", draw)
        return supernet

    def _tried(self, space: Space, number: int, scorer: SharedWeights) -> Tried:
        decided = architecture(space.graph, number)
        alone = Space(replace(space.request, binding=(*space.request.binding, *decided)))
        params = alone.counts().params
        assert params is not None
        return Tried(number, params, scorer.measure(number), (self._alone(alone, 0), self._alone(alone, 1)))

    def _alone(self, space: Space, more: int) -> Measured:
        """From scratch, on both halves of the training images."""
        seed = self.seed + more
        network = Model(space.elaborated, seed)
        recipe = TrainingRecipe(epochs=self.train_epochs)
        training = Training(Engine(network, recipe, CPU), self.data, seed)
        training.run(Progress())
        return _measured(network, self._batches("test"))

    def _batches(self, name: str, most: int | None = None) -> list[Batch]:
        split = self.data.splits[name]
        order = epoch_order(len(split), self.seed, 0)
        order = order if most is None else order[: most * 64]
        return [(laid_out(x_nchw), y) for x_nchw, y in batches(split, 64, order, CPU)]


def agreements(tried: Sequence[Tried]) -> list[Agreement]:
    """Of shared weights, and of the number of parameters, with training alone (the mean over its seeds); and of
    training alone with another seed, which is the most that can be asked for.
    """
    found = []
    for by, of in (("accuracy", _accuracy), ("loss", _negative_loss)):
        alone = [sum(map(of, one.alone)) / 2 for one in tried]
        first, second = ([of(one.alone[seed]) for one in tried] for seed in (0, 1))
        found += [
            _agreement("shared weights", by, [of(one.shared) for one in tried], alone),
            _agreement("more params", by, [float(one.params) for one in tried], alone),
            _agreement("another seed", by, first, second),
        ]
    return found


def _accuracy(measured: Measured) -> float:
    return measured.correct / measured.count


def _negative_loss(measured: Measured) -> float:
    return -measured.loss


def _agreement(what: str, by: str, first: Sequence[float], second: Sequence[float]) -> Agreement:
    """The interval holds the middle 95 % of 2,000 resamples of the architectures.

    tau-b is the correlation of the signs of all differences; a resample picks rows and columns of these.
    """
    one, other = (np.sign(np.subtract.outer(values, values)) for values in (first, second))
    generator, taus = np.random.default_rng(0), []
    for _ in range(2000):
        chosen = np.ix_(*[generator.integers(len(first), size=len(first))] * 2)
        size = np.sqrt(np.square(one[chosen]).sum() * np.square(other[chosen]).sum())
        taus.append(float((one[chosen] * other[chosen]).sum() / size) if size else 0.0)
    low, high = np.quantile(taus, [0.025, 0.975])
    return Agreement(what, by, kendall_tau(first, second), float(low), float(high))


def _measured(network: nn.Module, some: Sequence[Batch]) -> Measured:
    network.eval()
    total, correct, count = 0.0, 0, 0
    with torch.no_grad():
        for x_nchw, y in some:
            logits = network(x_nchw)
            total += float(F.cross_entropy(logits, y)) * len(y)
            correct += int((logits.argmax(-1) == y).sum())
            count += len(y)
    return Measured(total / count, correct, count)
