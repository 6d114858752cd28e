"""Evaluating an expression: its work counted, by the rule of its type, a mistake shown with the values in it."""

from __future__ import annotations

from typing import Any

from hypercuboid.diagnostics import HypercuboidError, Span, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.context import FAMILY_LIMIT, Context
from hypercuboid.frontend.session import FUEL
from hypercuboid.frontend.shown import is_plain, show, type_name
from hypercuboid.frontend.values import BLOCKS, Family, LeftOver, ListValue, Tensor


def evaluate(expression: ast.Expr, context: Context) -> Any:
    """The value of an expression; raises HypercuboidError at the place of what is wrong."""
    kind, session = type(expression), context.session
    if session.spent < FUEL:  # `tick`, written out for what runs most
        session.spent += 1
    else:
        session.tick(expression.span)
    if isinstance(expression, ast.Literal):
        return expression.value
    if kind is not ast.Name:
        if context.whole is not None and kind is not ast.Fold:
            context = context.but(whole=None)
        if context.term is not None and kind not in _CHOICES:
            context = context.but(term=None)
    try:
        value = session.rules[kind](expression, context)
    except HypercuboidError as problem:
        from hypercuboid.frontend.origins import explained  # explaining evaluates parts of the expression

        raise explained(problem, expression, context) from None
    if type(value) in _HOLDING:
        session.hold(value, expression.span)
    return value


_CHOICES = frozenset((ast.Choose, ast.ChooseIn))


_HOLDING = frozenset((tuple, ListValue, LeftOver, *BLOCKS))
"""The types of what holds other values."""


def evaluate_number(expression: ast.Expr, context: Context, what: str) -> int:
    value = evaluate(expression, context)
    if isinstance(value, bool) or not isinstance(value, int):
        help = f"round it: `floor({expression.span.text})`" if isinstance(value, float) else "write an integer"
        raise error(
            "HC3001", f"{what} must be an integer, not {type_name(value)}", expression.span, show(value), help=help
        )
    return value


def evaluate_items(expression: ast.Expr, context: Context, what: str = "this") -> list[Any]:
    """The elements of a list, range or family, for walking through them."""
    return elements(evaluate(expression, context), expression.span, what)


def elements(value: Any, span: Span, what: str = "this") -> list[Any]:
    if isinstance(value, Family):
        return list(value.members.values())
    if isinstance(value, (range, tuple)):
        if len(value) > FAMILY_LIMIT:
            raise error(
                "HC4002",
                f"{what} has {len(value)} elements; at most {FAMILY_LIMIT} are walked one by one",
                span,
                help="make the range smaller",
            )
        return list(value)
    if isinstance(value, Tensor) and value.type.kind == "several":
        raise error("HC3001", f"{what} must be a list, not the parts of a `split`", span, help="take a part: `g[0]`")
    if isinstance(value, Tensor) and not value.type.known:
        from hypercuboid.frontend.parts import shape_unknown  # parts of values are evaluated

        raise shape_unknown(span)
    short = is_plain(value) and len(span.text) < 20
    help = f"write `[{span.text}]` for a list of one" if short else "give a list or a range"
    raise error("HC3001", f"{what} must be a list or a range, not {type_name(value)}", span, show(value), help=help)
