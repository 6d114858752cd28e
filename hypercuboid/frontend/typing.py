"""The declared types of parameters and inputs, held against values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypercuboid.diagnostics import Source, Span, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.shown import show, type_name
from hypercuboid.frontend.values import BLOCKS, ListValue
from hypercuboid.ops.base import TensorType
from hypercuboid.registry import suggestion

_SCALARS: dict[str, Callable[[Any], bool]] = {
    "int": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "float": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
    "bool": lambda v: isinstance(v, bool),
    "string": lambda v: isinstance(v, str),
    "block": lambda v: isinstance(v, BLOCKS),
    "any": lambda v: True,
}
TYPES = (*_SCALARS, "list", "tuple")
TENSORS = {"image": 3, "vector": 1, "sequence": 2, "tokens": 2}
FORMS = {"image": "image(c, h, w)", "vector": "vector(d)", "sequence": "sequence(t, d)", "tokens": "tokens(t, vocab)"}

AXES: dict[str, Callable[[TensorType], int | None]] = {
    "c": lambda t: t.channels,
    "h": lambda t: t.shape[1] if t.kind == "image" else None,
    "w": lambda t: t.shape[2] if t.kind == "image" else None,
    "t": lambda t: t.shape[0] if t.kind in ("sequence", "tokens") else None,
}
"""The axes of a tensor, by the names that they have in `x.c`."""


def type_text(type: ast.TypeRef) -> str:
    """A type as it is written."""
    inner = ", ".join(type_text(a) if isinstance(a, ast.TypeRef) else str(a) for a in type.arguments)
    return f"{type.name}({inner})" if inner else type.name


def check_type(value: Any, type: ast.TypeRef | None, span: Span, what: str, *, given: bool = False) -> Any:
    """The value, made a list or a float where a range or an integer was given for one; HC3012 where it does not fit."""
    if type is None:
        return value
    if type.name == "float" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type.name == "list" and isinstance(value, range):
        value = ListValue(value) if len(value) <= 100_000 else value
    if _fits(value, type):
        return value
    notes = ("the value was given on the command line",) if given else ()
    message = f"{what} must be {type_words(type)}, not {type_name(value)}"
    raise error("HC3012", message, span, show(value), notes=notes, help=conversion(value, type.name))


_WORDS = {"int": "integer", "float": "number", "bool": "boolean", "string": "string", "block": "block"}
_ARTICLES = {"int": "an integer", "bool": "true or false", "any": "any value", "list": "a list", "tuple": "a tuple"}


def type_words(type: ast.TypeRef) -> str:
    """A type in the words of messages."""
    inner = type.arguments[0] if type.arguments else None
    if type.name == "list" and isinstance(inner, ast.TypeRef) and inner.name in _WORDS:
        return f"a list of {_WORDS[inner.name]}s"
    return _ARTICLES.get(type.name, f"a {_WORDS.get(type.name, type.name)}")


def conversion(value: Any, wanted: str) -> str:
    """How to give a value of another type."""
    if wanted == "list" and not isinstance(value, tuple):
        return "put it into brackets: `[...]`"
    if wanted == "int" and isinstance(value, float):
        return "round it: `round(...)`, `floor(...)` or `ceil(...)`"
    if wanted == "bool":
        return "write `true` or `false`, or a comparison"
    if wanted == "block" and isinstance(value, str):
        return "leave out the quotes: a block is given by its name"
    if wanted in ("int", "float") and isinstance(value, str):
        return "leave out the quotes"
    words = type_words(ast.TypeRef(_NOWHERE, wanted, ()))
    return f"give {words}"


_NOWHERE = Span(Source("", ""), 0, 0)


def _fits(value: Any, type: ast.TypeRef) -> bool:
    if type.name in _SCALARS:
        return _SCALARS[type.name](value)
    if type.name == "list":
        inner = type.arguments[0] if type.arguments else None
        if not isinstance(value, (ListValue, range)):
            return False
        return not isinstance(inner, ast.TypeRef) or all(_fits(item, inner) for item in value)
    if type.name == "tuple":
        return isinstance(value, tuple) and not isinstance(value, ListValue)
    raise error("HC2003", f"`{type.name}` is no type", type.span, help=suggestion(type.name, list(TYPES)))
