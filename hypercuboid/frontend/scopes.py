"""Names in scope while a file is read for its names; see `names.py`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field

from hypercuboid.records import dataclass


@dataclass()
class Names:
    """Names of one body, those around it in `outer`; `later` are those that its statements will still bind."""

    names: set[str]
    outer: Names | None = None
    later: set[str] = field(default_factory=set)

    def _chain(self) -> Iterable[Names]:
        scope: Names | None = self
        while scope is not None:
            yield scope
            scope = scope.outer

    def inner(self, names: Iterable[str] = ()) -> Names:
        """A body inside this one."""
        return Names(set(names), self)

    def has(self, name: str) -> bool:
        return any(name in one.names for one in self._chain())

    def has_later(self, name: str) -> bool:
        """Whether a statement further down binds the name."""
        return any(name in one.later for one in self._chain())

    def known(self) -> set[str]:
        """All names in scope."""
        return {name for one in self._chain() for name in one.names}
