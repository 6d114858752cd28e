"""Black-box search with shared weights: single paths are trained, then whole architectures are scored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from torch import Tensor

from hypercuboid.data.batches import batches, epoch_order
from hypercuboid.graph.selection import Selection
from hypercuboid.graph.selection.confidence import chance_doubts
from hypercuboid.graph.selection.entropy import entropy
from hypercuboid.graph.selection.result import record
from hypercuboid.runs.agreement import few_scored
from hypercuboid.search.blackbox import Optimiser, black_box
from hypercuboid.search.blackbox.trials import Trials
from hypercuboid.search.layout import laid_out
from hypercuboid.search.strategies.base import Batch, Found, Moment, Pair, Setting
from hypercuboid.search.strategies.bilevel import Bilevel
from hypercuboid.search.strategies.shared_weights import SharedWeights


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
        self.steps = steps_of(setting)
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

    def shared(self) -> Mapping[str, Tensor]:
        return self.trainer.shared()

    def found(self) -> Found:
        """What the optimiser holds for the best; before any is scored, the first of the space."""
        return found_by(self.trials.optimiser, self.trials.scores)

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


def found_by(optimiser: Optimiser, scores: Mapping[int, float]) -> Found:
    """What an optimiser holds for the best, with its weights; the first of the space where nothing is scored."""
    graph, ranked = optimiser.graph, optimiser.best(scores) or [(0, 0.0)]
    (best, score), second = ranked[0], ranked[1][1] if len(ranked) > 1 else None
    margin = None if second is None or not score else (score - second) / score
    weights = optimiser.weights(scores)
    picks = graph.numbering.picks(best)
    made, spread = record(graph.forest.root, picks), entropy(graph.decisions, weights)
    unsure = (*few_scored(len(scores), optimiser.count), *chance_doubts(graph, picks, weights))
    selection = Selection(score, second, margin, made.sites, made.decided, spread, doubts=unsure)
    return Found(selection, weights, dict(scores))


def steps_of(setting: Setting) -> int:
    """Steps in all epochs."""
    from hypercuboid.search.loop import steps_of_a_search  # which imports the strategies

    return steps_of_a_search(setting.data, setting.recipe)
