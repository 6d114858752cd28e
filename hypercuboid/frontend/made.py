"""Decisions that were made in several goes, put together: what an `arch` picks, then what a search decides in it."""

from __future__ import annotations

from collections.abc import Iterable

from hypercuboid.frontend.elaborated import Decided, Kept, KeptPath, Label
from hypercuboid.frontend.points import Point


def by_name(decided: Iterable[Decided]) -> dict[str, Decided]:
    """Decisions by name. A later label of the axes that an earlier one leaves open completes it."""
    found: dict[str, Decided] = {}
    for one in decided:
        kept = dict(found[one.name].kept) if one.name in found else {}
        for key, labels in one.kept.items():
            kept[key] = completed(kept[key], labels) if key in kept else labels
        found[one.name] = Decided(one.name, kept)
    return found


def still_open(decided: Iterable[Decided], open: Iterable[Point], whole: Iterable[Point]) -> tuple[Decided, ...]:
    """What an architecture decides of a smaller space: at each of its `open` points, on the axes that it has left.

    `whole` are the points of the space that the architecture is one of.
    """
    made = {one.name: one.kept for one in decided}
    axes = {(point.name, point.key): point.axes for point in whole}
    found: dict[str, dict[tuple[Label, ...], tuple[Kept, ...]]] = {}
    for point in open:
        kept = made[point.name].get(point.key) if point.name in made else None
        if kept is not None:
            named = (_on_axes(one, axes[point.name, point.key], point.axes) for one in kept)
            found.setdefault(point.name, {})[point.key] = tuple(dict.fromkeys(named))
    return tuple(Decided(name, kept) for name, kept in found.items())


def _on_axes(kept: Kept, axes: tuple[str, ...], wanted: tuple[str, ...]) -> Kept:
    if isinstance(kept, KeptPath):
        return kept
    return tuple(label for axis, label in zip(axes, kept, strict=True) if axis in wanted)


def completed(before: tuple[Kept, ...], after: tuple[Kept, ...]) -> tuple[Kept, ...]:
    """Labels with open axes (None), those axes taken from each of `after`; what has none is decided anew."""
    if not after or not any(isinstance(one, tuple) and None in one for one in before):
        return after
    return tuple(dict.fromkeys(_filled(one, other) for one in before for other in after))


def _filled(one: Kept, other: Kept) -> Kept:
    assert not isinstance(one, KeptPath)
    assert not isinstance(other, KeptPath)
    if len(other) == len(one):
        return tuple(b if a is None else a for a, b in zip(one, other, strict=True))
    rest = iter(other)
    return tuple(next(rest) if label is None else label for label in one)
