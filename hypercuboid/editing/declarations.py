"""Declarations of names, where each of their names stands in a file, and which are in scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from hypercuboid.diagnostics import Source
from hypercuboid.editing.names_at import Spelling


@dataclass(frozen=True)
class Declaration:
    """A name with the part of a tree that declares it; `source` is None for an op of the registry.

    Two are equal where they declare one name at one place.
    """

    name: str
    source: Source | None
    start: int
    node: Any = field(compare=False, repr=False)


@dataclass(frozen=True)
class Occurrence:
    """A name that stands at `start`; `is_label` where it names an argument of what is called."""

    start: int
    declaration: Declaration
    is_label: bool = False


@dataclass(frozen=True)
class Occurrences:
    """The names of one file in the order of the text; `unclear` are names of arguments of calls of unknown blocks."""

    found: tuple[Occurrence, ...]
    unclear: frozenset[str] = frozenset()

    def at(self, offset: int) -> Occurrence | None:
        """The name that the offset stands in or right behind."""
        for one in self.found:
            if one.start <= offset <= one.start + len(one.declaration.name):
                return one
        return None

    def of(self, declaration: Declaration) -> list[int]:
        return [one.start for one in self.found if one.declaration == declaration]

    def structure(self) -> list[int]:
        """For each name, in order, the first that means the same: what a rename must not change."""
        first: dict[Declaration, int] = {}
        return [first.setdefault(one.declaration, number) for number, one in enumerate(self.found)]


Scope: TypeAlias = Mapping[str, Declaration]
"""What the names of a place mean that are declared around it, inside of an item."""


def declaration_at(spelling: Spelling, name: str, start: int, end: int, node: Any) -> Declaration:
    """The declaration of a name whose part of the tree stands at [start, end)."""
    at = spelling.place(name, start, end)
    return Declaration(name, spelling.source, start if at is None else at, node)
