"""Definitions that nothing was to be said of, so that after a keystroke only what the edit can change is elaborated.

A definition means what its text, the texts of all that it names and the texts of what its file uses say. Names are read
as words, so that one in a comment counts too: too much is looked at, never too little. What was said of others is not
remembered, as it speaks of places, which an edit moves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import TypeAlias

from hypercuboid.diagnostics import Diagnostic
from hypercuboid.frontend import ast
from hypercuboid.frontend.library_blocks import LibraryBlocks
from hypercuboid.frontend.loaded import BoundItem, LoadedModule
from hypercuboid.frontend.modules import reachable

_WORD = re.compile(r"\w+")
_MOST = 20_000
"""Definitions that are remembered, then all are forgotten."""


Tell: TypeAlias = Callable[[Sequence[Diagnostic]], None]


def ignore(problems: Sequence[Diagnostic]) -> None:
    """Waits for the whole."""


class OvertakenError(Exception):
    """A newer text is there: nobody waits for what is found in this one."""


@dataclass(frozen=True)
class Remembered:
    """The keys of sound definitions, each with the blocks of its file that elaborating it reaches."""

    sound: dict[bytes, frozenset[str]] = field(default_factory=dict)
    library: LibraryBlocks = field(default_factory=LibraryBlocks)

    def of(
        self, module: LoadedModule, is_overtaken: Callable[[], bool] = lambda: False, tell: Tell = ignore
    ) -> KnownOf:
        """What is remembered of the definitions of a file; `tell` hears of what is wrong as it is found."""
        if len(self.sound) > _MOST:
            self.sound.clear()
        return KnownOf(module, self.sound, self.library, is_overtaken, tell)

    def forget(self) -> None:
        self.sound.clear()


@dataclass(frozen=True)
class KnownOf:
    """What is remembered of the definitions of one file; raises OvertakenError when it is asked too late."""

    module: LoadedModule
    sound: dict[bytes, frozenset[str]]
    library: LibraryBlocks
    is_overtaken: Callable[[], bool]
    tell: Tell

    def reached(self, item: ast.Item) -> frozenset[str] | None:
        if self.is_overtaken():
            raise OvertakenError
        return self.sound.get(self._key(item))

    def add(self, item: ast.Item, reached: frozenset[str]) -> None:
        self.sound[self._key(item)] = reached & self._needed(item)

    def told(self, problems: Sequence[Diagnostic]) -> None:
        self.tell(problems)

    def _key(self, item: ast.Item) -> bytes:
        texts = (f"{name}\0{self._texts.get(name)}" for name in sorted(self._needed(item)))
        return _digest((self._used, item.name, *texts))

    def _needed(self, item: ast.Item) -> frozenset[str]:
        """The item and all of the file that it names, directly or not."""
        found, waiting = {item.name}, [item.name]
        for name in waiting:
            fresh = self._named.get(name, frozenset()) - found
            found |= fresh
            waiting += fresh
        return frozenset(found)

    @cached_property
    def _texts(self) -> Mapping[str, str]:
        """The texts of what the file declares, by name."""
        bound = [one for one in self.module.names.values() if isinstance(one, BoundItem) and one.module is self.module]
        return {one.item.name: one.item.span.text for one in bound}

    @cached_property
    def _named(self) -> Mapping[str, frozenset[str]]:
        """The names of the file in each of those texts; one whose declaration cannot be read has no text."""
        names = self.module.names.keys()
        return {name: frozenset(names & set(_WORD.findall(text))) for name, text in self._texts.items()}

    @cached_property
    def _used(self) -> str:
        """What the file uses: its `use`s, and the texts of those files."""
        uses = [one.span.text for one in self.module.module.uses]
        others = [one.module.source.text for one in reachable(self.module)[1:]]
        return _digest((self.module.module.source.path, *uses, *others)).hex()


def _digest(parts: tuple[str, ...]) -> bytes:
    made = blake2b(digest_size=16)
    for one in parts:
        text = one.encode("utf-8", "surrogatepass")
        made.update(len(text).to_bytes(8, "big") + text)
    return made.digest()
