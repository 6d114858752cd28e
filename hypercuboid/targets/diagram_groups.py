"""Competing groups of a cuboid's decision: sizes and ranks, entry by entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypercuboid.frontend.elaborated import Candidate, Label, TrellisNode
from hypercuboid.graph.decision import Decision

if TYPE_CHECKING:
    import numpy as np


def index_of(decision: Decision, depth: tuple[Label, ...], candidate: Candidate, node: TrellisNode) -> tuple[int, ...]:
    """The position of a candidate in the array of the cuboid's decision."""
    states = node.state_labels[candidate.source], node.state_labels[candidate.target]
    labels = (*(label for _, label in node.coordinates), *depth, *states, *candidate.label)
    return tuple(axis.position(label) for axis, label in zip(decision.axes, labels, strict=True))


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
