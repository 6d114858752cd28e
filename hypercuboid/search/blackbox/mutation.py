"""Mutation of one decision: another alternative is kept there, and of the rest as much stays as can."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from hypercuboid.frontend.elaborated import Decided, Kept, KeptPath, Label
from hypercuboid.graph.decision import Decision
from hypercuboid.graph.numbering import Picks
from hypercuboid.graph.selection.result import record

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph

CHANGED = 1e-100
"""The weight of keeping something else than the parent does, beside 1 for the same: fewer changes always outweigh more.

Decisions inside what the parent lost weigh 1 too, so that they are drawn uniformly.
"""


@dataclass(frozen=True)
class _Row:
    """A decision at one coordinate: `front` are its positions on the leading axes, `kept` where the parent stands."""

    decision: Decision
    front: tuple[int, ...]
    kept: tuple[int, ...]


def mutated(graph: Graph, picks: Picks, generator: Random) -> Picks:
    """A neighbour of an architecture: it differs in one decision, drawn uniformly, and is valid.

    There another alternative is drawn uniformly; of a `sum top`, another label or another term, uniformly. Elsewhere as
    few decisions change as possible, uniformly among the ways: a path leaves the parent's and comes back to it.
    What stands inside a new alternative is drawn uniformly. Only where there is no other, the same comes back.
    """
    decided = record(graph.forest.root, picks).decided
    weights = _weights_of(graph.decisions, decided)
    rows = list(_rows(graph.decisions, decided))
    generator.shuffle(rows)
    for row in rows:
        own = weights[row.decision.name][row.front]
        before = own.copy()
        for choice in _others(row, before, generator):
            own[...] = choice
            odds = graph.sampler.odds(weights)
            if odds.log_total > -math.inf:
                return odds.draw(generator).picks
        own[...] = before
    return picks


def _weights_of(decisions: tuple[Decision, ...], decided: tuple[Decided, ...]) -> dict[str, np.ndarray]:
    """1 for what is kept and for what is not decided at all, `CHANGED` beside what is kept and for dropped terms."""
    weights = {decision.name: np.ones(decision.shape) for decision in decisions}
    by_name = {decision.name: decision for decision in decisions}
    for one in decided:
        for labels, kept in one.kept.items():
            own = weights[one.name][_front(by_name[one.name], labels)]
            own[...] = CHANGED
            for alternative in kept:
                own[_place(by_name[one.name], len(labels), alternative)] = 1.0
    return weights


def _rows(decisions: tuple[Decision, ...], decided: tuple[Decided, ...]) -> Iterator[_Row]:
    """Where something is kept."""
    by_name = {decision.name: decision for decision in decisions}
    for one in decided:
        decision = by_name[one.name]
        for labels, kept in one.kept.items():
            for alternative in kept:
                yield _Row(decision, _front(decision, labels), _place(decision, len(labels), alternative))


def _others(row: _Row, before: np.ndarray, generator: Random) -> Iterator[np.ndarray]:
    """What the weights of a decision may become, in random order, so that the parent's alternative is not kept."""
    if row.decision.kind == "top":
        without = before.copy()
        without[row.kept] = 0.0
        yield without
        return
    live = np.argwhere(row.decision.reaching()[row.front]).tolist()
    generator.shuffle(live)
    for place in map(tuple, live):
        if place != row.kept:
            only = np.zeros_like(before)
            only[place] = 1.0
            yield only


def _front(decision: Decision, labels: tuple[Label, ...]) -> tuple[int, ...]:
    return tuple(axis.position(label) for axis, label in zip(decision.axes, labels, strict=False))


def _place(decision: Decision, leading: int, kept: Kept) -> tuple[int, ...]:
    """Where an alternative stands on the axes behind the leading ones."""
    labels: tuple[Any, ...] = (kept.source, kept.target, *kept.label) if isinstance(kept, KeptPath) else kept
    return tuple(axis.position(label) for axis, label in zip(decision.axes[leading:], labels, strict=True))
