"""Expressions: what has a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from hypercuboid.frontend.node import node

if TYPE_CHECKING:
    from hypercuboid.diagnostics import Span
    from hypercuboid.frontend.ast.statements import Let


@node
class Name:
    span: Span
    id: str


@node
class Literal:
    """An int, float, bool or string (without its quotes)."""

    span: Span
    value: int | float | bool | str


@node
class TupleOf:
    span: Span
    items: tuple[Expr, ...]


@node
class ListOf:
    span: Span
    items: tuple[Expr, ...]


@node
class Clause:
    """`for NAME in iterable [if condition]`; `names` of `for (a, b) in ...`, where `name` is "(a, b)"."""

    span: Span
    name: str
    iterable: Expr
    condition: Expr | None
    names: tuple[str, ...] = ()


@node
class Comprehension:
    span: Span
    element: Expr
    clauses: tuple[Clause, ...]


@node
class Operation:
    """A flat, left-associative chain of one precedence level: `operands[0] operators[0] operands[1] ...`.

    Levels: `+ -`; `* / // %`; `**` (always two operands); one comparison (two operands); `and`; `or`.
    """

    span: Span
    operands: tuple[Expr, ...]
    operators: tuple[str, ...]


@node
class Unary:
    """`-operand` or `not operand`."""

    span: Span
    operator: str
    operand: Expr


@node
class Conditional:
    """`then if condition else otherwise`."""

    span: Span
    then: Expr
    condition: Expr
    otherwise: Expr


@node
class Range:
    """`start..stop`, half open; an end may be missing only inside `[ ]`."""

    span: Span
    start: Expr | None
    stop: Expr | None


@node
class Pipe:
    """`stages[0] -> stages[1] -> ...`."""

    span: Span
    stages: tuple[Expr, ...]


@node
class Argument:
    span: Span
    name: str | None
    value: Expr


@node
class Call:
    span: Span
    function: Expr
    arguments: tuple[Argument, ...]


@node
class Index:
    """`value[items]`; an item may be a `Range` with a missing end."""

    span: Span
    value: Expr
    items: tuple[Expr, ...]


@node
class Attribute:
    span: Span
    value: Expr
    name: str


@node
class Alternative:
    span: Span
    label: str | None
    value: Expr


@node
class Choose:
    """`choose NAME { label: e, ... }`."""

    span: Span
    name: str | None
    alternatives: tuple[Alternative, ...]


@node
class Binder:
    """`NAME in iterable`; `names` of `(a, b) in ...`, where `name` is "(a, b)"."""

    span: Span
    name: str
    iterable: Expr
    names: tuple[str, ...] = ()


@node
class Block:
    """`{ e }` or `{ let ... out e }`: the body of a fold, a choose or a scan."""

    span: Span
    lets: tuple[Let, ...]
    result: Expr


@node
class ChooseIn:
    """`choose a in list, b in list where cond { e }`."""

    span: Span
    binders: tuple[Binder, ...]
    where: Expr | None
    body: Block


@node
class Fold:
    """`sum|mean|concat|chain [top N] binders [where cond] { e }`."""

    span: Span
    kind: str
    top: int | None
    binders: tuple[Binder, ...]
    where: Expr | None
    body: Block


@node
class FoldOf:
    """`sum|mean|concat|chain (args)`."""

    span: Span
    kind: str
    arguments: tuple[Argument, ...]


@node
class Scan:
    """`scan state from start over item in sequence { e }`."""

    span: Span
    state: str
    start: Expr
    item: str
    sequence: Expr
    body: Block


Expr: TypeAlias = (
    Name
    | Literal
    | TupleOf
    | ListOf
    | Comprehension
    | Operation
    | Unary
    | Conditional
    | Range
    | Pipe
    | Call
    | Index
    | Attribute
    | Choose
    | ChooseIn
    | Fold
    | FoldOf
    | Scan
)
