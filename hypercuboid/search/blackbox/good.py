"""What good architectures have in common, as weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from hypercuboid.graph.groups import groups
from hypercuboid.graph.selection.uniform import architecture
from hypercuboid.network.kept import kept_masks

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph

BEST_SHARE = 10
"""One in so many of the scored architectures counts as good."""


def good_weights(graph: Graph, scores: Mapping[int, float]) -> dict[str, np.ndarray]:
    """The shares of the alternatives among the best tenth of what was scored; all are uniform before anything is."""
    ranked = sorted(scores, key=lambda number: -scores[number])
    return shares(graph, ranked[: -(-len(ranked) // BEST_SHARE)])


def shares(graph: Graph, numbers: Iterable[int]) -> dict[str, np.ndarray]:
    """How many of these architectures keep an alternative, of those that keep one of its competing group.

    A group in which none of them keeps anything is uniform.
    """
    masks = [kept_masks(graph.decisions, architecture(graph, number)) for number in numbers]
    found = {}
    for decision in graph.decisions:
        counts = sum((mask[decision.name].astype(float) for mask in masks), np.zeros(decision.shape))
        live = decision.reaching()
        for _, index in groups(decision):
            own = counts[index] if counts[index].sum() else live[index].astype(float)
            counts[index] = own / max(own.sum(), 1.0)
        found[decision.name] = counts
    return found
