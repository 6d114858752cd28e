"""Named things with indices: `node n[i in 2..6] = e` and `share W[i in 0..3] = B`, one or a family of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, TypeVar

from hypercuboid.diagnostics import error
from hypercuboid.frontend import ast
from hypercuboid.frontend.context import FAMILY_LIMIT, Context, Origin
from hypercuboid.frontend.elaborated import bracketed
from hypercuboid.frontend.evaluate import elements, evaluate
from hypercuboid.frontend.folds import coordinate
from hypercuboid.frontend.recovery import POISONED, silence
from hypercuboid.frontend.shown import show, type_name
from hypercuboid.frontend.unused import told_apart
from hypercuboid.frontend.values import Family, Missing, Tensor

Named = TypeVar("Named", ast.Node, ast.Share)


def bind_named(statement: Named, value_of: Callable[[Named, str, Context], Any], context: Context) -> Context:
    """The context after a `node` or a `share`; `value_of` gives the value of the member called so."""
    if not statement.indices:
        origin = Origin("", statement.span)
        return context.bind(statement.name, value_of(statement, statement.name, context), origin=origin)
    entry = context.scope.find(statement.name)
    known = entry.value if entry is not None and isinstance(entry.value, Family) else None
    poisoned = entry is not None and entry.value is POISONED
    members: dict[Any, Any] = {} if known is None else dict(known.members)
    family = Family(statement.name, members)
    if known is not None and family.holds_blocks != isinstance(statement, ast.Share):
        there = "blocks" if family.holds_blocks else "nodes"
        message = f"`{statement.name}` is a family of {there} already"
        raise error("HC2018", message, statement.span, help="give one of them another name")
    context = context.bind(statement.name, POISONED if poisoned else family)
    axes = [_index_values(index, context) for index in statement.indices]
    count = 1
    for axis in axes:
        count *= len(axis)
    if count > FAMILY_LIMIT:
        message = f"the family `{statement.name}` has {count} members; at most {FAMILY_LIMIT} are built"
        raise error("HC4002", message, statement.span, help="make its range smaller")
    for combination in itertools.product(*axes):
        key = tuple(label for label, _ in combination)
        if key in members:
            raise error(
                "HC2018",
                f"`{statement.name}{bracketed(key)}` is defined twice",
                statement.span,
                help="give the members of a family different indices",
            )
        inner = context
        for index, (_, value) in zip(statement.indices, combination, strict=True):
            inner = inner if index.name is None else inner.bind(index.name, value)
        member = f"{statement.name}{bracketed(key)}"
        before = len(context.builder.nodes)
        members[key] = value_of(statement, member, inner)
        if statement.name in context.frame.apart:
            members[key] = told_apart(members[key], before, inner.named(member), statement.span)
    if poisoned:
        raise silence()
    return context


def _index_values(index: ast.FamilyIndex, context: Context) -> list[tuple[Any, Any]]:
    value = evaluate(index.value, context)
    if index.name is None:
        return [(value, value)]
    if isinstance(value, (range, tuple)) and len(value) > FAMILY_LIMIT:
        message = f"this family has {len(value)} members; at most {FAMILY_LIMIT} are built"
        raise error("HC4002", message, index.span, help="make its range smaller")
    items = elements(value, index.span, "the index of a family")
    return [(coordinate(item, position), item) for position, item in enumerate(items)]


def node_value(statement: ast.Node, name: str, context: Context) -> Tensor | Missing:
    """The tensor of a node."""
    inner = context.named(name)
    value = evaluate(statement.value, inner.but(whole=inner.path))
    if isinstance(value, (Tensor, Missing)):
        return value
    help = f"write `let {statement.name} = ...`" if not statement.indices else "a family has tensors only; write a list"
    message = f"node `{name}` must be a tensor, not {type_name(value)}"
    raise error("HC3018", message, statement.value.span, show(value), help=help)
