"""What the architectures of a space cost: least, greatest, mean and variance over all of them, never walking them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from hypercuboid.graph.counts import follows
from hypercuboid.graph.dynamic import evaluate
from hypercuboid.graph.grown import Forest
from hypercuboid.graph.moments import ExactMoments, FloatMoments
from hypercuboid.graph.numbers import cheapest, dearest
from hypercuboid.records import dataclass

if TYPE_CHECKING:
    from hypercuboid.graph.forest import Group

COSTS = ("params", "macs", "add_mult", "activations")
"""What is asked for where nothing else is."""


@dataclass(frozen=True)
class Spread:
    """One measure over all architectures, each counted once. Mean and variance are fractions where they are exact."""

    least: int
    greatest: int
    mean: Fraction | float
    variance: Fraction | float

    @property
    def deviation(self) -> float:
        """The standard deviation."""
        return math.sqrt(self.variance)


def statistics(forest: Forest, exact: bool, measures: tuple[str, ...] = COSTS) -> Mapping[str, Spread] | None:
    """The spread of each measure from the forest of models.

    `exact`: in integers; else in floating point, for spaces whose architectures are too many to be counted one by one.
    None where shapes are unknown, or where costs do not follow from what is decided (then ranges are bounds).
    """
    if not forest.known or not follows(forest):
        return None
    means = _exact(forest.settled, measures) if exact else _floating(forest.settled, measures)
    return {one: Spread(*_range(forest.settled, one), *mean) for one, mean in zip(measures, means, strict=True)}


_Moments: TypeAlias = list[tuple[Fraction | float, Fraction | float]]


def _exact(root: Group, measures: tuple[str, ...]) -> _Moments:
    sums = evaluate(root, ExactMoments(measures))
    means = [Fraction(one, sums.count) for one in sums.first]
    squares = [Fraction(one, sums.count) for one in sums.second]
    return [(mean, square - mean * mean) for mean, square in zip(means, squares, strict=True)]


def _floating(root: Group, measures: tuple[str, ...]) -> _Moments:
    means = evaluate(root, FloatMoments(measures))
    return list(zip(map(float, means.mean), map(float, means.variance), strict=True))


def _range(root: Group, measure: str) -> tuple[int, int]:
    def cost(group: Group) -> int:
        found: int = getattr(group.cost, measure)
        return found

    return int(evaluate(root, cheapest(cost))), int(evaluate(root, dearest(cost)))
