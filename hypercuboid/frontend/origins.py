"""Where the values in a mistake come from: `c % 8 = 4, with c = 20 (argument, line 9)`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, get_args

from hypercuboid.diagnostics import Diagnostic, HypercuboidError, Span
from hypercuboid.frontend import ast
from hypercuboid.frontend.builtins import BUILTINS
from hypercuboid.frontend.context import Context, Origin
from hypercuboid.frontend.depths import parts_of
from hypercuboid.frontend.evaluate import evaluate
from hypercuboid.frontend.globals import global_value
from hypercuboid.frontend.modules import BoundItem
from hypercuboid.frontend.shown import is_plain, show
from hypercuboid.frontend.values import Tensor

_MOST = 6
"""Values that are listed."""

_LONGEST = 60

_EXPRESSIONS = get_args(ast.Expr)

_COMPUTED = (ast.Operation, ast.Attribute, ast.Index, ast.Call)
"""Parts of an expression that are worked out again for a message; none of them walks through a list."""


_LONGEST = 500
"""Characters of an expression that is looked through; a mistake passes all those around it on its way out."""


def explained(problem: HypercuboidError, expression: ast.Expr, context: Context) -> HypercuboidError:
    """The mistakes, those that stand at a part of the expression with the values that are in it."""
    if expression.span.end - expression.span.start > _LONGEST:
        return problem
    if not any(_inside(one.span, expression.span) for one in problem.diagnostics):
        return problem
    return HypercuboidError(*(_explained(one, expression, context) for one in problem.diagnostics))


def _explained(one: Diagnostic, expression: ast.Expr, context: Context) -> Diagnostic:
    if one.span is None or not _inside(one.span, expression.span):
        return one
    part = next((each for each in _expressions(expression) if each.span == one.span), None)
    if part is None:
        return one
    start = next((note for note in one.notes if note.startswith("with ")), "")
    if start and not start.startswith("with input "):
        return one
    named = [text for name, text in _names(part, one.span, context) if f"{name} = " not in start]
    if start:
        notes = tuple(", ".join([note, *named]) if note == start else note for note in one.notes)
        return replace(one, notes=notes)
    if any(", with " in note for note in one.notes):
        return one
    return replace(one, notes=(*one.notes, *values_note(part, one.span, context)))


def values_note(expression: ast.Expr, place: Span, context: Context) -> tuple[str, ...]:
    """One note with the values of the parts of an expression and of its names, or none; `place` is what it is about."""
    computed = list(_computed(expression, context))[:_MOST]
    named = [text for _, text in _names(expression, place, context)][:_MOST]
    texts = [f"with {', '.join(named)}"] if named else []
    if not named and computed:
        return (f"with {', '.join(computed)}",)
    return (", ".join([*computed, *texts]),) if computed or named else ()


def _computed(expression: ast.Expr, context: Context) -> Iterator[str]:
    """`c % 8 = 4` for the parts that are neither a name nor a literal."""
    for part in _expressions(expression):
        if part is expression or not isinstance(part, _COMPUTED) or not _is_simple(part):
            continue
        try:
            value = evaluate(part, context)
        except HypercuboidError:
            continue
        if is_plain(value) and len(text := show(value)) <= _LONGEST:
            yield f"{' '.join(part.span.text.split())} = {text}"


def _is_simple(part: ast.Expr) -> bool:
    calls = [one for one in _expressions(part) if isinstance(one, ast.Call)]
    known = all(isinstance(one.function, ast.Name) and one.function.id in BUILTINS for one in calls)
    return known and all(isinstance(one, (*_COMPUTED, ast.Name, ast.Literal, ast.Unary)) for one in _expressions(part))


def _names(expression: ast.Expr, place: Span, context: Context) -> Iterator[tuple[str, str]]:
    """Each name with its value and origin, in the order of the text."""
    seen = set()
    for part in _expressions(expression):
        if not isinstance(part, ast.Name) or part.id in seen:
            continue
        seen.add(part.id)
        found = _value(part, context)
        if found is not None and is_plain(found[0]) and len(show(found[0])) <= _LONGEST:
            yield part.id, _named(part.id, found[0], found[1], place)


def named_values(names: Iterable[str], place: Span, context: Context) -> list[str]:
    """`c = 16 (default of `c`, line 3)` for each of the names of a body that has a plain value or is a tensor."""
    entries = {name: context.scope.find(name) for name in names}
    return [
        _named(name, entry.value, entry.origin if is_plain(entry.value) else None, place)
        for name, entry in entries.items()
        if entry is not None and (is_plain(entry.value) or isinstance(entry.value, Tensor))
    ]


def _named(name: str, value: Any, origin: Origin | None, place: Span) -> str:
    where = _origin_text(origin, place)
    return f"{name} = {show(value)}{f' ({where})' if where else ''}"


def _value(name: ast.Name, context: Context) -> tuple[Any, Origin | None] | None:
    entry = context.scope.find(name.id)
    if entry is not None:
        return entry.value, entry.origin
    bound = context.frame.module.names.get(name.id)
    if not isinstance(bound, BoundItem) or not isinstance(bound.item, (ast.Param, ast.Let)):
        return None
    try:
        _, value = global_value(context.session, context.frame.module, name.id, name.span)
    except HypercuboidError:
        return None
    if isinstance(bound.item, ast.Let):
        return value, Origin("", bound.item.span)
    entry_module = context.session.entry
    own = entry_module is not None and bound.module.module is entry_module.module
    if own and name.id in context.session.parameters:
        return value, Origin("given with -p", None)
    return value, Origin(f"default of `{name.id}`", bound.item.default.span)


def _origin_text(origin: Origin | None, place: Span) -> str:
    """`argument, line 9`, with the file where it is another one."""
    if origin is None or origin.span is None:
        return origin.kind if origin is not None else ""
    same = origin.span.source is place.source
    where = f"line {origin.span.line}" if same else f"{origin.span.source.path}:{origin.span.line}"
    return f"{origin.kind}, {where}" if origin.kind else where


def _expressions(part: Any) -> Iterator[ast.Expr]:
    """An expression and all inside it, in the order of the text."""
    waiting = [part]
    while waiting:
        current = waiting.pop()
        if isinstance(current, _EXPRESSIONS):
            yield current
        waiting.extend(reversed(list(parts_of(current))))


def _inside(span: Span | None, outer: Span) -> bool:
    return span is not None and span.source is outer.source and outer.start <= span.start and span.end <= outer.end
