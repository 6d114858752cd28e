"""The names inside of expressions, by the type of the expression; see `occurrences.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from hypercuboid.editing.declarations import Declaration, Occurrence, Scope, declaration_at
from hypercuboid.editing.names_at import Spelling
from hypercuboid.frontend import ast
from hypercuboid.frontend.loaded import BoundNamespace

if TYPE_CHECKING:
    from hypercuboid.editing.occurrences import Reader


def _name(reader: Reader, e: ast.Name, scope: Scope) -> None:
    reader.refer(e.id, e.span.start, scope)


def _call(reader: Reader, e: ast.Call, scope: Scope) -> None:
    reader.read(e.function, scope)
    name = e.function.id if isinstance(e.function, ast.Name) else ""
    read_arguments(reader, e.arguments, formals_of(reader, name, scope), scope)


def read_arguments(
    reader: Reader, arguments: Iterable[ast.Argument], formals: Mapping[str, Declaration] | None, scope: Scope
) -> None:
    for one in arguments:
        if one.name is not None and formals is None:
            reader.unclear.add(one.name)
        elif one.name is not None and formals is not None and one.name in formals:
            reader.found.append(Occurrence(one.span.start, formals[one.name], is_label=True))
        reader.read(one.value, scope)


def formals_of(reader: Reader, name: str, scope: Scope) -> Mapping[str, Declaration] | None:
    """The parameters of a block, also by the name of a `let`, cell or share of it; None where it is not clear."""
    for _ in range(20):
        declared = scope.get(name) or reader.of_bound(name)
        if declared is None or declared.source is None:
            return {} if declared is not None else None
        node = declared.node
        if isinstance(node, ast.BlockDefinition):
            spelling = reader.spellings.setdefault(id(declared.source), Spelling(declared.source))
            return {f.name: declaration_at(spelling, f.name, f.span.start, f.span.end, f) for f in node.formals}
        value = node.value if isinstance(node, ast.Let | ast.Cell | ast.Share) else None
        value = value.function if isinstance(value, ast.Call) else value
        if not isinstance(value, ast.Name):
            return None
        name = value.id
    return None


def _attribute(reader: Reader, e: ast.Attribute, scope: Scope) -> None:
    reader.read(e.value, scope)
    if isinstance(e.value, ast.Name) and e.value.id not in scope:
        bound = reader.module.names.get(e.value.id)
        if isinstance(bound, BoundNamespace):
            meant = reader.of_module(bound.module, e.name)
            if meant is not None:
                reader.found.append(Occurrence(e.span.end - len(e.name), meant))


def _bind(reader: Reader, binder: ast.Binder | ast.Clause, scope: Scope) -> dict[str, Declaration]:
    names = binder.names or (binder.name,)
    end = binder.iterable.span.start
    return {**scope, **{name: reader.declare(name, binder, binder.span.start, end) for name in names}}


def _comprehension(reader: Reader, e: ast.Comprehension, scope: Scope) -> None:
    for clause in e.clauses:
        reader.read(clause.iterable, scope)
        scope = _bind(reader, clause, scope)
        reader.read_all((clause.condition,), scope)
    reader.read(e.element, scope)


def _bound(reader: Reader, e: ast.Fold | ast.ChooseIn, scope: Scope) -> None:
    for binder in e.binders:
        reader.read(binder.iterable, scope)
        scope = _bind(reader, binder, scope)
    reader.read_all((e.where,), scope)
    reader.lets(e.body.lets, e.body.result, scope)


def _scan(reader: Reader, e: ast.Scan, scope: Scope) -> None:
    reader.read_all((e.start, e.sequence), scope)
    state = reader.declare(e.state, e, e.span.start, e.start.span.start)
    item = reader.declare(e.item, e, e.start.span.end, e.sequence.span.start)
    reader.lets(e.body.lets, e.body.result, {**scope, e.state: state, e.item: item})


def _parts(select: Callable[[Any], Iterable[ast.Expr | None]]) -> Callable[[Reader, Any, Scope], None]:
    return lambda reader, e, scope: reader.read_all(select(e), scope)


RULES: dict[type, Callable[[Reader, Any, Scope], None]] = {
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
    ast.Choose: _parts(lambda e: [one.value for one in e.alternatives]),
    ast.ChooseIn: _bound,
    ast.Fold: _bound,
    ast.FoldOf: _parts(lambda e: [one.value for one in e.arguments]),
    ast.Scan: _scan,
}
