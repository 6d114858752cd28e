"""Folds: sum, mean, concat and chain over lists, `sum top k`, and their forms that take arguments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypercuboid.diagnostics import HypercuboidError, Span, error
from hypercuboid.frontend import ast, calls
from hypercuboid.frontend.arithmetic import bounded, is_number, truth
from hypercuboid.frontend.binders import axis_of, bound_to
from hypercuboid.frontend.context import Context, Dropped
from hypercuboid.frontend.elaborated import (
    ChoiceNode,
    Coordinates,
    Label,
    ScanNode,
    TopNode,
    TrellisNode,
    UseNode,
    label_text,
)
from hypercuboid.frontend.evaluate import elements, evaluate, evaluate_items
from hypercuboid.frontend.opened import is_open
from hypercuboid.frontend.same_shape import same_types
from hypercuboid.frontend.shown import block_name, type_name
from hypercuboid.frontend.unused import concat_down_to, is_unused, unread
from hypercuboid.frontend.values import BLOCKS, Family, ListValue, Missing, Pipeline, PlacedBlock, Tensor
from hypercuboid.frontend.walked import refuse_too_many


def coordinate(item: Any, position: int) -> Label:
    """The coordinate of an element: numbers and strings by value, blocks by name, the rest by position."""
    if isinstance(item, (bool, int, float, str)):
        return item
    return block_name(item) if isinstance(item, BLOCKS) else position


def fold(expression: ast.Fold, context: Context) -> Any:
    assert expression.top is None or expression.kind == "sum", "the parser refuses `top` elsewhere"
    inner = context.but(whole=None, term=None, top=expression.top is not None)
    if context.whole is not None and not expression.body.lets:
        inner = inner.but(term=context.whole)
    if expression.kind == "chain":
        return _chain(expression, inner)
    terms = _terms(expression, inner)
    if expression.top is not None:
        return _top(expression, terms, context)
    return fold_values(expression.kind, [value for value, _, _ in terms], context, expression.span)


_PLACE = 8
"""Steps of evaluation in the time that a place of a fold takes."""


def _places(binders: tuple[ast.Binder, ...], where: ast.Expr | None, context: Context) -> Iterator[Context]:
    """A context per combination of the binders that `where` lets through, the last binder fastest."""
    if not binders:
        if where is None or truth(evaluate(where, context), where.span):
            yield context
        return
    first = binders[0]
    tick, span = context.session.tick, first.span
    for position, item in enumerate(evaluate_items(first.iterable, context, "what a fold goes through")):
        tick(span, _PLACE)
        inner = bound_to(first, item, context).at(axis_of(first), coordinate(item, position))
        yield from _places(binders[1:], where, inner)


def _terms(expression: ast.Fold, context: Context) -> list[tuple[Any, Coordinates, bool]]:
    """Value, coordinates and openness of each term; terms that decisions leave out are not there."""
    from hypercuboid.frontend.bodies import run_body  # bodies hold folds

    terms = []
    depth = len(context.coordinates)
    refuse_too_many(expression.binders, context, expression.span, f"this `{expression.kind}`")
    for place in _places(expression.binders, expression.where, context):
        before, met = len(context.builder.nodes), context.frame.met
        try:
            value = run_body(expression.body, place)
        except Dropped:
            if expression.top is None:
                raise
            terms.append((None, place.coordinates[depth:], False))
            continue
        if expression.top is not None and context.frame.met == met:
            text = _coordinates(place.coordinates[depth:])
            help = "write a `choose` into each term, or leave `top` out: a plain `sum` keeps all"
            raise error("HC3108", f"each term of `sum top` needs a choice; {text} has none", expression.span, help=help)
        opened = any(_holds_decision(node) for node in context.builder.nodes[before:])
        terms.append((value, place.coordinates[depth:], opened))
    return terms


def _coordinates(where: Coordinates) -> str:
    return ", ".join(f"{name} = {label_text(label)}" for name, label in where)


def _holds_decision(node: object) -> bool:
    if isinstance(node, UseNode):
        return is_open(node.definition.body)
    if isinstance(node, ScanNode):
        return is_open(node.body)
    return isinstance(node, (ChoiceNode, TopNode, TrellisNode))


def _top(expression: ast.Fold, terms: list[tuple[Any, Coordinates, bool]], context: Context) -> Any:
    assert expression.top is not None
    left = [(value, where, opened) for value, where, opened in terms if value is not None]
    if not any(opened for _, _, opened in left):
        if not left:
            raise error("HC5003", "no term of this `sum top` is left", expression.span, help="keep at least one term")
        return fold_values("sum", [value for value, _, _ in left], context, expression.span)
    for value, _, _ in left:
        if not isinstance(value, (Tensor, Missing)):
            raise _no_tensor("sum", value, expression.span)
    left = [term for term in left if isinstance(term[0], Tensor)]
    named = [(f"term {_coordinates(where)}", value) for value, where, _ in left]
    type = same_types("HC3101", "the terms of this `sum` have different shapes", named, context, expression.span)
    inputs = tuple(context.builder.position(value, expression.span) for value, _, _ in left)
    axes = tuple(map(axis_of, expression.binders))
    node = TopNode(
        min(expression.top, len(left)),
        axes,
        tuple(where for _, where, _ in left),
        inputs,
        type,
        context.instance("sum"),
        expression.span,
    )
    return context.builder.add(node)


def _chain(expression: ast.Fold, context: Context) -> Pipeline:
    from hypercuboid.frontend.bodies import run_body  # see `_terms`

    parts = []
    depth = len(context.coordinates)
    refuse_too_many(expression.binders, context, expression.span, "this `chain`")
    for place in _places(expression.binders, expression.where, context):
        block = run_body(expression.body, place)
        if not isinstance(block, BLOCKS):
            raise _no_step(block, expression.body.span)
        parts.append(PlacedBlock(block, place.coordinates[depth:]))
    return Pipeline(tuple(parts))


def _no_step(value: Any, span: Span) -> HypercuboidError:
    tensor = isinstance(value, (Tensor, Missing))
    help = "leave the tensor out: `chain` feeds each step" if tensor else "write a block, such as `conv(8)`"
    return error("HC3109", f"each step of a `chain` must be a block, not {type_name(value)}", span, help=help)


def fold_of(expression: ast.FoldOf, context: Context) -> Any:
    values: list[Any] = []
    least: list[Any] = []
    for argument in expression.arguments:
        if expression.kind == "concat" and isinstance(argument.value, ast.Call) and is_unused(argument.value, context):
            found = unread(argument.value, context)
            values, least = [*values, *found.perhaps], [*least, *found.surely]
            continue
        value = evaluate(argument.value, context)
        several = isinstance(value, (ListValue, Family, range))
        own = elements(value, argument.span, "what is folded") if several else [value]
        values, least = [*values, *own], [*least, *own]
    if expression.kind == "chain":
        return Pipeline(tuple(_block(value, expression.span) for value in values))
    if len(least) < len(values):
        return concat_down_to(values, least, context, expression.span)
    return fold_values(expression.kind, values, context, expression.span)


def _block(value: Any, span: Span) -> Any:
    if not isinstance(value, BLOCKS):
        raise _no_step(value, span)
    return value


def _no_tensor(kind: str, value: Any, span: Span) -> HypercuboidError:
    help = (
        "give the block a tensor: `x -> ...`" if isinstance(value, BLOCKS) else "all terms are tensors, or all numbers"
    )
    return error("HC3110", f"`{kind}` folds tensors, and this is {type_name(value)}", span, help=help)


def fold_values(kind: str, values: list[Any], context: Context, span: Span) -> Any:
    """The sum, mean or concatenation of tensors, or the sum or mean of numbers; missing tensors are left out."""
    if values and all(map(is_number, values)) and kind in ("sum", "mean"):
        total = sum(values)
        return bounded(total if kind == "sum" else total / len(values), span)
    if not values:
        if kind == "sum":
            return 0
        raise error("HC5003", f"this `{kind}` has nothing to fold", span, help="give it at least one tensor")
    for value in values:
        if not isinstance(value, (Tensor, Missing)):
            raise _no_tensor(kind, value, span)
    present = [value for value in values if isinstance(value, Tensor)]
    if not present:
        return values[0]
    if kind != "concat":
        named = [(f"term {i + 1}", value) for i, value in enumerate(present)]
        same_types("HC3101", f"the terms of this `{kind}` have different shapes", named, context, span)
    if len(present) == 1:
        context.instance(kind)
        return present[0]
    return calls.run_op(kind, {}, present, context, span)
