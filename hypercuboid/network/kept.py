"""What a selection keeps, as masks over the arrays of decisions: the coefficients 1 and 0 of a decided network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from hypercuboid.frontend.elaborated import Decided, KeptPath
from hypercuboid.graph.selection.uniform import architecture

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph
    from hypercuboid.graph.decision import Decision


def kept_masks(decisions: Sequence[Decision], decided: Iterable[Decided]) -> dict[str, np.ndarray]:
    """Per decision a mask of its array's shape, True where an entry is kept.

    A coordinate that `decided` does not name has nothing kept: it stands inside an alternative that lost. Where only
    some axes are decided, all labels of the others are kept.
    """
    known = {decision.name: decision for decision in decisions}
    masks = {decision.name: np.zeros(decision.shape, dtype=bool) for decision in decisions}
    for one in decided:
        decision = known[one.name]
        for coordinates, all_kept in one.kept.items():
            for kept in all_kept:
                own = (kept.source, kept.target, *kept.label) if isinstance(kept, KeptPath) else kept
                labels = (*coordinates, *own)
                index = tuple(
                    slice(None) if label is None else axis.position(label)
                    for axis, label in zip(decision.axes, labels, strict=True)
                )
                masks[one.name][index] = True
    return masks


def kept_row(graph: Graph, number: int) -> np.ndarray:
    """What an architecture keeps by its number: a mask over the arrays of all decisions in a row."""
    masks = kept_masks(graph.decisions, architecture(graph, number))
    return in_a_row(graph, masks)


def in_a_row(graph: Graph, arrays: Mapping[str, np.ndarray]) -> np.ndarray:
    """One number for each alternative: the arrays of all decisions, flat, in the order of the source."""
    return np.concatenate([arrays[decision.name].ravel() for decision in graph.decisions])
