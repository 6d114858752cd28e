"""The whole front of score against one cost: every architecture that no cheaper or equal one reaches in score.

One dynamic programme keeps, for each part of the network, its own front: what is beaten inside is beaten outside too,
since the score of a decision rises with the mean score inside it. Costs are integers, so the front is exact; of equal
architectures the one that the source declares first is kept.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from hypercuboid.diagnostics import error
from hypercuboid.frontend.elaborated import KeptPath, Label
from hypercuboid.graph.dynamic import Algebra, evaluate
from hypercuboid.graph.forest import Address, Group
from hypercuboid.graph.grown import Forest
from hypercuboid.graph.numbering import Picks
from hypercuboid.graph.selection.asked import Bounded, Weights
from hypercuboid.graph.selection.budgets import following, forest_program, timed
from hypercuboid.graph.selection.max_score import Kept, flat, kept_weight
from hypercuboid.graph.selection.solver import Cap, Solver, value
from hypercuboid.ops.base import MEASURES
from hypercuboid.records import dataclass
from hypercuboid.registry import suggestion

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph

POINTS = 20_000
"""Points of one part's front: two of them make as many pairs as their product."""

NOISE = 1e-12
"""Scores that differ by less, relatively, are equal: sums in floating point."""

Point: TypeAlias = tuple[int, float, Any]
"""Cost, score, and what is kept for it: None, a `Kept`, or a pair of such."""

Fronts: TypeAlias = dict[int, list[Point]]
"""By number of outermost decisions, so that means are exact: points of rising cost and score."""


@dataclass(frozen=True)
class Choice:
    """A point of the front; its cost is an integer, or the ms of a latency."""

    cost: float
    score: float
    picks: Picks


def front(
    graph: Graph, weights: Weights, measure: str, forest: Forest | None = None, latencies: Path | None = None
) -> list[Choice]:
    """All points of the front of score against a cost (of `MEASURES`, or `latency` by a file), cheapest first.

    `forest` is that of the graph's architectures with other prices. Raises HC7204 where costs do not follow from what
    is decided, HC7206 for an unknown cost or no file of latencies, HC4001 where the front has too many points.
    """
    if measure == "latency":
        in_nanoseconds = front(graph, weights, "nanoseconds", timed(graph, Bounded(latencies=latencies)))
        return [replace(one, cost=one.cost / 1e6) for one in in_nanoseconds]
    if measure not in MEASURES:
        raise error("HC7206", f"there is no cost `{measure}`", help=suggestion(measure, [*MEASURES[:-1], "latency"]))
    forest = following(graph, forest or graph.model_forest)
    if forest.unfollowed is not None:
        return _step_by_step(graph, weights, measure, forest)
    algebra = _Fronts(graph, weights, measure)
    found = evaluate(forest.settled, algebra)
    points = algebra.undominated(point for count in sorted(found) for point in found[count])
    return [Choice(cost, score, dict(flat(picks))) for cost, score, picks in points]


def _step_by_step(graph: Graph, weights: Weights, measure: str, forest: Forest) -> list[Choice]:
    """The same by one integer program after the other, each cheaper than the last: for decisions that follow others,
    which the costs have at their places and the scores have not."""
    made = forest_program(graph, weights, forest=forest)
    row = made.costs[MEASURES.index(measure)]
    found: list[Choice] = []
    most = math.inf
    while (answer := (solver := Solver(made, (Cap(row, most),) if found else ())).best()) is not None:
        choice = Choice(int(value(row, answer)), value(made.scores, answer), solver.picks(answer))
        if found and choice.score >= found[-1].score - NOISE * abs(found[-1].score):
            found.pop()
        found.append(choice)
        most = choice.cost - 1
    return found[::-1]


class _Fronts(Algebra[Fronts]):
    def __init__(self, graph: Graph, weights: Weights, measure: str) -> None:
        self.zero: Fronts = {}
        self.one: Fronts = {0: [(0, 0.0, None)]}
        self.measure = measure
        self._name = graph.space.name
        self._decisions = {decision.name: decision for decision in graph.decisions}
        self._weights = weights

    def constant(self, group: Group) -> Fronts:
        cost: int = getattr(group.cost, self.measure)
        return {0: [(cost, 0.0, None)]} if cost else self.one

    def undominated(self, points: Iterable[Point]) -> list[Point]:
        kept: list[Point] = []
        best = -math.inf
        for point in sorted(points, key=lambda point: (point[0], -point[1])):
            if point[1] > best + NOISE * abs(best) or not kept:
                kept.append(point)
                best = point[1]
        if len(kept) > POINTS:
            raise error(
                "HC4001",
                f"the front of `{self._name}` has more than {POINTS} points",
                help="decide some of it first, or ask for the best under a few budgets: --budget",
            )
        return kept

    def times(self, first: Fronts, second: Fronts) -> Fronts:
        if first is self.one or second is self.one:
            return second if first is self.one else first
        gained: dict[int, list[Point]] = {}
        for m, ones in first.items():
            for n, others in second.items():
                pairs = ((a + b, x + y, (p, q)) for a, x, p in ones for b, y, q in others)
                gained.setdefault(m + n, []).extend(pairs)
        return {count: self.undominated(points) for count, points in gained.items()}

    def plus(self, values: Iterable[Fronts]) -> Fronts:
        gained: dict[int, list[Point]] = {}
        for fronts in values:
            for count, points in fronts.items():
                gained.setdefault(count, []).extend(points)
        return {count: self.undominated(points) for count, points in gained.items()}

    def keep(self, address: Address, kept: tuple[Label, ...] | KeptPath, inside: Fronts) -> Fronts:
        weight, leaf = kept_weight(self._decisions, self._weights, address, kept), Kept(address, kept)
        points = (
            (cost, weight * (score / count if count else 1.0), (leaf, picks))
            for count in sorted(inside)
            for cost, score, picks in inside[count]
        )
        return {1: self.undominated(points)} if inside else inside
