"""Alternatives that were elaborated before: the same expression over alike values is the same body.

The fourteen edges of a DARTS cell hold eight primitives each, and most of these hundred bodies are equal. What an
alternative depends on is read from its text: its largest parts that compute nothing but values (`n[j]`, `c`,
`stride if j < 2 else 1`). Where these are alike, the body that was made the last time is taken again, over the tensors
that stand there now; later stages meet one object and work on it once. Bodies with decisions are never taken again, as
those have names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import is_dataclass
from typing import Any, TypeAlias

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.frontend import ast
from hypercuboid.frontend.builder import Builder
from hypercuboid.frontend.context import Context
from hypercuboid.frontend.depths import names_in, parts_of
from hypercuboid.frontend.elaborated import Body, Label
from hypercuboid.frontend.evaluate import evaluate
from hypercuboid.frontend.shown import is_plain
from hypercuboid.frontend.text import text_of
from hypercuboid.frontend.values import BLOCKS, Tensor, memo_key
from hypercuboid.records import dataclass

VALUES = (
    ast.Name,
    ast.Literal,
    ast.Attribute,
    ast.Index,
    ast.Operation,
    ast.Unary,
    ast.Conditional,
    ast.TupleOf,
)
"""Expressions that compute a value from values, or find one, and make no node."""

MADE = (ast.Pipe, ast.Call, ast.FoldOf)
"""What may stand around values here: it binds no name, so that a name means the same in all of an alternative."""

Parts: TypeAlias = tuple[tuple[ast.Expr, tuple[str, ...]], ...]
"""The largest values in an expression, each with the names in it."""


@dataclass(frozen=True, eq=False)
class Finished:
    """An alternative over tensors: its body, and the outer tensors that the inputs of the body stand for."""

    body: Body
    outer: tuple[Tensor, ...]

    def tensor(self) -> Tensor:
        """Its output, among the nodes of a body of its own: what messages look at."""
        builder = Builder()
        builder.nodes = list(self.body.nodes)
        return Tensor(builder, self.body.output, self.body.type)


@dataclass(frozen=True, eq=False)
class Seen:
    """A key under which an alternative can be known, and the tensors it reads, numbered as the key numbers them."""

    key: object
    tensors: tuple[Tensor, ...]


class Recall:
    """The alternatives of one choice that is open, against all that the session remembers."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._values: dict[object, object] = {}
        """Parts by the values of the binders in them: a tensor, or the key of another value."""

    def look(self, expression: ast.Expr, bound: Mapping[str, Any], label: tuple[Label, ...]) -> Seen | None:
        """What an alternative depends on; None where that cannot be said."""
        tensors: list[Tensor] = []
        alike: list[object] = []
        parts, failed = self.parts(expression), set(self.context.session.failed)
        if parts is None:
            return None
        for part, names in parts:
            try:
                value = self.value(part, names, bound)
            except HypercuboidError:
                self.context.session.failed = failed
                return None
            if value is None:
                return None
            alike.append(numbered(value, tensors) if isinstance(value, Tensor) else value)
        return Seen((id(expression), self.context.session.loose, label, tuple(alike)), tuple(tensors))

    def known(self, seen: Seen) -> Finished | None:
        """The alternative as it was made before, over the tensors of now."""
        found = self.context.session.alternatives.get(seen.key)
        return None if found is None else Finished(found[0], tuple(seen.tensors[number] for number in found[1]))

    def keep(self, seen: Seen, made: Finished) -> None:
        """Remembers an alternative that met no decision."""
        order = numbers_among(seen.tensors, made.outer)
        known = tuple(number for number in order if number is not None)
        if len(known) == len(order) and not made.body.instances:
            self.context.session.alternatives[seen.key] = made.body, known

    def parts(self, expression: ast.Expr) -> Parts | None:
        """The largest values in an expression; None where there is more in it."""
        memo = self.context.session.parts
        if id(expression) not in memo:
            found = _largest_values(expression)
            memo[id(expression)] = None if found is None else tuple((one, tuple(names_in(one))) for one in found)
        return memo[id(expression)]

    def value(self, part: ast.Expr, names: tuple[str, ...], bound: Mapping[str, Any]) -> object:
        """A tensor, what tells another value apart, or None where nothing does; worked out once for equal binders."""
        key = (id(part), *(_mark(bound[name]) for name in names if name in bound))
        if key not in self._values:
            self._values[key] = self._worked_out(part, self.context.bind_all(bound.items()))
        return self._values[key]

    def _worked_out(self, part: ast.Expr, context: Context) -> object:
        value = evaluate(part, context.but(builder=Builder(context.builder), place=""))
        if isinstance(value, Tensor):
            return value
        known = is_plain(value) or isinstance(value, BLOCKS)
        return (memo_key(value), text_of(part, context.scope)) if known else None


def _mark(value: Any) -> object:
    """What tells the values of a binder apart while the choice is made: all of them stay alive."""
    return (type(value), value) if isinstance(value, (bool, int, float, str)) else id(value)


def _largest_values(expression: ast.Expr) -> tuple[ast.Expr, ...] | None:
    """The largest parts that are values all through, in the order of the text; None where there is more than that."""
    if _is_value(expression):
        return (expression,)
    if not isinstance(expression, MADE):
        return None
    inner = [_largest_values(part) for part in _expressions(expression)]
    return None if None in inner else tuple(part for parts in inner if parts for part in parts)


def _is_value(expression: ast.Expr) -> bool:
    return isinstance(expression, VALUES) and all(map(_is_value, _expressions(expression)))


def _expressions(expression: ast.Expr) -> list[ast.Expr]:
    """The expressions right inside an expression."""
    if isinstance(expression, (ast.Call, ast.FoldOf)):
        before = [expression.function] if isinstance(expression, ast.Call) else []
        return [*before, *(argument.value for argument in expression.arguments)]
    found: list[ast.Expr] = []
    for part in parts_of(expression):
        found += part if isinstance(part, tuple) else [part]
    return [part for part in found if is_dataclass(part)]


def numbers_among(tensors: Sequence[Tensor], wanted: Sequence[Tensor]) -> list[int | None]:
    """The numbers of tensors among those that the alternative depends on."""
    numbers = {(id(tensor.builder), tensor.index): number for number, tensor in enumerate(tensors)}
    return [numbers.get((id(tensor.builder), tensor.index)) for tensor in wanted]


def numbered(tensor: Tensor, tensors: list[Tensor]) -> object:
    """A tensor goes by its type and by its number among those that the alternative depends on."""
    same = (i for i, one in enumerate(tensors) if one.index == tensor.index and one.builder is tensor.builder)
    number = next(same, len(tensors))
    if number == len(tensors):
        tensors.append(tensor)
    return "tensor", number, tensor.type
