"""The text of a choice to its alternatives: their labels, and how each is evaluated."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, TypeAlias

from hypercuboid.diagnostics import HypercuboidError, Span, error
from hypercuboid.diagnostics import Label as Place
from hypercuboid.frontend import ast
from hypercuboid.frontend.binders import axis_of, bound_values
from hypercuboid.frontend.builder import Builder
from hypercuboid.frontend.context import COMBINATION_LIMIT, Context
from hypercuboid.frontend.deciding import decide
from hypercuboid.frontend.elaborated import Label
from hypercuboid.frontend.evaluate import elements, evaluate
from hypercuboid.frontend.labels import element_labels
from hypercuboid.frontend.options import Option
from hypercuboid.frontend.shown import is_plain
from hypercuboid.frontend.values import BLOCKS, ListValue

Combination: TypeAlias = tuple[tuple[Label, ...], tuple[tuple[str, Any], ...]]
"""One element of each list that a choice goes through: its label, and what it binds."""


def choose(expression: ast.Choose, context: Context) -> Any:
    options = _written_options(expression, context)
    own, labels = expression.name or "choice", [option.label for option in options]
    return decide(own, (own,), labels, options.__getitem__, context, expression.span)


def choose_in(expression: ast.ChooseIn, context: Context) -> Any:
    found, axes = _listed(expression, context), tuple(map(axis_of, expression.binders))
    labels, option = [label for label, _ in found], partial(_listed_option, expression, found)
    return decide(", ".join(axes), axes, labels, option, context, expression.span)


def options_of(expression: ast.Choose | ast.ChooseIn, context: Context) -> list[Option]:
    if isinstance(expression, ast.Choose):
        return _written_options(expression, context)
    found = _listed(expression, context)
    return [_listed_option(expression, found, number) for number in range(len(found))]


def _written_options(expression: ast.Choose, context: Context) -> list[Option]:
    options = []
    for alternative in expression.alternatives:
        label: Label
        if alternative.label is not None:
            label = alternative.label
        elif isinstance(alternative.value, ast.Name):
            label = alternative.value.id
        else:
            label = _derived_label(alternative, context)
        options.append(Option((label,), partial(evaluate, alternative.value), alternative.value))
    return options


def _derived_label(alternative: ast.Alternative, context: Context) -> Label:
    before = context.frame.snapshot()
    value = evaluate(alternative.value, context.but(builder=Builder(context.builder), place=""))
    context.frame.restore(before)
    if isinstance(value, BLOCKS) or is_plain(value):
        return element_labels([value], alternative.span)[0]
    raise error("HC2010", "this alternative needs a label", alternative.span, help="write `choose { NAME: ... }`")


def _listed(expression: ast.ChooseIn, context: Context) -> list[Combination]:
    """The combinations of the binders that are left; HC5003 where none is."""
    found = _combinations(expression.binders, expression.where, context)
    if not found and expression.where is not None:
        raise nothing_left("HC5003", "no alternative is left", expression.where, context, expression.span)
    return found


def _listed_option(expression: ast.ChooseIn, found: list[Combination], number: int) -> Option:
    from hypercuboid.frontend.bodies import run_body  # bodies hold choices

    label, values = found[number]

    def body(inner: Context) -> Any:
        return run_body(expression.body, inner.bind_all(values))

    return Option(label, body, None if expression.body.lets else expression.body.result, dict(values))


def nothing_left(code: str, message: str, where: ast.Expr, context: Context, span: Span) -> HypercuboidError:
    """An error for a condition that no combination meets, with the values that it speaks of."""
    from hypercuboid.frontend.origins import values_note  # origins evaluate, evaluation meets choices

    why = (Place(where.span, "no combination meets this"),)
    notes = values_note(where, where.span, context)
    return error(code, message, span, secondary=why, notes=notes, help="widen the list or the `where`")


def _combinations(binders: tuple[ast.Binder, ...], where: ast.Expr | None, context: Context) -> list[Combination]:
    """Label and bound values per combination, in declared order, the last binder fastest."""
    found: list[Combination] = [((), ())]
    for binder in binders:
        longer = []
        for label, values in found:
            items, labels = _labelled(binder, context.bind_all(values))
            longer += [
                ((*label, own), (*values, *bound_values(binder, item))) for own, item in zip(labels, items, strict=True)
            ]
            if len(longer) > COMBINATION_LIMIT:
                message = f"this choice has more than {COMBINATION_LIMIT} alternatives"
                raise error("HC4002", message, binder.span, help="make its lists smaller")
        found = longer
    if where is None:
        return found
    from hypercuboid.frontend.arithmetic import truth  # only here

    return [(label, values) for label, values in found if truth(evaluate(where, context.bind_all(values)), where.span)]


def _labelled(binder: ast.Binder, context: Context) -> tuple[Sequence[Any], Sequence[Label]]:
    """What a binder goes through, and the labels; those of a list are worked out once."""
    value, span = evaluate(binder.iterable, context), binder.iterable.span
    if not isinstance(value, ListValue):
        items = elements(value, span, "what a choice goes through")
        return items, element_labels(items, span)
    memo = context.session.labels
    if id(value) not in memo:
        memo[id(value)] = value, element_labels(elements(value, span, "what a choice goes through"), span)
    return memo[id(value)]
