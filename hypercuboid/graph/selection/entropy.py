"""How decided a search was: the entropy of each competing group, as a part of the greatest possible."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hypercuboid.graph.decision import Decision
from hypercuboid.graph.groups import groups

if TYPE_CHECKING:
    import numpy as np


def entropy(decisions: tuple[Decision, ...], weights: Mapping[str, np.ndarray]) -> dict[str, float]:
    """H / ln n per competing group over its live entries: 1 is uniform, 0 decided. A group of one entry is 0."""
    import numpy as np

    found: dict[str, float] = {}
    for decision in decisions:
        live = decision.reaching()
        for text, index in groups(decision):
            values = weights[decision.name][index][live[index]]
            total = values.sum()
            if not len(values):
                continue
            shares = values[values > 0] / total if total > 0 else np.ones(1)
            nats = float(-(shares * np.log(shares)).sum())
            found[text] = max(0.0, nats / float(np.log(len(values)))) if len(values) > 1 else 0.0
    return found
