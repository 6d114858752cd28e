"""The rules of evaluation, one for each type of expression. Numbers are computed, tensors become nodes, blocks wait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypercuboid.diagnostics import HypercuboidError, Span, error
from hypercuboid.frontend import ast, calls, choices, folds, scans
from hypercuboid.frontend.arithmetic import apply_operator, is_number, negate, truth
from hypercuboid.frontend.builtins import BUILTINS
from hypercuboid.frontend.comprehensions import comprehension
from hypercuboid.frontend.context import Context
from hypercuboid.frontend.evaluate import evaluate, evaluate_number
from hypercuboid.frontend.globals import global_value
from hypercuboid.frontend.parts import attribute, index
from hypercuboid.frontend.recovery import Mistakes, Poisoned, silence
from hypercuboid.frontend.session import Rule
from hypercuboid.frontend.shown import type_name
from hypercuboid.frontend.stages import run_stage
from hypercuboid.frontend.values import BLOCKS, BlockValue, ListValue, Missing, Pipeline, Tensor
from hypercuboid.registry import suggestion


def _name(expression: ast.Name, context: Context) -> Any:
    entry = context.scope.find(expression.id)
    if entry is not None:
        if type(entry.value) is Poisoned:
            raise silence()
        return entry.value
    found, value = global_value(context.session, context.frame.module, expression.id, expression.span)
    if found:
        return value
    if expression.id == "searching":
        context.session.asked = True
        context.session.asked_by_file |= not context.frame.module.module.source.is_library
        return context.session.searching
    known = sorted({*context.scope.known(), *context.frame.module.names, *BUILTINS})
    raise error("HC2001", f"`{expression.id}` is not defined", expression.span, help=suggestion(expression.id, known))


def _literal(expression: ast.Literal, context: Context) -> Any:
    return expression.value


def _tuple(expression: ast.TupleOf, context: Context) -> Any:
    return tuple(evaluate(item, context) for item in expression.items)


def _list(expression: ast.ListOf, context: Context) -> Any:
    mistakes, found = Mistakes(), []
    for item in expression.items:
        with mistakes:
            found.append(evaluate(item, context))
    mistakes.report()
    return ListValue(found)


def _operation(expression: ast.Operation, context: Context) -> Any:
    if expression.operators[0] in ("and", "or"):
        return _boolean(expression, context)
    value = evaluate(expression.operands[0], context)
    for operator, operand in zip(expression.operators, expression.operands[1:], strict=True):
        value = apply_operator(operator, value, evaluate(operand, context), expression.span, context)
    return value


def _boolean(expression: ast.Operation, context: Context) -> bool:
    stop = expression.operators[0] == "or"
    for operand in expression.operands:
        if truth(evaluate(operand, context), operand.span) is stop:
            return stop
    return not stop


def _unary(expression: ast.Unary, context: Context) -> Any:
    value = evaluate(expression.operand, context)
    if expression.operator == "not":
        return not truth(value, expression.operand.span)
    return negate(value, expression.span, context)


def _conditional(expression: ast.Conditional, context: Context) -> Any:
    chosen = truth(evaluate(expression.condition, context), expression.condition.span)
    return evaluate(expression.then if chosen else expression.otherwise, context)


def _range(expression: ast.Range, context: Context) -> range:
    if expression.start is None or expression.stop is None:
        raise error(
            "HC1020",
            "a range with an open end stands only inside `[ ]`, alone",
            expression.span,
            help="write both ends: `1..4`",
        )
    start = evaluate_number(expression.start, context, "the start of a range")
    return range(start, max(start, evaluate_number(expression.stop, context, "the end of a range")))


def _pipe(expression: ast.Pipe, context: Context) -> Any:
    mistakes, head = Mistakes(), expression.stages[0].span
    value: Any = None
    for number, stage in enumerate(expression.stages):
        try:
            if type(value) is Tensor and not mistakes.failed:
                made = run_stage(stage, value, context)
                if made is not None:
                    value = made
                    continue
            found = evaluate(stage, context)
            if number == 0:
                value = found
            elif not isinstance(found, BLOCKS):
                raise _no_block(found, stage.span)
            elif not mistakes.failed:
                value = _flow(value, found, head, stage.span, context)
        except HypercuboidError as problem:
            mistakes.add(problem)
    mistakes.report()
    return value


def _no_block(value: Any, span: Span) -> HypercuboidError:
    message = f"what stands after `->` must be a block, not {type_name(value)}"
    return error("HC3002", message, span, help=_after_arrow(value))


def _after_arrow(value: Any) -> str:
    if isinstance(value, (Tensor, Missing)):
        return "a tensor stands at the head; write `x + y`, or `(x, y) -> ...` for a block with two inputs"
    return "write a block, or add with `(x -> ...) + y`"


def _flow(value: Any, block: BlockValue, head: Span, stage: Span, context: Context) -> Any:
    """What a stage of a pipeline makes of what came before it."""
    if isinstance(value, BLOCKS):
        return Pipeline((value, block))
    tensors = value if isinstance(value, tuple) and not isinstance(value, ListValue) else (value,)
    return calls.run(block, calls.tensors_of(tensors, head), context, stage)


def _call(expression: ast.Call, context: Context) -> Any:
    function = expression.function
    if isinstance(function, ast.Name) and function.id in BUILTINS and context.scope.find(function.id) is None:
        return BUILTINS[function.id](expression, [evaluate(a.value, context) for a in expression.arguments], context)
    value = evaluate(function, context)
    if not isinstance(value, BLOCKS):
        help = "multiply with `*`" if is_number(value) else "name a block, or a function such as `len`"
        raise error("HC3003", f"only a block can be called, not {type_name(value)}", function.span, help=help)
    return calls.call(value, expression, context)


RULES: Mapping[type, Rule] = {
    ast.Name: _name,
    ast.Literal: _literal,
    ast.TupleOf: _tuple,
    ast.ListOf: _list,
    ast.Comprehension: comprehension,
    ast.Operation: _operation,
    ast.Unary: _unary,
    ast.Conditional: _conditional,
    ast.Range: _range,
    ast.Pipe: _pipe,
    ast.Call: _call,
    ast.Index: index,
    ast.Attribute: attribute,
    ast.Choose: choices.choose,
    ast.ChooseIn: choices.choose_in,
    ast.Fold: folds.fold,
    ast.FoldOf: folds.fold_of,
    ast.Scan: scans.scan,
}
