"""Registries: named entries that refuse duplicates and answer an unknown name with a suggestion."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")

_LONGEST, _MOST = 100, 500
"""Characters of a name and number of names that are compared: comparing costs their product."""


def nearest(name: str, known: list[str]) -> str:
    """What is so near to `name` that it may have been meant; empty where there is nothing."""
    near = difflib.get_close_matches(name[:_LONGEST], _alike(name, known), n=1)
    return near[0] if near else ""


def near_miss(name: str, known: list[str]) -> str:
    """`did you mean ...?` for a near miss; empty where there is none."""
    near = nearest(name, known)
    return f"did you mean `{near}`?" if near else ""


def suggestion(name: str, known: list[str]) -> str:
    """`did you mean ...?` for a near miss, else what there is."""
    return near_miss(name, known) or listing(known)


def listing(known: list[str]) -> str:
    """What there is, the first twelve."""
    listed = ", ".join(f"`{k}`" for k in known[:12])
    return f"known: {listed}{', ...' if len(known) > 12 else ''}" if known else "there is none"


def _alike(name: str, known: list[str]) -> list[str]:
    """The names that are worth a comparison: where there are very many, those of about the same length."""
    if len(known) > _MOST:
        known = sorted(known, key=lambda other: abs(len(other) - len(name)))[:_MOST]
    return [other for other in known if len(other) <= _LONGEST]


class Registry(Generic[T]):
    """Entries of one kind by name, in the order of registration."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, T] = {}

    def add(self, name: str, entry: T) -> T:
        """Registers `entry`; ValueError where the name is taken."""
        if name in self._entries:
            raise ValueError(f"the {self.kind} `{name}` is registered twice")
        self._entries[name] = entry
        return entry

    def entry(self, name: str) -> Callable[[T], T]:
        """A decorator that registers what stands below it."""
        return lambda entry: self.add(name, entry)

    def get(self, name: str) -> T | None:
        return self._entries.get(name)

    def __getitem__(self, name: str) -> T:
        if name not in self._entries:
            raise KeyError(f"unknown {self.kind} `{name}`; {self.suggest(name)}")
        return self._entries[name]

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def suggest(self, name: str) -> str:
        return suggestion(name, list(self._entries))
