"""One dynamic programme over the decision forest, for any algebra: counts, ranges, the best score, the k best."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Generic, TypeVar

from hypercuboid.frontend.elaborated import KeptPath, Label
from hypercuboid.graph.forest import (
    Address,
    Cases,
    Environment,
    Group,
    Layer,
    Move,
    OneOf,
    Path,
    Point,
    Segment,
    Top,
    placed,
)

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

    def keep_again(self, address: Address, kept: tuple[Label, ...], inside: T) -> T:
        """Keeping what a point before this one settles already."""
        return self.keep(address, kept, inside)

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

    def moves(self, segment: Segment, layer: Layer, address: Address) -> tuple[Move, ...]:
        """The moves of a step that are looked at."""
        return layer.template.moves

    def advance(
        self,
        segment: Segment,
        layer: Layer,
        reached: dict[int, T],
        environment: Environment,
        value: Callable[[Group, Environment], T],
    ) -> dict[int, T]:
        """One step of a cuboid."""
        inner = (segment.environment(layer), *environment)
        address = segment.step_address(layer, environment)
        gained: dict[int, list[T]] = {}
        for move in self.moves(segment, layer, address):
            if move.source not in reached:
                continue
            inside = value(move.group, inner)
            if not layer.decided:
                inside = self.keep(address, segment.kept(move), inside)
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
            address = placed(point.address, environment, point.levels)
            if point.again:
                (option,) = point.options
                return algebra.keep_again(address, option.label, group_value(option.group, environment))
            left = (option for option in point.options if not option.excluded)
            return algebra.plus(algebra.keep(address, o.label, group_value(o.group, environment)) for o in left)
        if isinstance(point, Top):
            return top_value(point, environment)
        if isinstance(point, Cases):
            return algebra.plus(group_value(option, environment) for option in point.options)
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
