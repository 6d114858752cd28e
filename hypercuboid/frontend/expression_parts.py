"""The parts of each kind of expression, in the order of their scopes: one table for all who follow names in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeAlias, TypeVar

from hypercuboid.frontend import ast

S = TypeVar("S")


class Follower(Protocol[S]):
    """Who follows names; `S` is what it knows of those in scope."""

    def read(self, expression: ast.Expr, scope: S) -> None:
        """A part where these names are in scope."""

    def read_all(self, expressions: Iterable[ast.Expr | None], scope: S) -> None:
        """Parts that may be missing."""

    def bind(self, binder: ast.Binder | ast.Clause | ast.Scan, scope: S) -> S:
        """The scope with the names that a binder binds."""

    def lets(self, lets: tuple[ast.Let, ...], result: ast.Expr, scope: S) -> None:
        """A body: its `let`s in turn, then its result."""


def _comprehension(reader: Follower[S], e: ast.Comprehension, scope: S) -> None:
    for clause in e.clauses:
        reader.read(clause.iterable, scope)
        scope = reader.bind(clause, scope)
        reader.read_all((clause.condition,), scope)
    reader.read(e.element, scope)


def _bound(reader: Follower[S], e: ast.Fold | ast.ChooseIn, scope: S) -> None:
    for binder in e.binders:
        reader.read(binder.iterable, scope)
        scope = reader.bind(binder, scope)
    reader.read_all((e.where,), scope)
    reader.lets(e.body.lets, e.body.result, scope)


def _scan(reader: Follower[S], e: ast.Scan, scope: S) -> None:
    reader.read_all((e.start, e.sequence), scope)
    reader.lets(e.body.lets, e.body.result, reader.bind(e, scope))


PartRule: TypeAlias = Callable[[Any, Any, Any], None]
"""What is read of an expression: by whom, the expression, the names in scope."""


def _parts(select: Callable[[Any], Iterable[ast.Expr | None]]) -> PartRule:
    return lambda reader, e, scope: reader.read_all(select(e), scope)


PARTS: dict[type, PartRule] = {
    ast.Name: _parts(lambda e: ()),
    ast.Literal: _parts(lambda e: ()),
    ast.TupleOf: _parts(lambda e: e.items),
    ast.ListOf: _parts(lambda e: e.items),
    ast.Comprehension: _comprehension,
    ast.Operation: _parts(lambda e: e.operands),
    ast.Unary: _parts(lambda e: (e.operand,)),
    ast.Conditional: _parts(lambda e: (e.then, e.condition, e.otherwise)),
    ast.Range: _parts(lambda e: (e.start, e.stop)),
    ast.Pipe: _parts(lambda e: e.stages),
    ast.Call: _parts(lambda e: (e.function, *(one.value for one in e.arguments))),
    ast.Index: _parts(lambda e: (e.value, *e.items)),
    ast.Attribute: _parts(lambda e: (e.value,)),
    ast.Choose: _parts(lambda e: [one.value for one in e.alternatives]),
    ast.ChooseIn: _bound,
    ast.Fold: _bound,
    ast.FoldOf: _parts(lambda e: [one.value for one in e.arguments]),
    ast.Scan: _scan,
}
"""By kind of expression; readers put their own rules over those of kinds of which they say more."""
