"""Where a search stands: steps done, and running means over the epoch that has begun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import Any

from hypercuboid.runs.restoring import require_numbers
from hypercuboid.search.strategies.base import Measured, Pair


@dataclass(frozen=True)
class Step:
    """Where a search stands after a step: epochs and steps from 1, running means over the epoch.

    `loss` and `accuracy` are those of search-train; `validation_loss` and `validation_accuracy` of search-validation.
    """

    epoch: int
    step: int
    steps: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float


@dataclass
class Mean:
    """Running means of loss and accuracy."""

    total: float = 0.0
    correct: float = 0
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


def _mean(state: Any) -> Mean:
    total, correct, count = require_numbers(state)
    return Mean(total, correct, int(count))


class Progress:
    """Steps done, and the means of the epoch that has begun."""

    def __init__(self, step: int = 0, state: Mapping[str, Any] | None = None) -> None:
        self.step = step
        self.of_weights = _mean(state["of_weights"]) if state else Mean()
        self.of_alphas = _mean(state["of_alphas"]) if state else Mean()

    def add(self, pair: Pair) -> None:
        """One more step is done."""
        self.step += 1
        self.of_weights.add(pair.weights)
        self.of_alphas.add(pair.alphas)

    def first_epoch(self, per_epoch: int) -> int:
        """The epoch that has not been logged: after its last step, its means are still there."""
        done, more = divmod(self.step, per_epoch)
        return done if not more and self.of_weights.count else done + 1

    def end_epoch(self) -> None:
        """The epoch has been logged."""
        self.of_weights, self.of_alphas = Mean(), Mean()

    def state(self) -> dict[str, Any]:
        """What a checkpoint says of it, beside the step."""
        return {"of_weights": astuple(self.of_weights), "of_alphas": astuple(self.of_alphas)}

    def shown(self, epoch: int, steps: int) -> Step:
        """Where the search stands, of `steps` in all."""
        of_weights, of_alphas = self.of_weights, self.of_alphas
        means = (of_weights.loss, of_weights.accuracy, of_alphas.loss, of_alphas.accuracy)
        return Step(epoch, self.step, steps, *means)
