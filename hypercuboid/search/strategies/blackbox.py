"""Black-box search with shared weights: single paths are trained, then whole architectures are scored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

import numpy as np
from torch import Tensor

from hypercuboid.data.batches import batches, epoch_order
from hypercuboid.graph.groups import groups
from hypercuboid.graph.selection import Selection
from hypercuboid.graph.selection.entropy import entropy
from hypercuboid.graph.selection.result import record
from hypercuboid.graph.selection.uniform import architecture
from hypercuboid.network.kept import kept_masks
from hypercuboid.search.blackbox import BLACK_BOX, black_box
from hypercuboid.search.blackbox.trials import Trials
from hypercuboid.search.layout import laid_out
from hypercuboid.search.strategies.base import STRATEGIES, Batch, Found, Moment, Pair, Setting
from hypercuboid.search.strategies.bilevel import Bilevel
from hypercuboid.search.strategies.shared_weights import SharedWeights

BEST_SHARE = 10
"""One in so many of the scored architectures counts as good in the weights of a run."""


class BlackBoxSearch:
    """Two phases (SPOS, Guo et al. 2020): the last steps score `evaluations` architectures, all before train weights.

    A step of training takes one path, drawn uniformly from all architectures (the weighting of the recipe is not used),
    and never sees search-validation. In a step of scoring the weights stand still; it makes its share of rounds of ask,
    score and tell. `evaluations` counts different architectures.
    """

    def __init__(self, name: str, setting: Setting) -> None:
        self.setting, self.recipe = setting, setting.recipe
        self.supernet = setting.supernet
        self.supernet.weighting = "uniform"
        self.trainer = Bilevel(self.supernet, self.recipe, setting.ranks)
        self.trials = Trials(black_box(name, self.supernet.graph, self.recipe.seed), self._score)
        self.steps = self.recipe.epochs * _steps_per_epoch(setting)
        self.scoring = max(1, round(self.steps * self.recipe.scoring))

    def begin_epoch(self, epoch: int) -> None:
        self.trainer.begin_epoch(epoch)

    def step(self, training: Batch, validation: Batch, moment: Moment) -> Pair:
        """In training the path is measured on both batches, in scoring the architecture that was scored last."""
        left = self.steps - moment.step + 1
        if left > self.scoring:
            of_weights = self.trainer.weight_step(training, moment.where, moment.draw)
            return Pair(
                of_weights,
                SharedWeights(self.supernet, (), (validation,), self.trainer.objective).measure(self._trained(moment)),
            )
        if self.steps == 1:
            self.trainer.weight_step(training, moment.where, moment.draw)
        wanted = self.recipe.evaluations - self.recipe.evaluations * (left - 1) // self.scoring
        self.trials.run(wanted)
        last = next(reversed(self.trials.scores))
        of_weights, of_alphas = (
            replace(self._shared, validation=(one,)).measure(last) for one in (training, validation)
        )
        return Pair(of_weights, of_alphas)

    def end_epoch(self, epoch: int) -> Mapping[str, Any]:
        return {"scored": len(self.trials.scores)}

    def found(self) -> Found:
        """The architecture of the highest score; before any is scored, the first of the space.

        The weights say how often an alternative stands among the best tenth of what was scored (uniform before).
        """
        graph, scores = self.supernet.graph, self.trials.scores
        best = self.trials.best if scores else 0
        ranked = sorted(scores.values(), reverse=True)
        score, second = (ranked[0] if ranked else 0.0), (ranked[1] if len(ranked) > 1 else None)
        margin = None if second is None or not score else (score - second) / score
        weights = self._weights()
        made = record(graph.forest.root, graph.numbering.picks(best))
        spread = entropy(graph.decisions, weights)
        return Found(Selection(score, second, margin, made.sites, made.decided, spread), weights)

    # ------------------------------------------------------------ what a search goes on from

    def tensors(self) -> dict[str, Tensor]:
        return self.trainer.tensors()

    def state(self) -> Mapping[str, Any]:
        return self.trials.state()

    def restore(self, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        self.trainer.restore(tensors, {})
        self.trials.restore(state)

    # ------------------------------------------------------------ scores

    def _score(self, number: int) -> float:
        """Each rank measures on its part of search-validation."""
        measured = self._shared.measure(number)
        correct, count = self.setting.ranks.total((measured.correct, measured.count))
        return correct / count

    @cached_property
    def _shared(self) -> SharedWeights:
        """The same batches for every architecture: some of search-train, all of search-validation."""
        ranks, recalibration = self.setting.ranks, self.recipe.recalibration * self.recipe.batch
        training = self._batches("search-train", slice(recalibration))
        validation = self._batches("search-validation", slice(ranks.rank, None, ranks.size))
        return SharedWeights(self.supernet, training, validation, self.trainer.objective)

    def _batches(self, name: str, part: slice) -> list[Batch]:
        setting, split = self.setting, self.setting.data.splits[name]
        order = epoch_order(len(split), self.recipe.seed, 0)[part]
        found = batches(split, self.recipe.batch, order, setting.device)
        return [(laid_out(x_nchw), y) for x_nchw, y in found]

    def _trained(self, moment: Moment) -> int:
        """The path that the weighting drew for the weights."""
        return replace(moment.draw, learns_alphas=False).random().randrange(self.trials.optimiser.count)

    def _weights(self) -> dict[str, np.ndarray]:
        graph, scores = self.supernet.graph, self.trials.scores
        ranked = sorted(scores, key=lambda number: -scores[number])
        good = ranked[: -(-len(ranked) // BEST_SHARE)]
        masks = [kept_masks(graph.decisions, architecture(graph, number)) for number in good]
        found = {}
        for decision in graph.decisions:
            counts = sum((mask[decision.name].astype(float) for mask in masks), np.zeros(decision.shape))
            live = decision.reaching()
            for _, index in groups(decision):
                own = counts[index] if counts[index].sum() else live[index].astype(float)
                counts[index] = own / max(own.sum(), 1.0)
            found[decision.name] = counts
        return found


def _steps_per_epoch(setting: Setting) -> int:
    from hypercuboid.search.loop import steps_per_epoch  # which imports the strategies

    return steps_per_epoch(setting.data, setting.recipe)


for _name in BLACK_BOX:
    STRATEGIES.add(_name, partial(BlackBoxSearch, _name))
