"""What an alternative is worth on its own: least squares over some scored architectures, as weights for selection."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hypercuboid.graph.build import Graph
from hypercuboid.graph.groups import groups
from hypercuboid.network.kept import in_a_row, kept_row


def effects(graph: Graph, scores: Mapping[int, float]) -> dict[str, np.ndarray]:
    """Weights >= 0 by decision, in the unit of the scores: an architecture's sum of them is its predicted score but for
    a constant. Of all least-squares solutions it is the smallest, and the least effect of a competing group is 0.
    """
    rows = np.array([kept_row(graph, number) for number in scores], dtype=np.float64)
    found = np.array(list(scores.values()), dtype=np.float64)
    flat = np.linalg.lstsq(rows - rows.mean(axis=0), found - found.mean(), rcond=None)[0]
    weights, start = {}, 0
    for decision in graph.decisions:
        size = int(np.prod(decision.shape))
        array = flat[start : start + size].reshape(decision.shape)
        for _, index in groups(decision):
            array[index] -= array[index].min()
        weights[decision.name], start = array, start + size
    return weights


def predicted(graph: Graph, weights: Mapping[str, np.ndarray], rows: np.ndarray) -> np.ndarray:
    """The sum of the weights that each architecture keeps; `rows` (architectures, alternatives) as of `kept_row`."""
    found: np.ndarray = rows @ in_a_row(graph, weights)
    return found
