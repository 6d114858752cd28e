"""Labels that are left out of every choice of a space: which there are, and what is decided by it."""

from __future__ import annotations

from collections.abc import Iterable

from hypercuboid.frontend.elaborated import Decided, Kept, Label, label_text
from hypercuboid.frontend.points import Point


def known_labels(points: Iterable[Point]) -> list[str]:
    """The labels of all alternatives, in the order of the source; states of cuboids are none."""
    labels = (label for point in points for label in (*point.labels, *(move for _, _, move in point.moves)))
    return list(dict.fromkeys(label_text(one) for label in labels for one in label))


def forced(points: Iterable[Point], left_out: frozenset[str]) -> tuple[Decided, ...]:
    """What choices keep of which one alternative is left, so that an architecture says so in the whole space."""
    made: dict[str, dict[tuple[Label, ...], tuple[Kept, ...]]] = {}
    for point in points:
        left = [label for label in point.labels if not any(label_text(one) in left_out for one in label)]
        if len(left) == 1 < len(point.labels):
            made.setdefault(point.name, {})[point.key] = (left[0],)
    return tuple(Decided(name, kept) for name, kept in made.items())
