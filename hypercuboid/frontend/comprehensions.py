"""Comprehensions: one element for each combination of the clauses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypercuboid.frontend import ast, folds
from hypercuboid.frontend.arithmetic import truth
from hypercuboid.frontend.binders import axis_of, bound_to
from hypercuboid.frontend.context import Context
from hypercuboid.frontend.evaluate import evaluate, evaluate_items
from hypercuboid.frontend.values import (
    ListValue,
)
from hypercuboid.frontend.walked import refuse_too_many


def comprehension(expression: ast.Comprehension, context: Context) -> Any:
    refuse_too_many(expression.clauses, context, expression.span, "this list")
    return ListValue(evaluate(expression.element, inner) for inner in _clauses(expression.clauses, context))


def _clauses(clauses: tuple[ast.Clause, ...], context: Context) -> Iterator[Context]:
    if not clauses:
        yield context
        return
    first = clauses[0]
    items = evaluate_items(first.iterable, context, "what `for` walks through")
    for position, item in enumerate(items):
        context.session.tick(first.span)
        inner = bound_to(first, item, context).but(
            coordinates=(*context.coordinates, (axis_of(first), folds.coordinate(item, position)))
        )
        if first.condition is not None and not truth(evaluate(first.condition, inner), first.condition.span):
            continue
        yield from _clauses(clauses[1:], inner)
