"""Places in a text as editors count them: lines from 0, characters in UTF-16, UTF-8 or UTF-32 code units."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

_LINE_END = re.compile(r"\r\n|\n|\r")
UTF_16 = "utf-16"
_UTF_32 = "utf-32"


@dataclass(frozen=True, order=True)
class Position:
    """A line and a character in it, both from 0."""

    line: int
    character: int


@dataclass(frozen=True)
class Positions:
    """A text, and how its characters are counted. A place outside of the text means the nearest one inside."""

    text: str
    encoding: str = UTF_16

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in _LINE_END.finditer(self.text))]

    def position(self, offset: int) -> Position:
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset) - 1
        return Position(line, self._units(self.text[self._starts[line] : offset]))

    def offset(self, position: Position) -> int:
        """The offset of a position; one beyond the end of its line means that end."""
        if position.line >= len(self._starts):
            return len(self.text)
        start = self._starts[max(0, position.line)]
        found = _LINE_END.search(self.text, start)
        line = self.text[start : found.start() if found else len(self.text)]
        return start + self._characters(line, max(0, position.character))

    def _units(self, text: str) -> int:
        if text.isascii() or self.encoding == _UTF_32:
            return len(text)
        units = len(text.encode(f"{self.encoding}-le" if self.encoding == UTF_16 else self.encoding, "surrogatepass"))
        return units // 2 if self.encoding == UTF_16 else units

    def _characters(self, line: str, units: int) -> int:
        """How many characters of a line take at most that many units."""
        if line.isascii() or self.encoding == _UTF_32:
            return min(units, len(line))
        taken = 0
        for number, character in enumerate(line):
            taken += self._units(character)
            if taken > units:
                return number
        return len(line)
