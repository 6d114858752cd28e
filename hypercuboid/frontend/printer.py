"""An expression of the syntax tree as text on one line, for labels and messages. Parsing it gives the same tree."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hypercuboid.frontend import ast

_CONDITIONAL, _PIPE, _OR, _AND, _NOT, _COMPARE, _RANGE, _ADD, _MULTIPLY, _UNARY, _POWER, _POSTFIX, _ATOM = range(13)
"""How tight an expression binds, loosest first; as in the grammar."""

_LEVELS = {
    "or": _OR,
    "and": _AND,
    "+": _ADD,
    "-": _ADD,
    "**": _POWER,
    **dict.fromkeys(("*", "/", "//", "%"), _MULTIPLY),
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">="), _COMPARE),
}


def print_expression(expression: ast.Expr) -> str:
    """The expression on one line."""
    with deep_recursion():
        return _text(expression)


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Room for trees as deep as the parser lets through: 200 levels of brackets, each with every precedence inside."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 30_000))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _text(expression: ast.Expr, level: int = _CONDITIONAL) -> str:
    """The expression where the grammar asks for one that binds at least as tight as `level`."""
    text = _RULES[type(expression)](expression)
    return f"({text})" if _level(expression) < level else text


def _texts(expressions: tuple[ast.Expr, ...]) -> str:
    return ", ".join(_text(one) for one in expressions)


def _level(expression: ast.Expr) -> int:
    if isinstance(expression, ast.Operation):
        return _LEVELS[expression.operators[0]]
    if isinstance(expression, ast.Unary):
        return _NOT if expression.operator == "not" else _UNARY
    if isinstance(expression, ast.Literal):
        negative = not isinstance(expression.value, bool | str) and expression.value < 0
        return _UNARY if negative else _ATOM
    return _OTHER_LEVELS.get(type(expression), _ATOM)


_OTHER_LEVELS: dict[type, int] = {
    ast.Conditional: _CONDITIONAL,
    ast.Pipe: _PIPE,
    ast.Range: _RANGE,
    ast.Call: _POSTFIX,
    ast.Index: _POSTFIX,
    ast.Attribute: _POSTFIX,
}


def _literal(e: ast.Literal) -> str:
    if isinstance(e.value, bool):
        return "true" if e.value else "false"
    return f'"{e.value}"' if isinstance(e.value, str) else repr(e.value)


def _operation(e: ast.Operation) -> str:
    level = _LEVELS[e.operators[0]]
    if level == _POWER:
        return f"{_text(e.operands[0], _POSTFIX)} ** {_text(e.operands[1], _UNARY)}"
    rest = [f" {sign} {_text(one, level + 1)}" for sign, one in zip(e.operators, e.operands[1:], strict=True)]
    return _text(e.operands[0], level + 1) + "".join(rest)


def _unary(e: ast.Unary) -> str:
    return f"not {_text(e.operand, _NOT)}" if e.operator == "not" else f"-{_text(e.operand, _UNARY)}"


def _conditional(e: ast.Conditional) -> str:
    return f"{_text(e.then, _PIPE)} if {_text(e.condition, _OR)} else {_text(e.otherwise)}"


def _range(e: ast.Range) -> str:
    start, stop = ("" if end is None else _text(end, _ADD) for end in (e.start, e.stop))
    return f"{start}..{stop}"


def _pipe(e: ast.Pipe) -> str:
    tight = (ast.Operation, ast.Unary, ast.Range)
    stages = [_text(stage, _POSTFIX if isinstance(stage, tight) else _OR) for stage in e.stages[1:]]
    return " -> ".join([_text(e.stages[0], _OR), *stages])


def _arguments(arguments: tuple[ast.Argument, ...]) -> str:
    texts = [_text(one.value) if one.name is None else f"{one.name} = {_text(one.value)}" for one in arguments]
    return f"({', '.join(texts)})"


def _clause(clause: ast.Clause) -> str:
    condition = "" if clause.condition is None else f" if {_text(clause.condition, _OR)}"
    return f" for {clause.name} in {_text(clause.iterable, _OR)}{condition}"


def _choose(e: ast.Choose) -> str:
    texts = [_text(one.value) if one.label is None else f"{one.label}: {_text(one.value)}" for one in e.alternatives]
    return f"choose {'' if e.name is None else f'{e.name} '}{{ {', '.join(texts)} }}"


def _binders(binders: tuple[ast.Binder, ...], where: ast.Expr | None) -> str:
    text = ", ".join(f"{one.name} in {_text(one.iterable)}" for one in binders)
    return text if where is None else f"{text} where {_text(where)}"


def _block(block: ast.Block) -> str:
    if not block.lets:
        return f"{{ {_text(block.result)} }}"
    lets = [f"let {one.name} = {_text(one.value)} " for one in block.lets]
    return f"{{ {''.join(lets)}out {_text(block.result)} }}"


def _choose_in(e: ast.ChooseIn) -> str:
    return f"choose {_binders(e.binders, e.where)} {_block(e.body)}"


def _fold(e: ast.Fold) -> str:
    top = "" if e.top is None else f"top {e.top} "
    return f"{e.kind} {top}{_binders(e.binders, e.where)} {_block(e.body)}"


def _scan(e: ast.Scan) -> str:
    return f"scan {e.state} from {_text(e.start)} over {e.item} in {_text(e.sequence)} {_block(e.body)}"


_RULES: dict[type, Callable[[Any], str]] = {
    ast.Name: lambda e: str(e.id),
    ast.Literal: _literal,
    ast.TupleOf: lambda e: f"({_texts(e.items)})",
    ast.ListOf: lambda e: f"[{_texts(e.items)}]",
    ast.Comprehension: lambda e: f"[{_text(e.element)}{''.join(map(_clause, e.clauses))}]",
    ast.Operation: _operation,
    ast.Unary: _unary,
    ast.Conditional: _conditional,
    ast.Range: _range,
    ast.Pipe: _pipe,
    ast.Call: lambda e: f"{_text(e.function, _POSTFIX)}{_arguments(e.arguments)}",
    ast.Index: lambda e: f"{_text(e.value, _POSTFIX)}[{_texts(e.items)}]",
    ast.Attribute: lambda e: f"{_text(e.value, _POSTFIX)}.{e.name}",
    ast.Choose: _choose,
    ast.ChooseIn: _choose_in,
    ast.Fold: _fold,
    ast.FoldOf: lambda e: f"{e.kind}{_arguments(e.arguments)}",
    ast.Scan: _scan,
}
