"""Ops in pipelines, `-> conv(c, 3)`: equal arguments are checked and put in order once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.frontend import ast, calls
from hypercuboid.frontend.context import Context, Scope
from hypercuboid.frontend.elaborated import OpArgument
from hypercuboid.frontend.evaluate import evaluate
from hypercuboid.frontend.given import Given
from hypercuboid.frontend.op_nodes import op_node
from hypercuboid.frontend.text import text_of
from hypercuboid.frontend.values import Missing, OpBlock, Tensor

_SCALARS = frozenset((bool, int, float, str))

_NAMED, _STEPS = 2, 3
"""Steps of evaluation of an op by its name and of a call: the call, the name, the op; arguments count their own."""


def run_stage(stage: ast.Expr, tensor: Tensor, context: Context) -> Tensor | Missing | None:
    """What an op makes of a tensor; None where a stage is something else, or has a mistake to be found step by step."""
    name = stage.function if type(stage) is ast.Call else stage
    if type(name) is not ast.Name:
        return None
    scope, session = context.scope, context.session
    if scope.find(name.id) is not None:
        return None
    block = session.globals.get((id(context.frame.module.module), name.id))
    if type(block) is not OpBlock or block.given:
        return None
    if type(stage) is not ast.Call:
        session.tick(stage.span, _NAMED)
        return calls.run_given(block, [tensor], context, stage.span)
    if not all(_is_number(one.value, scope) for one in stage.arguments):
        return None
    failed = set(session.failed)
    try:
        values = [evaluate(one.value, context) for one in stage.arguments]
    except HypercuboidError:
        session.failed = failed
        return None
    if not all(type(value) in _SCALARS for value in values):
        return None
    texts = [text_of(one.value, scope) for one in stage.arguments]
    key = (id(stage), id(block), *values, *map(type, values), *texts)
    arguments = session.stages.get(key)
    if arguments is None:
        arguments = _bound(block, stage, values, texts, context)
        if arguments is None:
            return None
        session.stages[key] = arguments
    session.tick(stage.span, _STEPS)
    return op_node(block.op, arguments, [tensor], context, stage.span, lasting=True)


def _is_number(expression: ast.Expr, scope: Scope) -> bool:
    """Whether an argument may be evaluated for itself: it makes no node whatever it is."""
    if isinstance(expression, ast.Name):
        entry = scope.find(expression.id)
        return entry is None or type(entry.value) in _SCALARS
    if isinstance(expression, ast.Operation):
        return all(_is_number(one, scope) for one in expression.operands)
    if isinstance(expression, ast.Conditional):
        parts = (expression.then, expression.condition, expression.otherwise)
        return all(_is_number(one, scope) for one in parts)
    if isinstance(expression, ast.Attribute):
        return isinstance(expression.value, ast.Name)
    return isinstance(expression, ast.Literal)


def _bound(
    block: OpBlock, stage: ast.Call, values: Sequence[Any], texts: Sequence[str | None], context: Context
) -> Mapping[str, OpArgument] | None:
    """The arguments of the op with these values; None where one is wrong or missing."""
    given = [
        Given(value, text, context.frame.number, one.span)
        for one, value, text in zip(stage.arguments, values, texts, strict=True)
    ]
    pairs = list(zip(stage.arguments, given, strict=True))
    named = {one.name: value for one, value in pairs if one.name is not None}
    positional = [value for one, value in pairs if one.name is None]
    if len(named) + len(positional) < len(pairs):
        return None
    try:
        bound = calls.bind(block, positional, named, stage.span)
        assert isinstance(bound, OpBlock)
        return calls.op_arguments(bound, context, stage.span)
    except HypercuboidError:
        return None
