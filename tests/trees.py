"""Trees compared without their places."""

from __future__ import annotations

import dataclasses
from typing import Any


def bare(node: Any) -> Any:
    """The tree as nested tuples, without places and sources."""
    if isinstance(node, tuple):
        return tuple(bare(one) for one in node)
    if not dataclasses.is_dataclass(node):
        return (type(node).__name__, node)
    fields = [field.name for field in dataclasses.fields(node) if field.name not in ("span", "source")]
    return (type(node).__name__, *(bare(getattr(node, name)) for name in fields))
