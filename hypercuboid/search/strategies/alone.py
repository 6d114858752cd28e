"""Black-box search whose architectures are trained alone, each for a share of the steps."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import astuple
from functools import partial
from typing import TYPE_CHECKING, Any

from torch import Tensor

from hypercuboid.data.batches import batches, step_seed
from hypercuboid.graph.selection.uniform import architecture
from hypercuboid.runs.restoring import Unfit
from hypercuboid.search.alone import NOTHING, Alone
from hypercuboid.search.blackbox import BLACK_BOX, black_box
from hypercuboid.search.strategies.base import STRATEGIES, Batch, Found, Measured, Moment, Pair, Setting, Strategy
from hypercuboid.search.strategies.beginning import Beginning
from hypercuboid.search.strategies.blackbox import BlackBoxSearch, found_by, steps_of

if TYPE_CHECKING:
    from hypercuboid.network.supernet import Supernet

SCORED_BATCH = 512
"""Images at a time of search-validation."""


FEWEST = 100
"""Steps from fresh weights in which small networks do not learn more than others only because they are small."""

MOST = 700.0
"""What a loss of one's own may fall below zero by before scores are no floats."""


class AloneSearch:
    """The first steps, a share `sharing` of all, train shared weights (see `beginning`). The others are cut into
    `trainings` parts of equal length. In each, one architecture is trained on search-train, its rate annealed, and at
    the end scored on search-validation: by the geometric mean of the probability of the right class. It is trained from
    fresh weights; where there are shared ones, from these too, in the last third of its part, and the score is the
    geometric mean of both. Parts too short for that (`FEWEST`) are all from the shared weights.

    A batch is cut into steps of `small_batch`: trainings as short as these gain more by steps than by exact gradients.
    An architecture that is asked for again is trained with another seed, and its score is the mean. Without an
    architecture that is scored, what is measured on search-validation is nothing right of one.
    """

    def __init__(self, name: str, setting: Setting) -> None:
        self.setting, self.recipe = setting, setting.recipe
        self.optimiser = black_box(name, setting.graph, self.recipe.seed)
        self.scores: dict[int, list[float]] = {}
        self.number, self.begun = -1, 0
        self.training: Alone | None = None
        self.losses: list[float] = []
        self.last = Measured(0.0, 0, 1)
        self.pieces = _pieces(setting)
        whole = steps_of(setting)
        self.shared_steps = min(round(whole * self.recipe.sharing), whole - 1)
        self.beginning = Beginning(setting, self.shared_steps, self.pieces) if self.shared_steps else None
        self.steps = self.pieces * (whole - self.shared_steps)
        self.trainings = min(self.recipe.trainings, self.steps)

    @property
    def supernet(self) -> Supernet | None:
        """That of the shared weights; without them none is built."""
        return None if self.beginning is None else self.beginning.supernet

    def begin_epoch(self, epoch: int) -> None:
        """Nothing: rates follow the steps of a training."""

    def step(self, training: Batch, validation: Batch, moment: Moment) -> Pair:
        """On search-validation counts what was scored last."""
        if self.beginning is not None and moment.step <= self.shared_steps:
            return Pair(self.beginning.step(training, moment), self.last)
        found = [self._step(piece, moment.where) for piece in self._cut(training)]
        count = sum(one.count for one in found)
        loss = sum(one.loss * one.count for one in found) / count
        return Pair(Measured(loss, sum(one.correct for one in found), count), self.last)

    def end_epoch(self, epoch: int) -> Mapping[str, Any]:
        return {"scored": len(self.scores)}

    def shared(self) -> Mapping[str, Tensor]:
        """What trainings begin with."""
        return {} if self.beginning is None else self.beginning.weights()

    def found(self) -> Found:
        """What the optimiser holds for the best; before any is scored, the first of the space."""
        return found_by(self.optimiser, self._means())

    # ------------------------------------------------------------ what a search goes on from

    def tensors(self) -> dict[str, Tensor]:
        shared = {} if self.beginning is None else self.beginning.tensors()
        return shared if self.training is None else {**shared, **self.training.tensors()}

    def state(self) -> Mapping[str, Any]:
        return {
            "optimiser": self.optimiser.state(),
            "scores": [[number, scores] for number, scores in self.scores.items()],
            "last": astuple(self.last),
            "losses": self.losses,
            "begun": self.begun,
            "number": self.number,
            "done": None if self.training is None else self.training.done,
        }

    def restore(self, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        if self.beginning is not None:
            self.beginning.restore(tensors)
        self.optimiser.restore(state["optimiser"])
        self.scores = {int(number): [float(one) for one in scores] for number, scores in state["scores"]}
        loss, correct, count = state["last"]
        self.last = Measured(float(loss), float(correct), int(count))
        self.begun, self.number, self.training = int(state["begun"]), int(state["number"]), None
        self.losses = [float(one) for one in state["losses"]]
        if state["done"] is None and not self.losses:
            return
        if not 0 < self.begun <= self.trainings or not 0 <= self.number < self.optimiser.count:
            raise Unfit(f"training {self.begun} of architecture {self.number} is none of this search")
        if len(self.losses) >= len(self._lengths()):
            raise Unfit(f"{len(self.losses)} losses of one architecture")
        if state["done"] is None:
            return
        self.training = self._made()
        self.training.restore(tensors, int(state["done"]))

    # ------------------------------------------------------------ trainings

    def _step(self, piece: Batch, where: str) -> Measured:
        if self.training is None:
            if not self.losses:
                self.number, self.begun = self.optimiser.ask(), self.begun + 1
            self.training = self._made()
        measured = self.training.step(piece, f"{where}, training {self.begun}")
        if self.training.is_trained:
            self._measure(self.training)
            self.training = None
        return measured

    def _made(self) -> Alone:
        """The training that has begun last: its length, and the seed of its weights, follow from its place."""
        kept = architecture(self.setting.graph, self.number)
        graph, seed = self.setting.specialise(kept), step_seed(self.recipe.seed, self.begun)
        steps, is_shared = self._lengths()[len(self.losses)]
        return Alone(graph, seed, steps, self.setting, self.shared() if is_shared else NOTHING)

    def _lengths(self) -> list[tuple[int, bool]]:
        """Steps of the trainings in the part that has begun last, and whether from shared weights.

        A training from fresh ones that is shorter than `FEWEST` says nothing, so that the shared ones have all.
        """
        first, after = (self.steps * place // self.trainings for place in (self.begun - 1, self.begun))
        steps = after - first
        fresh = steps - steps // 3
        if self.beginning is None or fresh < FEWEST:
            return [(steps, self.beginning is not None)]
        return [(fresh, False), (steps - fresh, True)]

    def _measure(self, training: Alone) -> None:
        ranks, own = self.setting.ranks, training.measure(self._validation())
        total, correct, count = ranks.total((own.loss * own.count, own.correct, own.count))
        self.last = Measured(total / count, correct, int(count))
        self.losses.append(self.last.loss)
        if len(self.losses) == len(self._lengths()):
            self._score(sum(self.losses) / len(self.losses))
            self.losses = []

    def _score(self, loss: float) -> None:
        self.scores.setdefault(self.number, []).append(math.exp(min(-loss, MOST)))
        self.optimiser.tell(self.number, self._means()[self.number])

    def _means(self) -> dict[int, float]:
        return {number: sum(scores) / len(scores) for number, scores in self.scores.items()}

    def _validation(self) -> Iterator[Batch]:
        """This rank's part of search-validation."""
        import numpy as np

        split, ranks = self.setting.data.splits["search-validation"], self.setting.ranks
        order = np.arange(len(split))[ranks.rank :: ranks.size]
        return batches(split, SCORED_BATCH, order, self.setting.device)

    def _cut(self, batch: Batch) -> list[Batch]:
        x, y = batch
        return list(zip(x.tensor_split(self.pieces), y.tensor_split(self.pieces), strict=True))


def _pieces(setting: Setting) -> int:
    """Small steps in a step, each with two inputs at least on every rank."""
    recipe, halves = setting.recipe, ("search-train", "search-validation")
    batch = min(recipe.batch, *(len(setting.data.splits[name]) for name in halves))
    return max(1, min(batch // recipe.small_batch, batch // setting.ranks.size // 2))


def scored_by(name: str, setting: Setting) -> Strategy:
    """A black-box search with the scorer of the recipe."""
    return AloneSearch(name, setting) if setting.recipe.scorer == "alone" else BlackBoxSearch(name, setting)


for _name in BLACK_BOX:
    STRATEGIES.add(_name, partial(scored_by, _name))
