"""Syntax trees compared without their places."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

_PLACES = ("span", "source")


def same_tree(one: Any, other: Any) -> bool:
    """Whether two syntax trees say the same; `1`, `1.0` and `true` differ. Iterative."""
    pairs = [(one, other)]
    while pairs:
        left, right = pairs.pop()
        kind: Any = type(left)
        if kind is not type(right):
            return False
        if isinstance(left, tuple):
            if len(left) != len(right):
                return False
            pairs.extend(zip(left, right, strict=True))
        elif is_dataclass(kind):
            pairs.extend((getattr(left, name), getattr(right, name)) for name in _parts(kind))
        elif left != right:
            return False
    return True


@cache
def _parts(type: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(type) if field.name not in _PLACES)
