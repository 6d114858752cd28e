"""The k best architectures by score, exactly: the dynamic programme in the algebra of the k best.

The score of a decision is the weight of what is kept times the mean score of the decisions inside it; an architecture's
is the sum over its outermost decisions (paper Sec. 4.2: the path of maximum score). Ties go to what the source declares
first: in a cuboid the lower source state, then the first primitive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from hypercuboid.frontend.elaborated import KeptPath, Label
from hypercuboid.graph.decision import Axis, Decision
from hypercuboid.graph.decisions import move_positions
from hypercuboid.graph.dynamic import Algebra, evaluate
from hypercuboid.graph.forest import Address, Environment, Group, Layer, Path, Segment
from hypercuboid.graph.selection.asked import Asked, Found, Weights
from hypercuboid.graph.selection.best_paths import BestPaths
from hypercuboid.graph.selection.positions import position

if TYPE_CHECKING:
    import numpy as np

    from hypercuboid.graph.build import Graph

Entry = tuple[float, Any]
"""A score, and what is kept for it: None, (address, kept), or a pair of such, first things first."""

Best = dict[int, list[Entry]]
"""By number of outermost decisions, so that means are exact: the best entries, best first."""


def max_score(graph: Graph, weights: Weights, asked: Asked) -> Found:
    """Scores and picks (address -> KeptPath or label) of the `asked.top` best architectures, best first."""
    return k_best(graph, KBest(graph.decisions, weights, asked.top))


def k_best(graph: Graph, algebra: KBest) -> Found:
    """What an algebra of the k best finds in a graph."""
    found = evaluate(graph.forest.outcomes, algebra)
    entries = algebra.best(entry for count in sorted(found) for entry in found[count])
    return [(score, dict(flat(picks))) for score, picks in entries]


def flat(picks: Any) -> list[tuple[Address, Any]]:
    """The leaves of a tree of pairs, in order; iterative, for paths of thousands of steps."""
    found = []
    waiting = [picks]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Kept):
            found.append((one.address, one.kept))
        elif one is not None:
            waiting += [one[1], one[0]]
    return found


def kept_weight(
    decisions: Mapping[str, Decision],
    weights: Mapping[str, np.ndarray],
    address: Address,
    kept: tuple[Label, ...] | KeptPath,
) -> float:
    """The architecture weight of an alternative."""
    return float(weights[address[0]][position(decisions[address[0]], address, kept)])


class Kept:
    """A leaf: what is kept at an address."""

    __slots__ = ("address", "kept")

    def __init__(self, address: Address, kept: Any) -> None:
        self.address, self.kept = address, kept


class KBest(Algebra[Best]):
    """The `top` best ways to decide, with their scores."""

    def __init__(self, decisions: tuple[Decision, ...], weights: Mapping[str, np.ndarray], top: int) -> None:
        self.zero: Best = {}
        self.one: Best = {0: [(0.0, None)]}
        self.top = top
        self._decisions = {decision.name: decision for decision in decisions}
        self._weights = weights
        self._places: dict[int, tuple[np.ndarray, ...]] = {}

    def best(self, entries: Iterable[Entry]) -> list[Entry]:
        return sorted(entries, key=lambda entry: -entry[0])[: self.top]

    def times(self, first: Best, second: Best) -> Best:
        if first is self.one or second is self.one:
            return second if first is self.one else first
        gained: dict[int, list[Entry]] = {}
        for m, ones in first.items():
            for n, others in second.items():
                pairs = ((a + b, (p, q)) for a, p in ones for b, q in others)
                gained.setdefault(m + n, []).extend(pairs)
        return {count: self.best(entries) for count, entries in gained.items()}

    def plus(self, values: Iterable[Best]) -> Best:
        gained: dict[int, list[Entry]] = {}
        for value in values:
            for count, entries in value.items():
                gained.setdefault(count, []).extend(entries)
        return {count: self.best(entries) for count, entries in gained.items()}

    def keep(self, address: Address, kept: tuple[Label, ...] | KeptPath, inside: Best) -> Best:
        return {1: self.scored(self.weight(address, kept), address, kept, inside)}

    def scored(self, weight: float, address: Address, kept: Any, inside: Best) -> list[Entry]:
        """The entries of keeping an alternative of this weight."""
        leaf = Kept(address, kept)
        if inside is self.one:
            return [(weight, leaf)]
        return self.best(
            (weight * (score / count if count else 1.0), (leaf, picks))
            for count in sorted(inside)
            for score, picks in inside[count]
        )

    def weight(self, address: Address, kept: tuple[Label, ...] | KeptPath) -> float:
        """The architecture weight of an alternative."""
        return kept_weight(self._decisions, self._weights, address, kept)

    def layer_weights(self, segment: Segment, layer: Layer, environment: Environment) -> np.ndarray:
        """The weights of all candidates of a step, in their order."""
        template = layer.template
        name, coordinates = segment.step_address(layer, environment)
        axes: tuple[Axis, ...] = self._decisions[name].axes
        front = tuple(axis.position(label) for axis, (_, label) in zip(axes, coordinates, strict=False))
        if id(template) not in self._places:
            self._places[id(template)] = move_positions(segment, template, axes[len(front) :])
        found: np.ndarray = self._weights[name][front][self._places[id(template)]]
        return found

    def path(self, point: Path, environment: Environment, value: Callable[[Group, Environment], Best]) -> Best:
        if not _plain(point):
            return super().path(point, environment, value)
        scores, picks = BestPaths(self, point, environment, value).run()
        steps = sum(not layer.decided for segment in point.segments for layer in segment.layers)
        return {steps: list(zip(scores, picks, strict=True))} if scores else {}


def _plain(point: Path) -> bool:
    """Whether all decisions of a path are in its open steps, so that every path holds equally many."""
    ends = (*point.entry.values(), *point.exit.values(), *(g for b in point.bridges for g in b.values()))
    decided = {id(layer.template): layer.template for s in point.segments for layer in s.layers if layer.decided}
    moves = (move.group for template in decided.values() for move in template.moves)
    return not any(group.points for group in (*ends, *moves))
