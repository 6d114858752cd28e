"""Random bytes, random characters, and random rows of the language's own tokens."""

from __future__ import annotations

import random

from hostile.mutate import NUMBERS, PIECES, WORDS

_SIGNS = [*"()[]{},:=+-*/%<>.#\n", '"', "->", "..", "**", "//", "==", "!=", "<=", ">=", "##"]
_NAMES = "x h a b c i j n conv bn relu std ops blocks image int S A".split()  # noqa: SIM905


def noise(seed: int) -> bytes:
    """One file of noise; half of them begin as a program does, so that more than the first line is read."""
    source = random.Random(seed)
    head = source.choice((b"", b"hypercuboid 1\n"))
    kind = source.randrange(4)
    size = source.choice((0, 1, 10, 100, 1000, 5000))
    if kind == 0:
        return head + source.randbytes(size)
    if kind == 1:
        return head + "".join(chr(_code(source)) for _ in range(size)).encode("utf-8")
    if kind == 2:
        return head + bytes(source.choice(b" \n\t(){}[],:=->.*+#\"'\\0123456789abcxyz_") for _ in range(size))
    row = (source.choice((_SIGNS, _NAMES, WORDS, NUMBERS, PIECES)) for _ in range(size))
    return head + " ".join(source.choice(part) for part in row).encode()


def _code(source: random.Random) -> int:
    code = source.choice((source.randrange(0x250), source.randrange(0x2000, 0x2100), source.randrange(0x110000)))
    return 0x41 if 0xD800 <= code < 0xE000 else code
