"""Expressions written back in Python with the names of the block they stand in, for generated source."""

from __future__ import annotations

from hypercuboid.frontend import ast
from hypercuboid.frontend.context import Scope

_ATOMS = (ast.Name, ast.Literal, ast.Attribute)
_OPERATORS = {"+", "-", "*", "/", "//", "%", "**", "==", "!=", "<", "<=", ">", ">="}


def text_of(expression: ast.Expr, scope: Scope) -> str | None:
    """The expression in the block's parameters and `x.c` of its inputs; None where other names decide its value."""
    if isinstance(expression, ast.Name):
        entry = scope.find(expression.id)
        return None if entry is None else entry.text
    if isinstance(expression, ast.Literal):
        return repr(expression.value)
    if isinstance(expression, ast.Attribute):
        inner = text_of(expression.value, scope) if isinstance(expression.value, ast.Name) else None
        return None if inner is None or "." in inner else f"{inner}.{expression.name}"
    if isinstance(expression, ast.Operation):
        return _operation(expression, scope)
    if isinstance(expression, ast.TupleOf):
        items = [text_of(item, scope) for item in expression.items]
        return None if None in items else f"({', '.join(map(str, items))})"
    return None


def _operation(expression: ast.Operation, scope: Scope) -> str | None:
    if not set(expression.operators) <= _OPERATORS or len(expression.operands) > 8:
        return None
    parts = [_operand(operand, scope) for operand in expression.operands]
    if None in parts:
        return None
    text = str(parts[0])
    for symbol, part in zip(expression.operators, parts[1:], strict=True):
        text += f" {symbol} {part}"
    return text


def _operand(expression: ast.Expr, scope: Scope) -> str | None:
    text = text_of(expression, scope)
    return text if text is None or (isinstance(expression, _ATOMS) and text.isidentifier()) else atomic(text)


def atomic(text: str) -> str:
    """The text in parentheses, unless it is a name or a number."""
    return text if text.replace(".", "").replace("_", "").isalnum() else f"({text})"
