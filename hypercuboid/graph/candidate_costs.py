"""What each candidate of each decision costs: an architecture costs what is fixed plus what it keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from hypercuboid.frontend.elaborated import Label
from hypercuboid.graph.counts import is_additive
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
from hypercuboid.graph.grown import Forest
from hypercuboid.ops.base import MEASURES, Cost
from hypercuboid.records import dataclass

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph


@dataclass(frozen=True)
class CandidateCosts:
    """`fixed` is what every architecture costs. An array has the axes of its decision, and one more for the numbers
    of `Cost` in the order of `MEASURES`. What a candidate holds in decisions of its own is left to those.

    `own` are such arrays without what the states of a path bring along: candidates as they stand in the source.
    """

    fixed: Cost
    decisions: Mapping[str, np.ndarray]
    own: Mapping[str, np.ndarray]

    def of(self, measure: str) -> tuple[int, dict[str, np.ndarray]]:
        """One of `MEASURES` alone: what is fixed, and arrays in the shapes of their decisions."""
        at = MEASURES.index(measure)
        return self.fixed.numbers[at], {name: array[..., at] for name, array in self.decisions.items()}

    def of_own(self, measure: str) -> dict[str, np.ndarray]:
        """One of `MEASURES` alone of the candidates by themselves."""
        at = MEASURES.index(measure)
        return {name: array[..., at] for name, array in self.own.items()}


def candidate_costs(graph: Graph, forest: Forest | None = None) -> CandidateCosts | None:
    """The costs of architectures by candidate; None where they are no sum over candidates, or shapes are unknown.

    `forest` is that of the graph's models with other prices.
    """
    forest = forest or graph.model_forest
    if not forest.known or not is_additive(forest):
        return None
    ledger, own = _Ledger(graph), _Ledger(graph, states=False)
    try:
        ledger.group(forest.settled, (), [ledger.fixed])
        own.group(forest.settled, (), [own.fixed])
    except _NotASumError:
        return None
    return CandidateCosts(Cost(*map(int, ledger.fixed)), ledger.arrays, own.arrays)


class _NotASumError(Exception):
    """A cost that belongs to no candidate alone."""


class _Ledger:
    """Puts the cost of each group on the entries of those candidates of which exactly one is kept where it lives.

    Without `states` what lives in a state of a path is left out.
    """

    def __init__(self, graph: Graph, states: bool = True) -> None:
        self._states = states
        self._axes = {decision.name: decision.axes for decision in graph.decisions}
        self.fixed = np.zeros(len(MEASURES), dtype=np.int64)
        self.arrays = {d.name: np.zeros((*d.shape, len(MEASURES)), dtype=np.int64) for d in graph.decisions}

    def group(self, group: Group, environment: Environment, payers: list[np.ndarray]) -> None:
        cost = group.cost.numbers
        if any(cost):
            for payer in payers:
                payer += cost
        for point in group.points:
            self._point(point, environment, payers)

    def _point(self, point: Point, environment: Environment, payers: list[np.ndarray]) -> None:
        if isinstance(point, OneOf):
            for option in point.options:
                self.group(
                    option.group,
                    environment,
                    [self._entry(placed(point.address, environment, point.levels), option.label)],
                )
        elif isinstance(point, Top):
            for _, group in point.terms:
                self.group(group, environment, self._term(group, environment))
        elif isinstance(point, Cases):
            raise _NotASumError
        else:
            self._path(point, environment, payers)

    def _entry(self, address: Address, own: tuple[Label, ...]) -> np.ndarray:
        """The numbers of a candidate, as a view."""
        name, coordinates = address
        labels = (*(label for _, label in coordinates), *own)
        index = tuple(axis.position(label) for axis, label in zip(self._axes[name], labels, strict=True))
        found: np.ndarray = self.arrays[name][index]
        return found

    def _term(self, group: Group, environment: Environment) -> list[np.ndarray]:
        """A term of `sum top` lives where one alternative of its first decision is kept."""
        first = group.points[0] if group.points else None
        if not isinstance(first, OneOf):
            raise _NotASumError
        return [self._entry(placed(first.address, environment, first.levels), option.label) for option in first.options]

    def _path(self, point: Path, environment: Environment, payers: list[np.ndarray]) -> None:
        """What lives where the path is in a state is paid by the moves out of it or into it."""
        for segment in point.segments:
            for layer in segment.layers:
                inner = (segment.environment(layer), *environment)
                for move, entries in self._moves(segment, layer, environment, payers):
                    self.group(move.group, inner, entries)
        if self._states:
            self._in_states(point, environment, payers)

    def _in_states(self, point: Path, environment: Environment, payers: list[np.ndarray]) -> None:
        steps = [[list(self._moves(s, s.layers[i], environment, payers)) for i in (0, -1)] for s in point.segments]
        for state, group in point.entry.items():
            self.group(group, environment, _leaving(steps[0][0], state))
        for place, bridge in enumerate(point.bridges):
            for (source, target), group in bridge.items():
                before, after = _entering(steps[place][1], source), _leaving(steps[place + 1][0], target)
                self.group(group, environment, _alone(bridge, source, target, before, after))
        for state, group in point.exit.items():
            self.group(group, environment, _entering(steps[-1][1], state))

    def _moves(
        self, segment: Segment, layer: Layer, environment: Environment, payers: list[np.ndarray]
    ) -> Iterator[tuple[Move, list[np.ndarray]]]:
        """The candidates of a step and who pays for them; the only one of a decided step is always kept."""
        if layer.decided and len(layer.template.moves) > 1:
            raise _NotASumError
        address = segment.step_address(layer, environment)
        states = segment.state_labels
        for move in layer.template.moves:
            if layer.decided:
                yield move, payers
            else:
                yield move, [self._entry(address, (states[move.source], states[move.target], *move.label))]


_Step = list[tuple[Move, list[np.ndarray]]]


def _leaving(step: _Step, state: int) -> list[np.ndarray]:
    return [entry for move, entries in step if move.source == state for entry in entries]


def _entering(step: _Step, state: int) -> list[np.ndarray]:
    return [entry for move, entries in step if move.target == state for entry in entries]


def _alone(
    bridge: Mapping[tuple[int, int], Group],
    source: int,
    target: int,
    before: list[np.ndarray],
    after: list[np.ndarray],
) -> list[np.ndarray]:
    """Who pays for a way between two cuboids: the side of which it is the only way."""
    if sum(t == target for _, t in bridge) == 1:
        return after
    if sum(s == source for s, _ in bridge) == 1:
        return before
    if bridge[source, target].cost == Cost():
        return []
    raise _NotASumError
