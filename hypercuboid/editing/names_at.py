"""Where the names of a tree stand: the tree says where a statement is, the tokens where the name in it is."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from hypercuboid.diagnostics import HypercuboidError, Source
from hypercuboid.frontend.tokens import Token, tokenize


@dataclass(frozen=True)
class Spelling:
    """The tokens of one text; none where it is too long or too deep."""

    source: Source

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        try:
            return tokenize(self.source).tokens
        except HypercuboidError:
            return ()

    @cached_property
    def _starts(self) -> list[int]:
        return [token.start for token in self.tokens]

    def index(self, offset: int) -> int:
        """The number of the first token that begins at `offset` or later."""
        return bisect_left(self._starts, offset)

    def place(self, name: str, start: int, end: int) -> int | None:
        """Where the name stands first between two offsets."""
        for token in self.tokens[self.index(start) :]:
            if token.start >= end:
                return None
            if token.text == name:
                return token.start
        return None

    def at(self, offset: int) -> Token | None:
        """The name that the offset stands in or right behind."""
        for index in (self.index(offset + 1) - 1, self.index(offset) - 1):
            if 0 <= index < len(self.tokens):
                token = self.tokens[index]
                if token.start <= offset <= token.end and (token.text[:1].isalpha() or token.text[:1] == "_"):
                    return token
        return None
