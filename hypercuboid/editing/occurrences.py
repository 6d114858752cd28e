"""Who is who in a file: every name that stands in it, and the declaration that it means."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from hypercuboid.editing.declarations import Declaration, Occurrence, Occurrences, Scope, declaration_at
from hypercuboid.editing.names_at import Spelling
from hypercuboid.editing.occurrences_inside import RULES, formals_of, read_arguments
from hypercuboid.frontend import ast
from hypercuboid.frontend.loaded import BoundItem, BoundNamespace, BoundOp, LoadedModule
from hypercuboid.frontend.printer import deep_recursion


def occurrences(module: LoadedModule) -> Occurrences:
    """All names of a file that are declared somewhere. What has syntax errors holds none."""
    reader = Reader(module)
    with deep_recursion():
        reader.file()
    found = sorted({one.start: one for one in reader.found}.values(), key=lambda one: one.start)
    return Occurrences(tuple(found), frozenset(reader.unclear))


def item_declaration(module: LoadedModule, item: ast.Item) -> Declaration:
    """The declaration of an item of a file."""
    source = module.module.source
    return declaration_at(Spelling(source), item.name, item.span.start, item.span.end, item)


class Reader:
    """Walks the tree of one file with the names in scope, as `frontend.names` does."""

    def __init__(self, module: LoadedModule) -> None:
        self.module = module
        self.spelling = Spelling(module.module.source)
        self.spellings: dict[int, Spelling] = {id(module.module.source): self.spelling}
        self.found: list[Occurrence] = []
        self.unclear: set[str] = set()

    # ------------------------------------------------------------ declarations

    def declare(self, name: str, node: Any, start: int, end: int) -> Declaration:
        declared = declaration_at(self.spelling, name, start, end, node)
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
            return declaration_at(spelling, bound.item.name, bound.item.span.start, bound.item.span.end, bound.item)
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
                read_arguments(self, item.arguments, formals_of(self, item.space, {}), {})

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

    def bind(self, binder: ast.Binder | ast.Clause | ast.Scan, scope: Scope) -> Scope:
        if isinstance(binder, ast.Scan):
            state = self.declare(binder.state, binder, binder.span.start, binder.start.span.start)
            item = self.declare(binder.item, binder, binder.start.span.end, binder.sequence.span.start)
            return {**scope, binder.state: state, binder.item: item}
        names, end = binder.names or (binder.name,), binder.iterable.span.start
        return {**scope, **{name: self.declare(name, binder, binder.span.start, end) for name in names}}

    def read(self, expression: ast.Expr, scope: Scope) -> None:
        RULES[type(expression)](self, expression, scope)

    def read_all(self, expressions: Iterable[ast.Expr | None], scope: Scope) -> None:
        for one in expressions:
            if one is not None:
                self.read(one, scope)
