"""Blocks of the standard library made for one check of a file, for the next: an editor checks at each keystroke.

Their syntax stays the same objects, as the editor reads each text once, so the keys that hold ids of it stay true. What
is kept holds on to its syntax. Blocks of other files are made anew: messages show their places, which an edit moves.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import field
from typing import Any

from hypercuboid.frontend.elaborated import Definition
from hypercuboid.frontend.session import Session
from hypercuboid.frontend.values import ListValue, UserBlock
from hypercuboid.records import dataclass

_PLAIN = (bool, int, float, str, type(None))

_MOST = 5_000
"""Definitions that are kept."""

Made = dict[tuple[Any, ...], Definition]
"""As in `Session.definitions`."""


@dataclass(eq=False)
class LibraryBlocks:
    """Sound definitions by the value of `searching` (None: whatever it is), and what they are made of."""

    made: dict[bool | None, Made] = field(default_factory=dict)
    blocks: dict[int, UserBlock] = field(default_factory=dict)
    frames: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def given(self, searching: bool) -> dict[str, Any]:
        """Fields of a new session: what it shares with that of the other value of `searching`, and its own."""
        shared = {"alike": dict(self.made.get(None, {})), "blocks": dict(self.blocks), "frames": self.frames}
        return {**shared, "definitions": dict(self.made.get(searching, {}))}

    def keep(self, sessions: Iterable[Session]) -> None:
        """Keeps what sessions made that ended without a word; all is forgotten where it has become much."""
        if len(self.blocks) > _MOST:
            self.made.clear()
            self.blocks.clear()
        for session in sessions:
            for key, found in ((session.searching, session.definitions), (None, session.alike)):
                self.made[key] = {
                    one: made for one, made in found.items() if _is_library(one, session.blocks[id(made)])
                }
                self.blocks |= {id(made): session.blocks[id(made)] for made in self.made[key].values()}


def _is_library(key: tuple[Any, ...], block: UserBlock) -> bool:
    (_, types), _ = key
    return all(one is not None and one.known for one in types) and _of_library(block)


def _of_library(value: object) -> bool:
    """Whether a value is of the library and of plain values alone."""
    if isinstance(value, UserBlock):
        return value.module.module.source.is_library and all(_of_library(one.value) for _, one in value.given)
    if isinstance(value, ListValue | tuple):
        return all(map(_of_library, value))
    return isinstance(value, _PLAIN)
