"""Text for a terminal: what it would obey or hide is escaped, and columns are counted as it shows them."""

from __future__ import annotations

import json
import re
import unicodedata

_TAB = "    "
_HIDDEN = re.compile(r"[^\S \n]|[^\x20-\x7e\n]")


def escape(text: str) -> str:
    """The text with everything that a terminal would obey or hide written as `\\u{...}`; tabs become spaces."""
    return _HIDDEN.sub(lambda found: _shown(found[0]), text)


def json_escape(text: str) -> str:
    """JSON text with the same characters written as JSON escapes, so that it means what it meant."""
    return _HIDDEN.sub(lambda found: found[0] if _shown(found[0]) == found[0] else json.dumps(found[0])[1:-1], text)


def _shown(character: str) -> str:
    if character == "\t":
        return _TAB
    return character if character.isprintable() and not _is_invisible(character) else f"\\u{{{ord(character):x}}}"


def _is_invisible(character: str) -> bool:
    code = ord(character)
    return code in (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0) or any(
        low <= code <= high for low, high in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0000, 0xE0FFF))
    )


def columns(text: str) -> int:
    """Columns of a terminal: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) > 0 for character in text)


def head(text: str, most: int) -> str:
    """The longest beginning that takes at most `most` columns."""
    if text.isascii():
        return text[: max(0, most)]
    taken = 0
    for position, character in enumerate(text):
        taken += columns(character)
        if taken > most:
            return text[:position]
    return text
