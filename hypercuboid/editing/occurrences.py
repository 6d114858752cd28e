"""Who is who in a file: every name that stands in it, and the declaration that it means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from hypercuboid.diagnostics import Source
from hypercuboid.editing.names_at import Spelling
from hypercuboid.frontend import ast
from hypercuboid.frontend.loaded import BoundItem, BoundNamespace, BoundOp, LoadedModule
from hypercuboid.frontend.printer import deep_recursion


@dataclass(frozen=True)
class Declaration:
    """A name with the part of a tree that declares it; `source` is None for an op of the registry.

    Two are equal where they declare one name at one place.
    """

    name: str
    source: Source | None
    start: int
    node: Any = field(compare=False, repr=False)


@dataclass(frozen=True)
class Occurrence:
    """A name that stands at `start`; `is_label` where it names an argument of what is called."""

    start: int
    declaration: Declaration
    is_label: bool = False


@dataclass(frozen=True)
class Occurrences:
    """The names of one file in the order of the text; `unclear` are names of arguments of calls of unknown blocks."""

    found: tuple[Occurrence, ...]
    unclear: frozenset[str] = frozenset()

    def at(self, offset: int) -> Occurrence | None:
        """The name that the offset stands in or right behind."""
        for one in self.found:
            if one.start <= offset <= one.start + len(one.declaration.name):
                return one
        return None

    def of(self, declaration: Declaration) -> list[int]:
        return [one.start for one in self.found if one.declaration == declaration]

    def structure(self) -> list[int]:
        """For each name, in order, the first that means the same: what a rename must not change."""
        first: dict[Declaration, int] = {}
        return [first.setdefault(one.declaration, number) for number, one in enumerate(self.found)]


Scope = Mapping[str, Declaration]


def occurrences(module: LoadedModule) -> Occurrences:
    """All names of a file that are declared somewhere. What has syntax errors holds none."""
    reader = _Reader(module)
    with deep_recursion():
        reader.file()
    found = sorted({one.start: one for one in reader.found}.values(), key=lambda one: one.start)
    return Occurrences(tuple(found), frozenset(reader.unclear))


def item_declaration(module: LoadedModule, item: ast.Item) -> Declaration:
    """The declaration of an item of a file."""
    source = module.module.source
    return _declared(Spelling(source), item.name, item.span.start, item.span.end, item)


def _declared(spelling: Spelling, name: str, start: int, end: int, node: Any) -> Declaration:
    at = spelling.place(name, start, end)
    return Declaration(name, spelling.source, start if at is None else at, node)


class _Reader:
    """Walks the tree of one file with the names in scope, as `frontend.names` does."""

    def __init__(self, module: LoadedModule) -> None:
        self.module = module
        self.spelling = Spelling(module.module.source)
        self.spellings: dict[int, Spelling] = {id(module.module.source): self.spelling}
        self.found: list[Occurrence] = []
        self.unclear: set[str] = set()

    # ------------------------------------------------------------ declarations

    def declare(self, name: str, node: Any, start: int, end: int) -> Declaration:
        declared = _declared(self.spelling, name, start, end, node)
        self.found.append(Occurrence(declared.start, declared))
        return declared

    def of_bound(self, name: str) -> Declaration | None:
        """What a name of the file means."""
        return self.of_module(self.module, name)

    def of_module(self, module: LoadedModule, name: str) -> Declaration | None:
        bound = module.names.get(name)
        if isinstance(bound, BoundOp):
            return Declaration(name, None, 0, bound)
        if isinstance(bound, BoundItem):
            source = bound.module.module.source
            spelling = self.spellings.setdefault(id(source), Spelling(source))
            return _declared(spelling, bound.item.name, bound.item.span.start, bound.item.span.end, bound.item)
        if isinstance(bound, BoundNamespace) and name in module.places:
            span = module.places[name]
            at = self._alias(span.start, span.end, name)
            return Declaration(name, module.module.source, at, bound)
        return None

    def _alias(self, start: int, end: int, name: str) -> int:
        tokens = self.spelling.tokens[self.spelling.index(start) : self.spelling.index(end)]
        after_as = [two.start for one, two in pairwise(tokens) if one.type == "AS"]
        return after_as[0] if after_as else start

    def refer(self, name: str, start: int, scope: Scope) -> None:
        meant = scope.get(name) or self.of_bound(name)
        if meant is not None:
            self.found.append(Occurrence(start, meant))

    # ------------------------------------------------------------ items

    def file(self) -> None:
        for use in self.module.module.uses:
            for used in use.names:
                self.refer(used.name, used.span.start, {})
            if use.alias is not None:
                self.refer(use.alias, self._alias(use.span.start, use.span.end, use.alias), {})
        for item in self.module.module.items:
            self.item(item)

    def item(self, item: ast.Item) -> None:
        declared = self.declare(item.name, item, item.span.start, item.span.end)
        if isinstance(item, ast.BlockDefinition):
            self.block(item)
        elif isinstance(item, ast.Param):
            self.read_all((item.default, item.range), {})
        elif isinstance(item, ast.Let | ast.Cell):
            self.read(item.value, {})
        elif item.space is not None:
            at = self.spelling.place(item.space, declared.start + len(item.name), item.span.end)
            if at is not None:
                self.refer(item.space, at, {})
            if isinstance(item, ast.Arch):
                self.arguments(item.arguments, self.formals_of(item.space, {}), {})

    def block(self, item: ast.BlockDefinition) -> None:
        scope: dict[str, Declaration] = {}
        for declared in item.inputs:
            scope[declared.name] = self.declare(declared.name, declared, declared.span.start, declared.span.end)
        for formal in item.formals:
            if formal.default is not None:
                self.read(formal.default, scope)
            scope[formal.name] = self.declare(formal.name, formal, formal.span.start, formal.span.end)
        for declared in item.inputs:
            self.sizes(declared.type, scope)
        for statement in item.statements:
            self.statement(statement, scope)
        self.read(item.result, scope)

    def sizes(self, type: ast.TypeRef | None, scope: Scope) -> None:
        for argument in () if type is None else type.arguments:
            if isinstance(argument, ast.TypeRef):
                self.refer(argument.name, argument.span.start, scope)

    # ------------------------------------------------------------ statements

    def statement(self, statement: ast.Statement, scope: dict[str, Declaration]) -> None:
        """Reads a statement; the name that it binds joins the scope."""
        if isinstance(statement, ast.Require):
            self.read(statement.condition, scope)
            return
        if isinstance(statement, ast.Aux):
            self.read(statement.value, scope)
            return
        declared = self.declare(statement.name, statement, statement.span.start, statement.span.end)
        if isinstance(statement, ast.Cuboid):
            self.cuboid(statement, declared, scope)
        elif isinstance(statement, ast.Node | ast.Share):
            self.family(statement, declared, scope)
        else:
            self.read(statement.value, scope)
        scope[statement.name] = declared

    def family(self, statement: ast.Node | ast.Share, declared: Declaration, scope: Scope) -> None:
        inner = dict(scope)
        if isinstance(statement, ast.Node):
            inner[statement.name] = declared
        for index in statement.indices:
            self.read(index.value, scope)
            if index.name:
                inner[index.name] = self.declare(index.name, index, index.span.start, index.span.end)
        self.read(statement.value, inner)

    def cuboid(self, cuboid: ast.Cuboid, declared: Declaration, scope: Scope) -> None:
        inner = {**scope, cuboid.name: declared}
        self.read(cuboid.source, scope)
        for axis in cuboid.axes:
            self.read(axis.domain, scope)
            names = (axis.first, axis.second) if isinstance(axis, ast.StateAxis) else (axis.name,)
            inner.update((name, self.declare(name, axis, axis.span.start, axis.span.end)) for name in names)
        for axis in cuboid.axes:
            if not isinstance(axis, ast.DepthAxis):
                self.read_all((axis.where,), inner)
        self.read_all((cuboid.compete,), inner)
        self.lets(cuboid.lets, cuboid.result, inner)

    def lets(self, lets: Iterable[ast.Let], result: ast.Expr, scope: Scope) -> None:
        inner = dict(scope)
        for one in lets:
            self.statement(one, inner)
        self.read(result, inner)

    # ------------------------------------------------------------ expressions

    def read(self, expression: ast.Expr, scope: Scope) -> None:
        _RULES[type(expression)](self, expression, scope)

    def read_all(self, expressions: Iterable[ast.Expr | None], scope: Scope) -> None:
        for one in expressions:
            if one is not None:
                self.read(one, scope)

    def name(self, e: ast.Name, scope: Scope) -> None:
        self.refer(e.id, e.span.start, scope)

    def call(self, e: ast.Call, scope: Scope) -> None:
        self.read(e.function, scope)
        name = e.function.id if isinstance(e.function, ast.Name) else ""
        self.arguments(e.arguments, self.formals_of(name, scope), scope)

    def arguments(
        self, arguments: Iterable[ast.Argument], formals: Mapping[str, Declaration] | None, scope: Scope
    ) -> None:
        for one in arguments:
            if one.name is not None and formals is None:
                self.unclear.add(one.name)
            elif one.name is not None and formals is not None and one.name in formals:
                self.found.append(Occurrence(one.span.start, formals[one.name], is_label=True))
            self.read(one.value, scope)

    def formals_of(self, name: str, scope: Scope) -> Mapping[str, Declaration] | None:
        """The parameters of a block, also by the name of a `let`, cell or share of it; None where it is not clear."""
        for _ in range(20):
            declared = scope.get(name) or self.of_bound(name)
            if declared is None or declared.source is None:
                return {} if declared is not None else None
            node = declared.node
            if isinstance(node, ast.BlockDefinition):
                spelling = self.spellings.setdefault(id(declared.source), Spelling(declared.source))
                return {f.name: _declared(spelling, f.name, f.span.start, f.span.end, f) for f in node.formals}
            value = node.value if isinstance(node, ast.Let | ast.Cell | ast.Share) else None
            value = value.function if isinstance(value, ast.Call) else value
            if not isinstance(value, ast.Name):
                return None
            name = value.id
        return None

    def attribute(self, e: ast.Attribute, scope: Scope) -> None:
        self.read(e.value, scope)
        if isinstance(e.value, ast.Name) and e.value.id not in scope:
            bound = self.module.names.get(e.value.id)
            if isinstance(bound, BoundNamespace):
                meant = self.of_module(bound.module, e.name)
                if meant is not None:
                    self.found.append(Occurrence(e.span.end - len(e.name), meant))

    def bind(self, binder: ast.Binder | ast.Clause, scope: Scope) -> dict[str, Declaration]:
        names = binder.names or (binder.name,)
        end = binder.iterable.span.start
        return {**scope, **{name: self.declare(name, binder, binder.span.start, end) for name in names}}

    def comprehension(self, e: ast.Comprehension, scope: Scope) -> None:
        for clause in e.clauses:
            self.read(clause.iterable, scope)
            scope = self.bind(clause, scope)
            self.read_all((clause.condition,), scope)
        self.read(e.element, scope)

    def bound(self, e: ast.Fold | ast.ChooseIn, scope: Scope) -> None:
        for binder in e.binders:
            self.read(binder.iterable, scope)
            scope = self.bind(binder, scope)
        self.read_all((e.where,), scope)
        self.lets(e.body.lets, e.body.result, scope)

    def scan(self, e: ast.Scan, scope: Scope) -> None:
        self.read_all((e.start, e.sequence), scope)
        state = self.declare(e.state, e, e.span.start, e.start.span.start)
        item = self.declare(e.item, e, e.start.span.end, e.sequence.span.start)
        self.lets(e.body.lets, e.body.result, {**scope, e.state: state, e.item: item})


def _parts(select: Callable[[Any], Iterable[ast.Expr | None]]) -> Callable[[_Reader, Any, Scope], None]:
    return lambda reader, e, scope: reader.read_all(select(e), scope)


_RULES: dict[type, Callable[[_Reader, Any, Scope], None]] = {
    ast.Name: _Reader.name,
    ast.Literal: _parts(lambda e: ()),
    ast.TupleOf: _parts(lambda e: e.items),
    ast.ListOf: _parts(lambda e: e.items),
    ast.Comprehension: _Reader.comprehension,
    ast.Operation: _parts(lambda e: e.operands),
    ast.Unary: _parts(lambda e: (e.operand,)),
    ast.Conditional: _parts(lambda e: (e.then, e.condition, e.otherwise)),
    ast.Range: _parts(lambda e: (e.start, e.stop)),
    ast.Pipe: _parts(lambda e: e.stages),
    ast.Call: _Reader.call,
    ast.Index: _parts(lambda e: (e.value, *e.items)),
    ast.Attribute: _Reader.attribute,
    ast.Choose: _parts(lambda e: [one.value for one in e.alternatives]),
    ast.ChooseIn: _Reader.bound,
    ast.Fold: _Reader.bound,
    ast.FoldOf: _parts(lambda e: [one.value for one in e.arguments]),
    ast.Scan: _Reader.scan,
}
