"""Competing groups of a decision: where they are, the softmax over each, and whether weights sum to one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from hypercuboid.graph.decision import Decision
from hypercuboid.graph.notation import site_text

if TYPE_CHECKING:
    import numpy as np

TOLERANCE = 1e-3
"""How far the sum of a competing group may be from 1 without a warning."""


def groups(decision: Decision) -> Iterator[tuple[str, Any]]:
    """Text and numpy index of each competing group; undeclared entries are not left out."""
    indexed = decision.group_axes
    sizes = (range(len(decision.axes[i].labels)) for i in indexed)
    for place in itertools.product(*sizes):
        index: list[Any] = [slice(None)] * len(decision.axes)
        for axis, position in zip(indexed, place, strict=True):
            index[axis] = position
        where = tuple(
            (decision.axes[axis].name, decision.axes[axis].labels[position])
            for axis, position in zip(indexed, place, strict=True)
        )
        yield site_text(decision.name, where), tuple(index)


def softmax(decision: Decision, alphas: np.ndarray) -> np.ndarray:
    """Weights from alphas: softmax over the live entries of each competing group, 0 elsewhere."""
    import numpy as np

    live = decision.reaching()
    axes = decision.competing_axes
    masked = np.where(live, alphas, -np.inf)
    highest = masked.max(axis=axes, keepdims=True)
    powers = np.where(live, np.exp(masked - np.where(np.isfinite(highest), highest, 0.0)), 0.0)
    sums = powers.sum(axis=axes, keepdims=True)
    return powers / np.where(sums > 0, sums, 1.0)


def sum_warnings(decision: Decision, weights: np.ndarray) -> list[str]:
    live, found = decision.reaching(), []
    for text, index in groups(decision):
        total, reaching = float(weights[index].sum()), float(weights[index][live[index]].sum())
        if live[index].any() and min(abs(total - 1), abs(reaching - 1)) > TOLERANCE:
            found.append(f"the weights of `{text}` sum to {total:.6g}, not 1")
    return found
