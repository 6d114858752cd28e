"""Decisions that are made as JSON has them, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypercuboid.frontend.elaborated import Decided, Kept, KeptPath


def decided_data(decided: Iterable[Decided]) -> list[Any]:
    """[[name, [[key, [kept, ...]], ...]], ...]; a transition is [source, target, label] in an object `path`."""
    return [
        [one.name, [[_listed(key), [_kept_data(k) for k in kept]] for key, kept in one.kept.items()]] for one in decided
    ]


def read_decided(data: Iterable[Any]) -> tuple[Decided, ...]:
    """The inverse of `decided_data`."""
    return tuple(
        Decided(name, {_tupled(key): tuple(_read_kept(one) for one in kept) for key, kept in places})
        for name, places in data
    )


def _kept_data(kept: Kept) -> Any:
    if isinstance(kept, KeptPath):
        return {"path": _listed((kept.source, kept.target, kept.label))}
    return _listed(kept)


def _read_kept(data: Any) -> Kept:
    return KeptPath(*_tupled(data["path"])) if isinstance(data, dict) else _tupled(data)


def _listed(label: Any) -> Any:
    return [_listed(one) for one in label] if isinstance(label, tuple) else label


def _tupled(data: Any) -> Any:
    return tuple(_tupled(one) for one in data) if isinstance(data, list) else data
