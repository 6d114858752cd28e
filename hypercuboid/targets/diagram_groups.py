"""Competing groups of a decision: sizes and ranks, entry by entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypercuboid.frontend.elaborated import Label
from hypercuboid.graph.decision import Decision

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Rating:
    """Weight, weight of all when they are equal, rank from 1 (0: no weights), and whether the output can be reached."""

    weight: float | None
    uniform: float
    rank: int
    live: bool


FREE = Rating(None, 1.0, 0, True)
"""Of what competes with nothing."""


@dataclass(frozen=True)
class Standing:
    """The arrays of a decision: sizes of competing groups, ranks in them, weights, and which entries are live."""

    decision: Decision
    values: np.ndarray | None
    sizes: np.ndarray
    ranks: np.ndarray | None
    live: np.ndarray

    @classmethod
    def of_decision(cls, decision: Decision, values: np.ndarray | None) -> Standing:
        return cls(decision, values, group_sizes(decision), group_ranks(decision, values), decision.reaching())

    def of(self, labels: tuple[Label, ...]) -> Rating:
        """The rating of the entry at these labels, one per axis; `FREE` where they are not as many."""
        axes = self.decision.axes
        if len(axes) != len(labels):
            return FREE
        at = tuple(axis.position(label) for axis, label in zip(axes, labels, strict=True))
        weight = None if self.values is None else float(self.values[at])
        rank = 0 if self.ranks is None else int(self.ranks[at])
        return Rating(weight, 1 / int(self.sizes[at]), rank, bool(self.live[at]))


def group_sizes(decision: Decision) -> np.ndarray:
    """For each entry, how many entries that can reach the output its competing group has, at least 1."""
    import numpy as np

    live = decision.reaching()
    sums = live.sum(axis=decision.competing_axes, keepdims=True)
    sizes: np.ndarray = np.maximum(np.broadcast_to(sums, live.shape), 1)
    return sizes


def group_ranks(decision: Decision, values: np.ndarray | None) -> np.ndarray | None:
    """For each entry, its place by weight among those of its group that can reach the output, from 1."""
    import numpy as np

    if values is None:
        return None
    groups, rest = decision.group_axes, decision.competing_axes
    masked = np.where(decision.reaching(), values, -np.inf)
    flat = masked.transpose(*groups, *rest).reshape(*(values.shape[i] for i in groups), -1)
    order = np.argsort(-flat, axis=-1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.broadcast_to(np.arange(1, flat.shape[-1] + 1), order.shape), axis=-1)
    moved = ranks.reshape(tuple(values.shape[i] for i in (*groups, *rest)))
    back: np.ndarray = moved.transpose(np.argsort([*groups, *rest]))
    return back
