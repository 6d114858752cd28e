"""Which steps of a cuboid are equal: the values of all its expressions that only depth coordinates decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from hypercuboid.diagnostics import HypercuboidError, Source, Span
from hypercuboid.frontend import ast
from hypercuboid.frontend.context import Context
from hypercuboid.frontend.evaluate import evaluate
from hypercuboid.frontend.values import memo_key


def names_in(part: Any) -> set[str]:
    """All names that occur in a part of the tree, bound ones too."""
    found: set[str] = set()
    waiting = [part]
    while waiting:
        current = waiting.pop()
        if isinstance(current, ast.Name):
            found.add(current.id)
        waiting.extend(parts_of(current))
    return found


def parts_of(part: Any) -> Sequence[Any]:
    """The parts of the tree right inside a part."""
    return part if isinstance(part, tuple) else [getattr(part, name) for name in _fields_of(part.__class__)]


@cache
def _fields_of(kind: Any) -> tuple[str, ...]:
    """The fields of a class of the tree that hold parts of it."""
    is_part = is_dataclass(kind) and kind not in (Span, Source)
    return tuple(one.name for one in fields(kind) if one.name != "span") if is_part else ()


def depth_expressions(parts: list[Any], depth: set[str], varying: set[str]) -> list[ast.Expr]:
    """The largest expressions that name a depth coordinate and nothing that varies inside a step."""
    found: list[ast.Expr] = []
    waiting = list(parts)
    while waiting:
        part = waiting.pop()
        if not isinstance(part, tuple) and not is_dataclass(part):
            continue
        names = names_in(part)
        if not names & depth:
            continue
        if isinstance(part, _EXPRESSIONS) and not names & varying:
            found.append(part)
            continue
        waiting.extend(parts_of(part))
    return found


def step_key(expressions: list[ast.Expr], context: Context, coordinates: tuple[Any, ...]) -> object:
    """Equal for steps whose candidates are equal; the coordinates themselves where an expression cannot stand alone."""
    failed = set(context.session.failed)
    try:
        return tuple(memo_key(evaluate(expression, context)) for expression in expressions)
    except HypercuboidError:
        context.session.failed = failed
        return ("each", coordinates)


_EXPRESSIONS = (
    ast.Name,
    ast.Operation,
    ast.Unary,
    ast.Conditional,
    ast.Range,
    ast.Index,
    ast.ListOf,
    ast.TupleOf,
)
