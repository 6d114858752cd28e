"""A forest as an integer program: a variable per way to decide, rows that say which ways go together.

A variable is 1 where its part of the network is there. One of several alternatives: their variables add up to that of
what they stand in. `sum top`: terms add up to as many times it. A path: at each state what comes in goes out. What
stands inside an alternative hangs on its variable, so nesting takes no products. Variable 0 is the whole network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypercuboid.diagnostics import Span, error
from hypercuboid.graph.dynamic import Algebra, evaluate
from hypercuboid.graph.forest import (
    Address,
    Environment,
    Group,
    Layer,
    OneOf,
    Path,
    Point,
    Segment,
    Top,
    placed,
)
from hypercuboid.graph.selection.rows import Leaf, Program, Row, Worth
from hypercuboid.ops.base import MEASURES


def program(root: Group, worth: Worth, means: bool) -> Program:
    """The program of a forest. `means`: a decision scores its weight times the mean score inside, else every kept
    decision its own worth, once. HC7203 where a mean is over a number that is open."""
    made = Program(costs=[{} for _ in MEASURES])
    Builder(made, worth, means).group(root, (), 0, 1.0)
    return made


def priced(made: Program, root: Group) -> Program:
    """The program with the costs of another forest of the same decisions: both keep the same."""
    other = Program(made.variables, costs=[{} for _ in MEASURES])
    Builder(other, lambda address, kept: 0.0, means=False).group(root, (), 0, 1.0)
    ties: dict[tuple[Address, Any], Row] = {}
    for leaves, sign in ((made.leaves, 1.0), (other.leaves, -1.0)):
        for leaf in leaves:
            if not leaf.again:
                made.add(ties.setdefault((leaf.address, leaf.kept), {}), leaf.variable, sign)
    equal = [*made.equal, *other.equal, *ties.values()]
    return Program(other.variables, equal, made.below, made.upper, made.leaves, made.scores, other.costs)


class _Counts(Algebra[frozenset[int]]):
    """How many outermost decisions there can be."""

    uniform = True
    zero: frozenset[int] = frozenset()
    one: frozenset[int] = frozenset((0,))

    def times(self, first: frozenset[int], second: frozenset[int]) -> frozenset[int]:
        return frozenset(a + b for a in first for b in second)

    def plus(self, values: Any) -> frozenset[int]:
        return frozenset[int]().union(*values)

    def keep(self, address: Address, kept: Any, inside: frozenset[int]) -> frozenset[int]:
        return frozenset((1,)) if inside else inside


class Builder:
    """`whole` is the variable of what a part stands in, `factor` what the scores of its decisions are multiplied by."""

    def __init__(self, made: Program, worth: Worth, means: bool) -> None:
        self.made, self.worth, self.means = made, worth, means
        self._counts: dict[int, int] = {}

    def group(self, group: Group, environment: Environment, whole: int, factor: float) -> None:
        for row, number in zip(self.made.costs, group.cost.numbers, strict=False):
            if number:
                self.made.add(row, whole, number)
        for point in group.points:
            self._point(point, environment, whole, factor)

    def _point(self, point: Point, environment: Environment, whole: int, factor: float) -> None:
        if isinstance(point, OneOf):
            self._one_of(point, environment, whole, factor)
        elif isinstance(point, Path):
            self._path(point, environment, whole, factor)
        elif isinstance(point, Top):
            self._top(point, environment, whole, factor)
        else:
            self._some(point.options, 1, environment, whole, factor)

    def _top(self, point: Top, environment: Environment, whole: int, factor: float) -> list[int]:
        """The variables of its terms."""
        return self._some([group for _, group in point.terms], point.count, environment, whole, factor)

    def _some(
        self, groups: Sequence[Group], count: int, environment: Environment, whole: int, factor: float
    ) -> list[int]:
        """So many of the groups; their variables."""
        variables = [self.made.variable() for _ in groups]
        self.made.is_sum(variables, whole, count)
        for variable, group in zip(variables, groups, strict=True):
            self.group(group, environment, variable, factor)
        return variables

    def _one_of(self, point: OneOf, environment: Environment, whole: int, factor: float) -> None:
        address = placed(point.address, environment, point.levels)
        variables = []
        for option in point.options:
            if not option.excluded:
                variables.append(self.made.variable())
                leaf = Leaf(variables[-1], address, option.label, point.again)
                self._kept(leaf, option.group, environment, factor, point.span)
        self.made.is_sum(variables, whole)

    def _kept(self, leaf: Leaf, inside: Group, environment: Environment, factor: float, span: Span) -> None:
        """A decision scores itself, or through what stands inside of it."""
        self.made.leaves.append(leaf)
        worth = 0.0 if leaf.again and not self.means else self.worth(leaf.address, leaf.kept)
        count = self._count(inside, span) if self.means else 0
        if count:
            factor *= worth / count
        else:
            self.made.add(self.made.scores, leaf.variable, factor * worth)
        self.group(inside, environment, leaf.variable, factor)

    def _count(self, group: Group, span: Span) -> int:
        """How many outermost decisions a group holds."""
        if not group.points:
            return 0
        if id(group) not in self._counts:
            found = evaluate(group, _Counts())
            if len(found) > 1:
                few = " or ".join(map(str, sorted(found)[:4]))
                raise error(
                    "HC7203",
                    f"an alternative scores the mean over the decisions inside it, and here they are {few}",
                    span,
                    help="select by `max-product` under budgets, which takes no means",
                )
            self._counts[id(group)] = next(iter(found), 0)
        return self._counts[id(group)]

    # ------------------------------------------------------------ paths

    def _path(self, point: Path, environment: Environment, whole: int, factor: float) -> None:
        inflow = self._ways(point.entry, environment, factor)
        self.made.is_sum([variable for some in inflow.values() for variable in some], whole)
        for position, segment in enumerate(point.segments):
            for layer in segment.layers:
                inflow = self._step(segment, layer, inflow, environment, factor)
            if position < len(point.bridges):
                inflow = self._bridge(point.bridges[position], inflow, environment, factor)
        self._flow(inflow, self._ways(point.exit, environment, factor))

    def _ways(self, gap: Mapping[int, Group], environment: Environment, factor: float) -> dict[int, list[int]]:
        """A variable per state that lets the path in or out."""
        found = {state: [self.made.variable()] for state in gap}
        for state, group in gap.items():
            self.group(group, environment, found[state][0], factor)
        return found

    def _flow(self, inflow: Mapping[int, list[int]], outflow: Mapping[int, list[int]]) -> None:
        """At each state what comes in goes out; what leads to nowhere is 0."""
        for state in sorted({*inflow, *outflow}):
            row: Row = dict.fromkeys(inflow.get(state, []), 1.0)
            row |= dict.fromkeys(outflow.get(state, []), -1.0)
            self.made.equal.append(row)

    def _bridge(
        self,
        bridge: Mapping[tuple[int, int], Group],
        inflow: Mapping[int, list[int]],
        environment: Environment,
        factor: float,
    ) -> dict[int, list[int]]:
        leaving: dict[int, list[int]] = {}
        entering: dict[int, list[int]] = {}
        for (source, target), group in bridge.items():
            variable = self.made.variable()
            leaving.setdefault(source, []).append(variable)
            entering.setdefault(target, []).append(variable)
            self.group(group, environment, variable, factor)
        self._flow(inflow, leaving)
        return entering

    def _used(self) -> tuple[int, int]:
        """A variable that says whether a way is kept, and one of the flow through it: for one path the same."""
        variable = self.made.variable()
        return variable, variable

    def _step(
        self,
        segment: Segment,
        layer: Layer,
        inflow: Mapping[int, list[int]],
        environment: Environment,
        factor: float,
    ) -> dict[int, list[int]]:
        inner = (segment.environment(layer), *environment)
        address = segment.step_address(layer, environment)
        leaving: dict[int, list[int]] = {}
        entering: dict[int, list[int]] = {}
        for move in layer.template.moves:
            kept, flow = self._used()
            leaving.setdefault(move.source, []).append(flow)
            entering.setdefault(move.target, []).append(flow)
            if layer.decided:
                self.group(move.group, inner, kept, factor)
            else:
                self._kept(Leaf(kept, address, segment.kept(move)), move.group, inner, factor, segment.span)
        self._flow(inflow, leaving)
        return entering
