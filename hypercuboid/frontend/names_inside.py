"""The names inside of expressions, by the type of the expression; see `names.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from hypercuboid.diagnostics import Diagnostic, Span
from hypercuboid.frontend import ast
from hypercuboid.frontend.builtins import BUILTINS
from hypercuboid.frontend.meant import meant
from hypercuboid.frontend.modules import BoundNamespace
from hypercuboid.frontend.scopes import Names

if TYPE_CHECKING:
    from hypercuboid.frontend.names import Reader


def _name(reader: Reader, e: ast.Name, scope: Names) -> None:
    reader.name(e.id, e.span, scope)


def _call(reader: Reader, e: ast.Call, scope: Names) -> None:
    if not (isinstance(e.function, ast.Name) and e.function.id in BUILTINS):
        reader.read(e.function, scope)
    for argument in e.arguments:
        reader.read(argument.value, scope)


def _attribute(reader: Reader, e: ast.Attribute, scope: Names) -> None:
    reader.read(e.value, scope)
    if not isinstance(e.value, ast.Name) or scope.has(e.value.id):
        return
    bound = reader.module.names.get(e.value.id)
    if isinstance(bound, BoundNamespace) and e.name not in bound.module.names:
        message = f"`{e.value.id}` has no `{e.name}`"
        help = meant(e.name, sorted(bound.module.names))
        reader.report(Diagnostic("HC2001", message, e.span, help=help))


def _comprehension(reader: Reader, e: ast.Comprehension, scope: Names) -> None:
    for clause in e.clauses:
        reader.read(clause.iterable, scope)
        scope = scope.inner(clause.names or (clause.name,))
        if clause.condition is not None:
            reader.read(clause.condition, scope)
    reader.read(e.element, scope)


def _bound(reader: Reader, e: ast.Fold | ast.ChooseIn, scope: Names) -> None:
    for binder in e.binders:
        reader.read(binder.iterable, scope)
        scope = scope.inner(binder.names or (binder.name,))
    if e.where is not None:
        reader.read(e.where, scope)
    reader.lets(e.body.lets, e.body.result, scope)


def _choose(reader: Reader, e: ast.Choose, scope: Names) -> None:
    if e.name is None and e is not reader.named:
        message = "this choice has no name of its own"
        help = "write `choose NAME { ... }`: picks and weights call it by its name"
        notes = ("it is called `choice`, and a name like that does not survive an edit",)
        span = Span(e.span.source, e.span.start, e.span.start + len("choose"))
        reader.report(Diagnostic("HC2020", message, span, notes=notes, help=help, severity="warning"))
    for one in e.alternatives:
        reader.read(one.value, scope)


def _scan(reader: Reader, e: ast.Scan, scope: Names) -> None:
    reader.read_all((e.start, e.sequence), scope)
    reader.lets(e.body.lets, e.body.result, scope.inner((e.state, e.item)))


def _parts(select: Callable[[Any], Iterable[ast.Expr | None]]) -> Callable[[Reader, Any, Names], None]:
    return lambda reader, e, scope: reader.read_all(select(e), scope)


RULES: dict[type, Callable[[Reader, Any, Names], None]] = {
    ast.Name: _name,
    ast.Literal: _parts(lambda e: ()),
    ast.TupleOf: _parts(lambda e: e.items),
    ast.ListOf: _parts(lambda e: e.items),
    ast.Comprehension: _comprehension,
    ast.Operation: _parts(lambda e: e.operands),
    ast.Unary: _parts(lambda e: (e.operand,)),
    ast.Conditional: _parts(lambda e: (e.then, e.condition, e.otherwise)),
    ast.Range: _parts(lambda e: (e.start, e.stop)),
    ast.Pipe: _parts(lambda e: e.stages),
    ast.Call: _call,
    ast.Index: _parts(lambda e: (e.value, *e.items)),
    ast.Attribute: _attribute,
    ast.Choose: _choose,
    ast.ChooseIn: _bound,
    ast.Fold: _bound,
    ast.FoldOf: _parts(lambda e: [one.value for one in e.arguments]),
    ast.Scan: _scan,
}
