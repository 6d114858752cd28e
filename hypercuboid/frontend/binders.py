"""What a binder binds: its name, or the parts of a tuple, `for (k, e) in zip(...)`."""

from __future__ import annotations

from typing import Any

from hypercuboid.diagnostics import error
from hypercuboid.frontend import ast
from hypercuboid.frontend.context import Context
from hypercuboid.frontend.shown import show, type_name
from hypercuboid.frontend.values import ListValue


def bound_values(binder: ast.Binder | ast.Clause, value: Any) -> tuple[tuple[str, Any], ...]:
    """Names and values; HC3023 where a tuple of names meets something else."""
    if not binder.names:
        return ((binder.name, value),)
    if not isinstance(value, tuple) or isinstance(value, ListValue) or len(value) != len(binder.names):
        message = f"`{binder.name}` takes tuples of {len(binder.names)}, not {type_name(value)}"
        help = f"give it tuples of {len(binder.names)}, as `zip` does, or write one name"
        raise error("HC3023", message, binder.span, show(value), help=help)
    return tuple(zip(binder.names, value, strict=True))


def bound_to(binder: ast.Binder | ast.Clause, value: Any, context: Context) -> Context:
    """The place inside a binder at one value."""
    return context.bind_all(bound_values(binder, value))


def axis_of(binder: ast.Binder | ast.Clause) -> str:
    """What the axis of a binder is called: its name, or those of a tuple together, `k_c` of `(k, c)`."""
    return "_".join(binder.names) or binder.name
