"""The score of a given architecture, as `max-score` counts it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from hypercuboid.frontend.elaborated import KeptPath, Label
from hypercuboid.graph.dynamic import Algebra, evaluate
from hypercuboid.graph.forest import Address, Layer, Move, Segment, Template
from hypercuboid.graph.numbering import Picks
from hypercuboid.graph.selection.asked import Weights
from hypercuboid.graph.selection.max_score import kept_weight

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph

Scored: TypeAlias = tuple[int, float] | None
"""How many outermost decisions are kept, and their score; None where something else is kept."""

Moves: TypeAlias = dict[int, dict[KeptPath, tuple[Move, ...]]]
"""By the id of a template: the moves of it that keep a path."""


def score(graph: Graph, weights: Weights, picks: Picks) -> float:
    """The sum over the outermost decisions of weight times the mean score inside."""
    return scorer(graph, weights)(picks)


def scorer(graph: Graph, weights: Weights) -> Callable[[Picks], float]:
    """`score` of many architectures."""
    moves: Moves = {}

    def scored(picks: Picks) -> float:
        found = evaluate(graph.forest.outcomes, _Scores(graph, weights, picks, moves))
        assert found is not None
        return found[1]

    return scored


def log_product(graph: Graph, weights: Weights, picks: Picks) -> float:
    """ln of the product of all kept weights; minus infinity where one is 0."""
    decisions = {decision.name: decision for decision in graph.decisions}
    kept = [kept_weight(decisions, weights, address, one) for address, one in picks.items()]
    return sum(map(math.log, kept)) if all(kept) else -math.inf


class _Scores(Algebra[Scored]):
    """What is not kept is impossible, so that one way is left."""

    zero: Scored = None
    one: Scored = (0, 0.0)

    def __init__(self, graph: Graph, weights: Weights, picks: Picks, moves: Moves) -> None:
        self._moves = moves
        self._decisions = {decision.name: decision for decision in graph.decisions}
        self._weights, self._picks = weights, picks

    def times(self, first: Scored, second: Scored) -> Scored:
        return (first[0] + second[0], first[1] + second[1]) if first and second else None

    def plus(self, values: Iterable[Scored]) -> Scored:
        """With the most decisions: a term of `sum top` in which nothing is decided stands back."""
        return max((value for value in values if value is not None), key=lambda value: value[0], default=None)

    def moves(self, segment: Segment, layer: Layer, address: Address) -> tuple[Move, ...]:
        """Looks at the moves alone that keep what is picked."""
        kept: Any = None if layer.decided else self._picks.get(address)
        return layer.template.moves if kept is None else self._keeping(segment, layer.template).get(kept, ())

    def _keeping(self, segment: Segment, template: Template) -> dict[KeptPath, tuple[Move, ...]]:
        if id(template) not in self._moves:
            found: dict[KeptPath, tuple[Move, ...]] = {}
            for move in template.moves:
                kept = segment.kept(move)
                found[kept] = (*found.get(kept, ()), move)
            self._moves[id(template)] = found
        return self._moves[id(template)]

    def keep(self, address: Address, kept: tuple[Label, ...] | KeptPath, inside: Scored) -> Scored:
        picked: Any = self._picks.get(address)
        if inside is None or picked != kept or type(picked) is not type(kept):
            return None
        count, found = inside
        return 1, kept_weight(self._decisions, self._weights, address, kept) * (found / count if count else 1.0)
