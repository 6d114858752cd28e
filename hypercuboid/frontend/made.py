"""Decisions that were made in several goes, put together: what an `arch` picks, then what a search decides in it."""

from __future__ import annotations

from collections.abc import Iterable

from hypercuboid.frontend.elaborated import Decided, Kept, KeptPath


def by_name(decided: Iterable[Decided]) -> dict[str, Decided]:
    """Decisions by name. A later label of the axes that an earlier one leaves open completes it."""
    found: dict[str, Decided] = {}
    for one in decided:
        kept = dict(found[one.name].kept) if one.name in found else {}
        for key, labels in one.kept.items():
            kept[key] = completed(kept[key], labels) if key in kept else labels
        found[one.name] = Decided(one.name, kept)
    return found


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
