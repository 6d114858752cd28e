"""What the header of a generated file says of the data that its network reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hypercuboid.data.card import Card

_MOST = 100
"""Classes that are listed."""


def header_lines(card: Card | None) -> list[str]:
    """Input, normalisation and classes, as far as they are known."""
    if card is None:
        return []
    size = " x ".join(map(str, card.shape))
    if card.kind == "tokens":
        return [f"input:      {size} tokens of {card.data}, of a vocabulary of {card.vocab:,}"]
    lines = [f"input:      {card.kind} {size} of {card.data}, (x - mean) / std{_unit(card)}"]
    lines += [f"{name + ':':<11} {', '.join(map(repr, values))}" for name, values in _statistics(card)]
    named = ", ".join(card.class_names) if card.classes <= _MOST else f"{card.classes:,}, named in model.json"
    return [*lines, f"{'numbers' if card.target == 'number' else 'classes'}:    {named}"]


def _unit(card: Card) -> str:
    if card.white is None:
        return " in the units of the data"
    return f", x from 0 to {card.white:g}"


def _statistics(card: Card) -> list[tuple[str, tuple[float, ...]]]:
    """Of images; a vector has as many as numbers."""
    if card.kind != "image":
        return []
    return [("mean", card.mean), ("std", card.std)]
