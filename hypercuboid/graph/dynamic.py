"""One dynamic programme over the decision forest, for any algebra: counts, ranges, the best score, the k best."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from hypercuboid.frontend.elaborated import KeptPath, Label
from hypercuboid.graph.forest import (
    Address,
    Environment,
    Group,
    Layer,
    OneOf,
    Path,
    Point,
    Segment,
    Template,
    Top,
    groups_of,
    placed,
)
from hypercuboid.graph.reach import reach

if TYPE_CHECKING:
    import numpy as np

T = TypeVar("T")


class Algebra(Generic[T]):
    """A semiring (`plus` over alternatives, `times` over independent parts) with a hook for what is kept.

    `uniform`: values depend neither on the name of a decision nor on its coordinates, so each template counts once.
    """

    uniform = False
    zero: T
    one: T

    def times(self, first: T, second: T) -> T:
        raise NotImplementedError

    def plus(self, values: Iterable[T]) -> T:
        raise NotImplementedError

    def constant(self, group: Group) -> T:
        """What a group adds whatever is decided in it."""
        return self.one

    def keep(self, address: Address, kept: tuple[Label, ...] | KeptPath, inside: T) -> T:
        """Keeping an alternative whose inside is worth `inside`."""
        return inside

    def path(self, point: Path, environment: Environment, value: Callable[[Group, Environment], T]) -> T:
        """A path point: layer by layer, over the states reached."""
        reached = {state: value(group, environment) for state, group in point.entry.items()}
        for position, segment in enumerate(point.segments):
            for layer in segment.layers:
                reached = self.advance(segment, layer, reached, environment, value)
            if position < len(point.bridges):
                reached = self.cross(point.bridges[position], reached, environment, value)
        ends = point.exit.items()
        return self.plus(self.times(reached[s], value(group, environment)) for s, group in ends if s in reached)

    def cross(
        self,
        bridge: Mapping[tuple[int, int], Group],
        reached: dict[int, T],
        environment: Environment,
        value: Callable[[Group, Environment], T],
    ) -> dict[int, T]:
        """From the end of one cuboid into the next."""
        gained: dict[int, list[T]] = {}
        for (source, target), group in bridge.items():
            if source in reached:
                gained.setdefault(target, []).append(self.times(reached[source], value(group, environment)))
        return {target: self.plus(values) for target, values in gained.items()}

    def advance(
        self,
        segment: Segment,
        layer: Layer,
        reached: dict[int, T],
        environment: Environment,
        value: Callable[[Group, Environment], T],
    ) -> dict[int, T]:
        """One step of a cuboid."""
        before, depth = segment.environment(layer)
        address = placed((segment.name, (*segment.coordinates, *depth)), environment)
        inner = ((before, depth), *environment)
        states = segment.state_labels
        gained: dict[int, list[T]] = {}
        for move in layer.template.moves:
            if move.source not in reached:
                continue
            inside = value(move.group, inner)
            if not layer.decided:
                kept = KeptPath(states[move.source], states[move.target], move.label)
                inside = self.keep(address, kept, inside)
            gained.setdefault(move.target, []).append(self.times(reached[move.source], inside))
        return {target: self.plus(values) for target, values in gained.items()}


def evaluate(root: Group, algebra: Algebra[T]) -> T:
    """The value of a forest in an algebra."""
    memo: dict[object, T] = {}

    def group_value(group: Group, environment: Environment) -> T:
        key = (id(group), () if algebra.uniform or not group.points else environment)
        if key not in memo:
            parts = (point_value(point, environment) for point in group.points)
            memo[key] = reduce(algebra.times, parts, algebra.constant(group))
        return memo[key]

    def point_value(point: Point, environment: Environment) -> T:
        if isinstance(point, OneOf):
            address = placed(point.address, environment)
            left = (option for option in point.options if not option.excluded)
            return algebra.plus(algebra.keep(address, o.label, group_value(o.group, environment)) for o in left)
        if isinstance(point, Top):
            return top_value(point, environment)
        return algebra.path(point, environment, group_value)

    def top_value(point: Top, environment: Environment) -> T:
        """The elementary symmetric polynomial of degree `count` over the terms."""
        chosen = [algebra.one] + [algebra.zero] * point.count
        for _, group in point.terms:
            term = group_value(group, environment)
            for size in range(point.count, 0, -1):
                chosen[size] = algebra.plus((chosen[size], algebra.times(chosen[size - 1], term)))
        return chosen[point.count]

    return group_value(root, ())


# ---------------------------------------------------------------- numbers


class Numbers(Algebra[Any]):
    """An algebra of plain numbers, whose steps are vector times matrix in numpy."""

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

    def advance(
        self,
        segment: Segment,
        layer: Layer,
        reached: dict[int, Any],
        environment: Environment,
        value: Callable[[Group, Environment], Any],
    ) -> dict[int, Any]:
        import numpy as np

        add, multiply = getattr(np, self._arrays[0]), getattr(np, self._arrays[1])
        matrix = self._matrix(layer.template, len(segment.state_labels), value)
        before = np.full(len(segment.state_labels), self.zero, dtype=self._arrays[2])
        for state, number in reached.items():
            before[state] = number
        after = add.reduce(multiply(before[:, None], matrix), axis=0)
        return dict(enumerate(after.tolist()))

    def _matrix(self, template: Template, states: int, value: Callable[[Group, Environment], Any]) -> np.ndarray:
        import numpy as np

        if id(template) not in self._matrices:
            matrix = np.full((states, states), self.zero, dtype=self._arrays[2])
            for move in template.moves:
                place = move.source, move.target
                matrix[place] = self._add(matrix[place], value(move.group, ()))
            self._matrices[id(template)] = matrix
        return self._matrices[id(template)]


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


# ---------------------------------------------------------------- everything that is built


def total(root: Group, cost: Callable[[Group], int]) -> int:
    """The cost of a supernet: every alternative that can be kept, and every candidate that can reach the output."""
    memo: dict[int, int] = {}

    def group_total(group: Group) -> int:
        if id(group) not in memo:
            memo[id(group)] = cost(group) + sum(map(point_total, group.points))
        return memo[id(group)]

    def point_total(point: Point) -> int:
        if not isinstance(point, Path):
            return sum(map(group_total, groups_of(point)))
        return _path_total(point, group_total)

    return group_total(root)


def _path_total(point: Path, group_total: Callable[[Group], int]) -> int:
    reached = reach(point)
    found = sum(group_total(b.group) for b in point.built if b.keys & reached.gaps[b.place])
    for segment, states in zip(point.segments, reached.states, strict=True):
        memo: dict[object, int] = {}
        for layer, before, after in zip(segment.layers, states, states[1:], strict=False):
            key = (id(layer.template), before, after)
            if key not in memo:
                moves = (m for m in layer.template.moves if m.source in before and m.target in after)
                memo[key] = sum(group_total(move.group) for move in moves)
            found += memo[key]
    return found
