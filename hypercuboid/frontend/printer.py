"""Syntax tree to text in one style. Parsing what is printed gives the same tree, up to places and `#` comments."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hypercuboid.frontend import ast
from hypercuboid.frontend.layout import HARD, Comment, Doc, Group, Line, Nest, in_lines, joined, listed, on_one_line

WIDTH = 120

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
        return on_one_line(expression_doc(expression))


def print_module(module: ast.Module) -> str:
    """A whole file, in lines of at most 120 characters where that is possible."""
    from hypercuboid.frontend.printer_items import module_doc  # items hold expressions

    with deep_recursion():
        text = in_lines(module_doc(module), WIDTH)
    return "\n".join(line.rstrip() for line in text.split("\n"))


def print_item(item: ast.Item) -> str:
    """One item of a file, without a line end."""
    from hypercuboid.frontend.printer_items import item_doc  # see `print_module`

    with deep_recursion():
        return in_lines(item_doc(item), WIDTH)


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Room for trees as deep as the parser lets through: 200 levels of brackets, each with every precedence inside."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 30_000))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def expression_doc(expression: ast.Expr, level: int = _CONDITIONAL) -> Doc:
    """The expression where the grammar asks for one that binds at least as tight as `level`."""
    doc = _RULES[type(expression)](expression)
    return ["(", doc, ")"] if _level(expression) < level else doc


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


def _literal(e: ast.Literal) -> Doc:
    if isinstance(e.value, bool):
        return "true" if e.value else "false"
    return f'"{e.value}"' if isinstance(e.value, str) else repr(e.value)


def _operation(e: ast.Operation) -> Doc:
    level = _LEVELS[e.operators[0]]
    if level == _POWER:
        return [expression_doc(e.operands[0], _POSTFIX), " ** ", expression_doc(e.operands[1], _UNARY)]
    docs: list[Doc] = [expression_doc(e.operands[0], level + 1)]
    for symbol, operand in zip(e.operators, e.operands[1:], strict=True):
        docs += [Line(), f"{symbol} ", expression_doc(operand, level + 1)]
    return Group([docs[0], Nest(docs[1:])])


def _unary(e: ast.Unary) -> Doc:
    if e.operator == "not":
        return ["not ", expression_doc(e.operand, _NOT)]
    return ["-", expression_doc(e.operand, _UNARY)]


def _conditional(e: ast.Conditional) -> Doc:
    condition, otherwise = expression_doc(e.condition, _OR), expression_doc(e.otherwise)
    return Group([expression_doc(e.then, _PIPE), Nest([Line(), "if ", condition, Line(), "else ", otherwise])])


def _range(e: ast.Range) -> Doc:
    ends = [[] if end is None else expression_doc(end, _ADD) for end in (e.start, e.stop)]
    return [ends[0], "..", ends[1]]


def _pipe(e: ast.Pipe) -> Doc:
    docs: list[Doc] = []
    for stage in e.stages[1:]:
        tight = isinstance(stage, ast.Operation | ast.Unary | ast.Range)
        docs += [Line(), "-> ", expression_doc(stage, _POSTFIX if tight else _OR)]
    return Group([expression_doc(e.stages[0], _OR), Nest(docs)])


def argument_doc(argument: ast.Argument) -> Doc:
    value = expression_doc(argument.value)
    return value if argument.name is None else [f"{argument.name} = ", value]


def arguments_doc(arguments: tuple[ast.Argument, ...]) -> Doc:
    return listed("(", [argument_doc(one) for one in arguments], ")")


def _call(e: ast.Call) -> Doc:
    return [expression_doc(e.function, _POSTFIX), arguments_doc(e.arguments)]


def _index(e: ast.Index) -> Doc:
    return [expression_doc(e.value, _POSTFIX), "[", joined(", ", [expression_doc(item) for item in e.items]), "]"]


def _comprehension(e: ast.Comprehension) -> Doc:
    docs: list[Doc] = [expression_doc(e.element)]
    for clause in e.clauses:
        docs += [Line(), f"for {clause.name} in ", expression_doc(clause.iterable, _OR)]
        if clause.condition is not None:
            docs += [" if ", expression_doc(clause.condition, _OR)]
    return Group(["[", Nest([Line(""), docs]), Line(""), "]"])


def _choose(e: ast.Choose) -> Doc:
    docs: list[Doc] = []
    for one in e.alternatives:
        value = expression_doc(one.value)
        docs.append(value if one.label is None else [f"{one.label}: ", value])
    inner: list[Doc] = [Line(), joined([",", Line()], docs)]
    return Group(["choose ", [] if e.name is None else f"{e.name} ", "{", Nest(inner), Line(), "}"])


def _binders(binders: tuple[ast.Binder, ...], where: ast.Expr | None) -> Doc:
    docs = joined(", ", [[f"{one.name} in ", expression_doc(one.iterable)] for one in binders])
    return docs if where is None else [docs, " where ", expression_doc(where)]


def _block(block: ast.Block) -> Doc:
    result = expression_doc(block.result)
    if not block.lets:
        return Group(["{", Nest([Line(), result]), Line(), "}"])
    docs: list[Doc] = []
    for one in block.lets:
        docs += [HARD, let_doc(one)]
    return ["{", Nest([docs, HARD, "out ", result]), HARD, "}"]


def documented(doc: str) -> Doc:
    """`##` lines, each with its line end."""
    return [Comment(f"## {line}".rstrip()) for line in doc.split("\n")] if doc else []


def let_doc(let: ast.Let) -> Doc:
    return [documented(let.doc), f"let {let.name} = ", expression_doc(let.value)]


def _choose_in(e: ast.ChooseIn) -> Doc:
    return ["choose ", _binders(e.binders, e.where), " ", _block(e.body)]


def _fold(e: ast.Fold) -> Doc:
    top = "" if e.top is None else f"top {e.top} "
    return [f"{e.kind} {top}", _binders(e.binders, e.where), " ", _block(e.body)]


def _scan(e: ast.Scan) -> Doc:
    start, sequence = expression_doc(e.start), expression_doc(e.sequence)
    return [f"scan {e.state} from ", start, f" over {e.item} in ", sequence, " ", _block(e.body)]


_RULES: dict[type, Callable[[Any], Doc]] = {
    ast.Name: lambda e: e.id,
    ast.Literal: _literal,
    ast.TupleOf: lambda e: listed("(", [expression_doc(item) for item in e.items], ")"),
    ast.ListOf: lambda e: listed("[", [expression_doc(item) for item in e.items], "]"),
    ast.Comprehension: _comprehension,
    ast.Operation: _operation,
    ast.Unary: _unary,
    ast.Conditional: _conditional,
    ast.Range: _range,
    ast.Pipe: _pipe,
    ast.Call: _call,
    ast.Index: _index,
    ast.Attribute: lambda e: [expression_doc(e.value, _POSTFIX), f".{e.name}"],
    ast.Choose: _choose,
    ast.ChooseIn: _choose_in,
    ast.Fold: _fold,
    ast.FoldOf: lambda e: [e.kind, arguments_doc(e.arguments)],
    ast.Scan: _scan,
}
