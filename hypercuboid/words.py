"""Words of messages."""

from __future__ import annotations


def counted(number: int, word: str) -> str:
    """`1 error`, `1,200 errors`: for words whose plural has an s."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
