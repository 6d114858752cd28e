"""Static analysis of names: every block is read, used or not, before anything is elaborated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from hypercuboid.diagnostics import MOST, Diagnostic, Label, Span
from hypercuboid.frontend import ast
from hypercuboid.frontend.builtins import BUILTINS
from hypercuboid.frontend.cycles import Reference, cycles
from hypercuboid.frontend.meant import meant
from hypercuboid.frontend.modules import BoundItem, LoadedModule, place_after_of, reachable
from hypercuboid.frontend.names_inside import RULES
from hypercuboid.frontend.printer import deep_recursion
from hypercuboid.frontend.scopes import Names
from hypercuboid.frontend.typing import TENSORS, TYPES
from hypercuboid.registry import suggestion

_WORDS = ("searching",)
"""Names that every expression knows."""


_SUGGESTED = 20
"""Errors of a file for which a name is suggested: each compares with all names."""


def check_names(loaded: LoadedModule) -> tuple[Diagnostic, ...]:
    """Undefined names, unknown types and circles of a file and of all that it uses, in the order of each text."""
    found: list[Diagnostic] = []
    for module in reachable(loaded):
        reader = Reader(module)
        with deep_recursion():
            for item in module.module.items:
                reader.item(item)
        problems = [*reader.problems, *cycles(reader.references)]
        found += sorted(problems, key=lambda one: one.span.start if one.span else 0)
    return tuple(found)


class Reader:
    """Reads the items of one file; `references` are what an item of the file says of other items of it."""

    def __init__(self, module: LoadedModule) -> None:
        self.module = module
        self.problems: list[Diagnostic] = []
        self.counts: Counter[str] = Counter()
        self.references: dict[str, list[Reference]] = {}
        self.current = ""
        self.named: ast.Expr | None = None
        """The choice that takes the name of the `let` or node around it."""

    def report(self, problem: Diagnostic) -> None:
        """Gathers a problem; of each severity no more than anyone reads, and errors whatever was warned of."""
        self.counts[problem.severity] += 1
        if self.counts[problem.severity] <= MOST:
            self.problems.append(problem)

    def item(self, item: ast.Item) -> None:
        self.current = item.name
        scope = Names(set())
        if isinstance(item, ast.BlockDefinition):
            self._definition(item, scope)
        elif isinstance(item, ast.Param):
            self._type(item.type, TYPES, None)
            self.read_all((item.default, item.range), scope)
        elif isinstance(item, ast.Let | ast.Cell):
            self.named = item.value
            self.read(item.value, scope)
        elif isinstance(item, ast.Arch):
            self._space(item.space, item.span)
            self.read_all([one.value for one in item.arguments], scope)
        elif item.space is not None:
            self._space(item.space, item.span)

    def _space(self, name: str, span: Span) -> None:
        if name not in self.module.names:
            place = place_after_of(span, name)
            known = [
                key
                for key, bound in self.module.names.items()
                if isinstance(bound, BoundItem) and isinstance(bound.item, ast.BlockDefinition)
            ]
            self.undefined(name, place, known)

    def _definition(self, item: ast.BlockDefinition, scope: Names) -> None:
        scope.names.update(one.name for one in item.inputs)
        first: dict[str, Span] = {}
        for formal in item.formals:
            if formal.name in first:
                label = Label(first[formal.name], "first declared here")
                message = f"`{item.name}` has two parameters `{formal.name}`"
                self.report(Diagnostic("HC2017", message, formal.span, secondary=(label,), help="rename one of them"))
            first.setdefault(formal.name, formal.span)
            if formal.type is not None:
                self._type(formal.type, TYPES, None)
            if formal.default is not None:
                self.read(formal.default, scope)
            scope.names.add(formal.name)
        for declared in item.inputs:
            if declared.type is not None:
                self._type(declared.type, tuple(TENSORS), scope)
        body = scope.inner()
        body.later = {one.name for one in item.statements if isinstance(one, _BINDING)}
        for statement in item.statements:
            self._statement(statement, body)
        self.read(item.result, body)

    def _type(self, type: ast.TypeRef, known: Sequence[str], sizes: Names | None) -> None:
        """A type; its arguments are types themselves, of a tensor (`sizes`) integers and names of integers."""
        if type.name not in known:
            message = f"`{type.name}` is no type" + (" of a tensor" if sizes else "")
            help = suggestion(type.name, list(known))
            self.report(Diagnostic("HC2003", message, type.span, help=help))
            return
        for argument in type.arguments:
            if isinstance(argument, ast.TypeRef) and sizes is not None:
                self.name(argument.name, argument.span, sizes)
            elif isinstance(argument, ast.TypeRef):
                self._type(argument, known, None)

    def _statement(self, statement: ast.Statement, scope: Names) -> None:
        if isinstance(statement, ast.Let | ast.Cell | ast.Aux):
            self.named = statement.value
            self.read(statement.value, scope)
        elif isinstance(statement, ast.Require):
            self.read(statement.condition, scope)
        elif isinstance(statement, ast.Cuboid):
            self._cuboid(statement, scope)
        else:
            family = [statement.name] if isinstance(statement, ast.Node) and statement.indices else []
            self.read_all([index.value for index in statement.indices], scope)
            whole = statement.value
            self.named = whole.body.result if isinstance(whole, ast.Fold) else None
            inner = scope.inner([*family, *(index.name for index in statement.indices if index.name)])
            self.read(statement.value, inner)
        if isinstance(statement, _BINDING):
            scope.names.add(statement.name)

    def _cuboid(self, cuboid: ast.Cuboid, scope: Names) -> None:
        self.read_all([cuboid.source, *(axis.domain for axis in cuboid.axes)], scope)
        inner = scope.inner([cuboid.name])
        for axis in cuboid.axes:
            inner.names.update((axis.first, axis.second) if isinstance(axis, ast.StateAxis) else (axis.name,))
        for axis in cuboid.axes:
            if not isinstance(axis, ast.DepthAxis) and axis.where is not None:
                self.read(axis.where, inner)
        if cuboid.compete is not None:
            self._compete(cuboid, cuboid.compete)
        self.lets(cuboid.lets, cuboid.result, inner)

    def _compete(self, cuboid: ast.Cuboid, named: ast.Expr) -> None:
        order: list[str] = []
        for axis in cuboid.axes:
            order += (axis.first, axis.second) if isinstance(axis, ast.StateAxis) else (axis.name,)
        for one in named.items if isinstance(named, ast.TupleOf) else (named,):
            if not isinstance(one, ast.Name) or one.id not in order:
                self.problems.append(no_axis(one, order))

    def lets(self, lets: tuple[ast.Let, ...], result: ast.Expr, scope: Names) -> None:
        inner = scope.inner()
        inner.later = {one.name for one in lets}
        for one in lets:
            self.named = one.value
            self.read(one.value, inner)
            inner.names.add(one.name)
        self.read(result, inner)

    def bind(self, binder: ast.Binder | ast.Clause | ast.Scan, scope: Names) -> Names:
        if isinstance(binder, ast.Scan):
            return scope.inner((binder.state, binder.item))
        return scope.inner(binder.names or (binder.name,))

    def read(self, expression: ast.Expr, scope: Names) -> None:
        RULES[type(expression)](self, expression, scope)

    def read_all(self, expressions: Iterable[ast.Expr | None], scope: Names) -> None:
        for one in expressions:
            if one is not None:
                self.read(one, scope)

    def name(self, name: str, span: Span, scope: Names) -> None:
        if scope.has(name) or name in _WORDS:
            return
        bound = self.module.names.get(name)
        if bound is None and self.counts["error"] < MOST:
            known = {*self.module.names, *BUILTINS, *_WORDS, *scope.known()}
            help = "it is bound further down; move that up" if scope.has_later(name) else ""
            self.undefined(name, span, sorted(known), help)
        elif isinstance(bound, BoundItem) and bound.module is self.module:
            self.references.setdefault(self.current, []).append(Reference(name, span))

    def undefined(self, name: str, span: Span, known: list[str], help: str = "") -> None:
        message = f"`{name}` is not defined"
        many = self.counts["error"] >= _SUGGESTED
        self.report(Diagnostic("HC2001", message, span, help=help if help or many else meant(name, known)))


def no_axis(name: ast.Expr, axes: list[str]) -> Diagnostic:
    """What stands after `per` and names no axis of its cuboid."""
    text = name.id if isinstance(name, ast.Name) else name.span.text
    message = f"`{text}` is no axis of this cuboid"
    return Diagnostic("HC2014", message, name.span, help=suggestion(text, axes))


_BINDING = (ast.Let, ast.Cell, ast.Share, ast.Node, ast.Cuboid)
