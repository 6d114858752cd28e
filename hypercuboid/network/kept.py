"""What a selection keeps, as masks over the arrays of decisions: the coefficients 1 and 0 of a decided network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from hypercuboid.frontend.elaborated import Decided, KeptPath

if TYPE_CHECKING:
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
