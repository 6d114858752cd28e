"""Algebras of plain numbers: how many architectures, their least and greatest cost; and the cost of a supernet."""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any

from hypercuboid.graph.changes import groups_of
from hypercuboid.graph.dynamic import Algebra
from hypercuboid.graph.forest import Cases, Environment, Group, Path, Point, Segment, Template, Weights
from hypercuboid.graph.reach import reach

if TYPE_CHECKING:
    import numpy as np


class Numbers(Algebra[Any]):
    """An algebra of plain numbers, whose steps are vectors times matrices in numpy."""

    uniform = True

    def __init__(
        self,
        zero: Any,
        one: Any,
        add: Callable[[Any, Any], Any],
        multiply: Callable[[Any, Any], Any],
        arrays: tuple[str, str, str],
        cost: Callable[[Group], Any] | None = None,
    ) -> None:
        """`arrays` names the numpy functions for `add` and `multiply` and the element type."""
        self.zero, self.one, self._add, self._multiply, self._arrays = zero, one, add, multiply, arrays
        self._cost = cost
        self._matrices: dict[int, np.ndarray] = {}

    def times(self, first: Any, second: Any) -> Any:
        return self._multiply(first, second)

    def plus(self, values: Iterable[Any]) -> Any:
        return reduce(self._add, values, self.zero)

    def constant(self, group: Group) -> Any:
        return self.one if self._cost is None else self._cost(group)

    def path(self, point: Path, environment: Environment, value: Callable[[Group, Environment], Any]) -> Any:
        """A path point: steps alike are one power of a matrix where that is less work."""
        reached = {state: value(group, environment) for state, group in point.entry.items()}
        for position, segment in enumerate(point.segments):
            for template, steps in _runs(segment):
                reached = self._run(self._matrix(template, segment.size, value), steps, reached)
            if position < len(point.bridges):
                reached = self.cross(point.bridges[position], reached, environment, value)
        ends = point.exit.items()
        return self.plus(self.times(reached[s], value(group, environment)) for s, group in ends if s in reached)

    def _run(self, matrix: np.ndarray, steps: int, reached: Mapping[int, Any]) -> dict[int, Any]:
        """So many steps with one matrix, from what the states reached are worth."""
        import numpy as np

        vector = np.full((1, len(matrix)), self.zero, dtype=self._arrays[2])
        for state, number in reached.items():
            vector[0, state] = number
        if steps > 2 * len(matrix) * steps.bit_length():
            vector = self._product(vector, self._power(matrix, steps))
        else:
            for _ in range(steps):
                vector = self._product(vector, matrix)
        return dict(enumerate(vector[0].tolist()))

    def _product(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        import numpy as np

        add, multiply = getattr(np, self._arrays[0]), getattr(np, self._arrays[1])
        found: np.ndarray = add.reduce(multiply(first[:, :, None], second), axis=1)
        return found

    def _power(self, matrix: np.ndarray, steps: int) -> np.ndarray:
        """The matrix times itself, by squares."""
        if steps == 1:
            return matrix
        half = self._power(matrix, steps // 2)
        square = self._product(half, half)
        return self._product(square, matrix) if steps % 2 else square

    def _matrix(self, template: Template, states: int, value: Callable[[Group, Environment], Any]) -> np.ndarray:
        import numpy as np

        if id(template) not in self._matrices:
            matrix = np.full((states, states), self.zero, dtype=self._arrays[2])
            for move in template.moves:
                place = move.source, move.target
                matrix[place] = self._add(matrix[place], value(move.group, ()))
            self._matrices[id(template)] = matrix
        return self._matrices[id(template)]


def _runs(segment: Segment) -> Iterator[tuple[Template, int]]:
    """Steps alike that follow each other, and how many they are."""
    for _, run in itertools.groupby(segment.layers, lambda layer: id(layer.template)):
        layers = list(run)
        yield layers[0].template, len(layers)


def counting() -> Numbers:
    """The exact number of architectures."""
    return Numbers(0, 1, operator.add, operator.mul, ("add", "multiply", "object"))


def log_counting() -> Numbers:
    """The natural logarithm of the number of architectures."""
    return Numbers(-math.inf, 0.0, _log_add, operator.add, ("logaddexp", "add", "float64"))


def _log_add(first: float, second: float) -> float:
    high, low = max(first, second), min(first, second)
    return high if low == -math.inf else high + math.log1p(math.exp(low - high))


def cheapest(cost: Callable[[Group], int]) -> Numbers:
    """The least cost of an architecture; `cost` is that of a group whatever is decided in it."""
    return Numbers(math.inf, 0, min, operator.add, ("minimum", "add", "object"), cost)


def dearest(cost: Callable[[Group], int]) -> Numbers:
    """The greatest cost of an architecture."""
    return Numbers(-math.inf, 0, max, operator.add, ("maximum", "add", "object"), cost)


def total(root: Group, what: str) -> int:
    """The cost of a supernet: every alternative that can be kept, and every candidate that can reach the output.

    `what` is a field of `Cost`. Parameters that are shared count once.
    """
    number, weights = Total(what).group(root)
    return number + sum(one.most for one in weights)


class Total:
    """What groups cost without the shared parameters that they read, and those."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._memo: dict[int, tuple[int, frozenset[Weights]]] = {}

    def group(self, group: Group) -> tuple[int, frozenset[Weights]]:
        if id(group) not in self._memo:
            own = sum(getattr(one, self.what) for one in (group.cost, group.optional, group.spare))
            shared = group.shared | group.perhaps if self.what == "params" else frozenset[Weights]()
            self._memo[id(group)] = _united([(own, shared), *map(self._point, group.points)])
        return self._memo[id(group)]

    def _point(self, point: Point) -> tuple[int, frozenset[Weights]]:
        if isinstance(point, Cases):
            return self.group(point.whole)
        return self._path(point) if isinstance(point, Path) else _united(map(self.group, groups_of(point)))

    def _path(self, point: Path) -> tuple[int, frozenset[Weights]]:
        reached = reach(point)
        parts = [self.group(b.group) for b in point.built if b.keys & reached.gaps[b.place]]
        for segment, states in zip(point.segments, reached.states, strict=True):
            memo: dict[object, tuple[int, frozenset[Weights]]] = {}
            for layer, before, after in zip(segment.layers, states, states[1:], strict=False):
                key = (id(layer.template), before, after)
                if key not in memo:
                    moves = (m for m in layer.template.moves if m.source in before and m.target in after)
                    memo[key] = _united(self.group(move.group) for move in moves)
                parts.append(memo[key])
        return _each_step_counted(point, parts)


def _united(parts: Iterable[tuple[int, frozenset[Weights]]]) -> tuple[int, frozenset[Weights]]:
    number, weights = 0, frozenset[Weights]()
    for more, others in parts:
        number, weights = number + more, weights | others
    return number, weights


def _each_step_counted(point: Path, parts: list[tuple[int, frozenset[Weights]]]) -> tuple[int, frozenset[Weights]]:
    """What all steps together cost; what each of them has counts for each, in a shared instance as one sum."""
    number, weights = _united((more, frozenset(one for one in some if not one.each_step)) for more, some in parts)
    sums: dict[str, int] = {}
    for _, some in parts:
        for one in some:
            if one.each_step and one.instance is None:
                number += one.most
            elif one.each_step:
                sums[one.instance or ""] = sums.get(one.instance or "", 0) + one.most
    steps = (Weights(instance, point.segments[0].name, 0, size) for instance, size in sums.items())
    return number, weights.union(steps)
