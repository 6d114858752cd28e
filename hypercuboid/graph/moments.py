"""Algebras of moments: how many architectures there are, and sums of what they cost and of its squares.

Alternatives add up. Of independent parts, each architecture of one goes with each of the other: with n architectures,
costs that sum to s and squares that sum to q, both parts together have n n', s n' + n s' and q n' + 2 s s' + n q'.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any, Generic, TypeVar

import numpy as np

from hypercuboid.graph.dynamic import Algebra
from hypercuboid.graph.forest import Environment, Group, Layer, Segment, Template
from hypercuboid.records import dataclass

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Sums:
    """Of some architectures: how many (...), the sum of each measure and of its squares (measures, ...), exact."""

    count: Any
    first: np.ndarray
    second: np.ndarray


@dataclass(frozen=True, eq=False)
class Means:
    """The same in floating point: ln of how many (...), mean and variance of each measure (measures, ...)."""

    log: Any
    mean: np.ndarray
    variance: np.ndarray


class _Steps(Algebra[T], Generic[T]):
    """An algebra whose steps are a row of values times a matrix of them; the matrix of a template is made once."""

    uniform = True

    def __init__(self) -> None:
        self._matrices: dict[int, tuple[list[int], list[int], T]] = {}

    def advance(
        self,
        segment: Segment,
        layer: Layer,
        reached: dict[int, T],
        environment: Environment,
        value: Callable[[Group, Environment], T],
    ) -> dict[int, T]:
        key = id(layer.template)
        if key not in self._matrices:
            self._matrices[key] = self._matrix(layer.template, value)
        sources, targets, matrix = self._matrices[key]
        row = self.stacked([[reached.get(source, self.zero)] for source in sources])
        after = self.multiplied(row, matrix)
        return {target: self.unstacked(after, i) for i, target in enumerate(targets)}

    def _matrix(self, template: Template, value: Callable[[Group, Environment], T]) -> tuple[list[int], list[int], T]:
        cells: dict[tuple[int, int], list[T]] = {}
        for move in template.moves:
            cells.setdefault((move.source, move.target), []).append(value(move.group, ()))
        sources, targets = sorted({s for s, _ in cells}), sorted({t for _, t in cells})
        rows = [[self.plus(cells.get((s, t), ())) for t in targets] for s in sources]
        return sources, targets, self.stacked(rows)

    def stacked(self, rows: list[list[T]]) -> T:
        """Values as one, with two axes more at the end."""
        raise NotImplementedError

    def unstacked(self, row: T, position: int) -> T:
        """A value of a row."""
        raise NotImplementedError

    def multiplied(self, column: T, matrix: T) -> T:
        """From each row on along each of its entries, alternatives put together: a value for each column."""
        raise NotImplementedError


class ExactMoments(_Steps[Sums]):
    """In integers of any size."""

    def __init__(self, measures: tuple[str, ...]) -> None:
        super().__init__()
        self._measures = measures
        nothing = np.array([0] * len(measures), dtype=object)
        self.zero, self.one = Sums(0, nothing, nothing), Sums(1, nothing, nothing)

    def constant(self, group: Group) -> Sums:
        cost = np.array([getattr(group.cost, one) for one in self._measures], dtype=object)
        return Sums(1, cost, cost * cost)

    def times(self, first: Sums, second: Sums) -> Sums:
        a, b = first, second
        mixed = a.second * b.count + 2 * a.first * b.first + a.count * b.second
        return Sums(a.count * b.count, a.first * b.count + a.count * b.first, mixed)

    def plus(self, values: Iterable[Sums]) -> Sums:
        return reduce(lambda a, b: Sums(a.count + b.count, a.first + b.first, a.second + b.second), values, self.zero)

    def stacked(self, rows: list[list[Sums]]) -> Sums:
        count = np.array([[one.count for one in row] for row in rows], dtype=object)
        first = np.array([[list(one.first) for one in row] for row in rows], dtype=object)
        second = np.array([[list(one.second) for one in row] for row in rows], dtype=object)
        return Sums(count, np.moveaxis(first, -1, 0), np.moveaxis(second, -1, 0))

    def unstacked(self, row: Sums, position: int) -> Sums:
        return Sums(row.count[position], row.first[:, position], row.second[:, position])

    def multiplied(self, column: Sums, matrix: Sums) -> Sums:
        both = self.times(column, matrix)
        return Sums(both.count.sum(axis=0), both.first.sum(axis=-2), both.second.sum(axis=-2))


class FloatMoments(_Steps[Means]):
    """In floating point, for numbers of architectures that are too large to be written out."""

    def __init__(self, measures: tuple[str, ...]) -> None:
        super().__init__()
        self._measures = measures
        nothing = np.zeros(len(measures))
        self.zero, self.one = Means(-math.inf, nothing, nothing), Means(0.0, nothing, nothing)

    def constant(self, group: Group) -> Means:
        cost = np.array([getattr(group.cost, one) for one in self._measures], dtype=float)
        return Means(0.0, cost, np.zeros(len(cost)))

    def times(self, first: Means, second: Means) -> Means:
        return Means(first.log + second.log, first.mean + second.mean, first.variance + second.variance)

    def plus(self, values: Iterable[Means]) -> Means:
        rows = [[value] for value in values]
        return self.unstacked(_mixed(self.stacked(rows)), 0) if rows else self.zero

    def stacked(self, rows: list[list[Means]]) -> Means:
        log = np.array([[one.log for one in row] for row in rows])
        mean = np.array([[one.mean for one in row] for row in rows])
        variance = np.array([[one.variance for one in row] for row in rows])
        return Means(log, np.moveaxis(mean, -1, 0), np.moveaxis(variance, -1, 0))

    def unstacked(self, row: Means, position: int) -> Means:
        return Means(row.log[position], row.mean[:, position], row.variance[:, position])

    def multiplied(self, column: Means, matrix: Means) -> Means:
        return _mixed(self.times(column, matrix))


def _mixed(values: Means) -> Means:
    """Alternatives, one for each row, put together: the variance is that inside them and that of their means."""
    most = values.log.max(axis=0)
    shares = np.exp(values.log - np.where(np.isfinite(most), most, 0.0))
    total = shares.sum(axis=0)
    shares = shares / np.where(total > 0, total, 1.0)
    mean = (shares * values.mean).sum(axis=-2)
    spread = values.variance + (values.mean - mean[:, None]) ** 2
    with np.errstate(divide="ignore"):
        return Means(most + np.log(total), mean, (shares * spread).sum(axis=-2))
