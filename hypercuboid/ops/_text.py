"""Pieces of generated source that several ops share."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hypercuboid.ops.base import Constructor, Value

_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?", re.ASCII)
_TEXT = re.compile(r"'[^'\\]*'")
_WORDS: dict[str, Value] = {"True": True, "False": False}


def literal(text: str) -> Value | None:
    """The value of an expression that is a number, a text, a word or a flat tuple of them, else None.

    Read by hand: checking a program must not call Python's own parser.
    """
    if _NUMBER.fullmatch(text):
        return int(text) if text.lstrip("-").isdigit() else float(text)
    if _TEXT.fullmatch(text):
        return text[1:-1]
    if text.startswith("(") and text.endswith(")"):
        found = [literal(part) for part in text[1:-1].split(", ")]
        parts = tuple(part for part in found if part is not None)
        return parts if len(parts) == len(found) else None
    return _WORDS.get(text)


def atom(text: str) -> str:
    """The expression in parentheses, unless it is a name or a literal."""
    return text if text.isidentifier() or literal(text) is not None else f"({text})"


def call(function: str, *positional: str, **named: str) -> str:
    """A call; a named argument stands as `name=text`, one that is empty is left out."""
    parts = [*positional, *(f"{name}={text}" for name, text in named.items() if text)]
    return f"{function}({', '.join(parts)})"


def unless(default: Value, text: str) -> str:
    """The text, or nothing where it says the default."""
    return "" if text == repr(default) else text


def padding(arguments: Mapping[str, str]) -> str:
    """The padding of a window as an expression: `dilation * (k - 1) // 2` for `same`, folded where it can be."""
    if arguments["padding"] != "'same'":
        return arguments["padding"]
    kernel, dilation = arguments["k"], arguments.get("dilation", "1")
    size, spread = literal(kernel), literal(dilation)
    if size is None:
        half = f"{atom(kernel)} // 2"
        return half if spread == 1 else f"{atom(dilation)} * ({half})"
    halves = tuple((k - 1) // 2 for k in (size if isinstance(size, tuple) else (size, size)) if isinstance(k, int))
    if isinstance(spread, int):
        rows, columns = (spread * half for half in halves)
        return repr(rows if rows == columns else (rows, columns))
    if halves[0] == halves[1]:
        return _times(dilation, halves[0])
    return f"({_times(dilation, halves[0])}, {_times(dilation, halves[1])})"


def _times(text: str, factor: int) -> str:
    if factor == 0:
        return "0"
    return text if factor == 1 else f"{factor} * {atom(text)}"


def bare(layer: str, *positional: str, **named: str) -> Constructor:
    """A layer of `torch.nn`."""
    return Constructor(call(f"nn.{layer}", *positional, **named))
