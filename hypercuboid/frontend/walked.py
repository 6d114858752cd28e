"""How many combinations nested binders go through, found before any of them is walked."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hypercuboid.diagnostics import HypercuboidError, Span, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.context import Context
from hypercuboid.frontend.depths import names_in
from hypercuboid.frontend.evaluate import evaluate

LIMIT = 150_000
"""Combinations that are walked: each takes two steps of evaluation at the least."""


def refuse_too_many(binders: Sequence[ast.Binder | ast.Clause], context: Context, span: Span, what: str) -> None:
    """HC4002 with the exact number where lists that do not depend on each other have more combinations than that."""
    if len(binders) < 2:
        return
    count = math.prod(_lengths(binders, context))
    if count > LIMIT:
        message = f"{what} has {count} combinations; at most {LIMIT} are walked one by one"
        raise error("HC4002", message, span, help="make its ranges smaller")


def _lengths(binders: Sequence[ast.Binder | ast.Clause], context: Context) -> list[int]:
    """The lengths of ranges and named lists, up to the first list that is none or depends on another."""
    found: list[int] = []
    bound: set[str] = set()
    failed = set(context.session.failed)
    for binder in binders:
        if not isinstance(binder.iterable, ast.Range | ast.Name) or names_in(binder.iterable) & bound:
            break
        try:
            value = evaluate(binder.iterable, context)
        except HypercuboidError:  # it may never be asked for; if it is, it fails there
            context.session.failed = failed
            break
        if not isinstance(value, (tuple, range)):
            break
        found.append(len(value))
        bound.update(binder.names or (binder.name,))
        if isinstance(binder, ast.Clause) and binder.condition is not None:
            break
    return found
