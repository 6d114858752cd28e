"""The front end in one call: a loaded file, a name, arguments and input shapes -> the elaborated space."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from hypercuboid.diagnostics import Diagnostic, HypercuboidError
from hypercuboid.frontend import ast
from hypercuboid.frontend.architectures import elaborate_picked, picked
from hypercuboid.frontend.assured import is_uniform
from hypercuboid.frontend.elaborated import Elaborated
from hypercuboid.frontend.finished import finished, require_output, setting_of
from hypercuboid.frontend.globals import global_value
from hypercuboid.frontend.made import by_name
from hypercuboid.frontend.points import points_of
from hypercuboid.frontend.recovery import Mistakes
from hypercuboid.frontend.request import (
    Request,
    begin,
    entry,
    item_of,
    refuse_strangers,
    spaces_and_architectures,
)
from hypercuboid.frontend.session import Session
from hypercuboid.frontend.statements import elaborate_block
from hypercuboid.frontend.values import UserBlock
from hypercuboid.ops.base import UNKNOWN

__all__ = [
    "Request",
    "elaborate",
    "elaborate_costs",
    "examine_architecture",
    "examine_block",
    "examine_values",
    "spaces_and_architectures",
]

_RECURSION = 30_000
"""Nesting is bounded by the parser and by DEPTH_LIMIT; evaluation needs a few Python frames for each level of both."""


def elaborate(request: Request, *, searching: bool | None = None) -> Elaborated:
    """Elaborates what is requested; `searching` None means: true exactly while a decision is open.

    What is bound by nothing from outside is remembered: every architecture of a space is held against it.
    """
    if request.binding:
        return _elaborated(request, searching)
    known = request.memory.elaborations
    item = item_of(request.module, request.name)
    key = (id(item), id(request.arguments), tuple(sorted(request.inputs.items())), searching)
    if key not in known:
        known[key] = (item, request.arguments), _elaborated(request, searching)
    return known[key][1]


def _elaborated(request: Request, searching: bool | None) -> Elaborated:
    with _deep_recursion():
        item = item_of(request.module, request.name)
        if searching is not None:
            return _elaborate(request, item, searching)
        likely = isinstance(item, ast.BlockDefinition) and not request.binding
        first = _elaborate(request, item, likely)
        is_open = bool(points_of(first.definition))
        if is_open == likely or not request.memory.sessions[likely].asked:
            return replace(first, searching=is_open)
        return _elaborate(request, item, is_open)


def elaborate_costs(request: Request, elaborated: Elaborated) -> Elaborated:
    """The form that costs of architectures are read from: `searching` false (ruling 17)."""
    if not elaborated.searching:
        return elaborated
    if not any(session.asked for session in request.memory.sessions.values()):
        return replace(elaborated, searching=False)
    return elaborate(request, searching=False)


@contextmanager
def _deep_recursion() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _RECURSION))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def examine_block(request: Request) -> None:
    """Raises the mistakes of a block that show whatever its missing arguments and input shapes are."""
    item = item_of(request.module, request.name)
    assert isinstance(item, ast.BlockDefinition)
    with _deep_recursion():
        session = begin(request, True)
        session.loose = True
        try:
            _examine_block(request, item, session)
        finally:
            session.loose = False


def _examine_block(request: Request, item: ast.BlockDefinition, session: Session) -> None:
    mistakes = Mistakes()
    types = tuple(UNKNOWN for _ in item.inputs)
    found, block = global_value(session, request.module, item.name, item.span)
    assert found and isinstance(block, UserBlock)
    with mistakes:
        block, types = entry(request, item, session)
    with mistakes:
        elaborate_block(session, block, types, {}, item.span, root=True)
    mistakes.report()


def examine_architecture(request: Request) -> tuple[Diagnostic, ...]:
    """Raises the mistakes of an architecture that is not `partial`; gives its warnings.

    One that is sound because its space is (see `assured`) is not elaborated.
    """
    item = item_of(request.module, request.name)
    assert isinstance(item, ast.Arch)
    with _deep_recursion():
        made = picked(request, item, False)
        return () if made.is_assured else elaborate_picked(made).warnings


def examine_values(request: Request) -> None:
    """Raises the mistakes of a file's parameters, constants and cells, used or not."""
    mistakes = Mistakes()
    with _deep_recursion():
        session = begin(request, True)
        for item in request.module.module.items:
            if isinstance(item, (ast.Param, ast.Let, ast.Cell)):
                with mistakes:
                    global_value(session, request.module, item.name, item.span)
    mistakes.report()


def _elaborate(request: Request, item: ast.BlockDefinition | ast.Arch, searching: bool) -> Elaborated:
    if isinstance(item, ast.Arch):
        return elaborate_picked(picked(request, item, searching))
    session = begin(request, searching)
    block, types = entry(request, item, session)
    refuse_strangers(request, block, {})
    binding = by_name(request.binding)
    try:
        definition = elaborate_block(session, block, types, binding, item.span, root=True)
    except HypercuboidError as problem:
        if problem.diagnostics or not session.is_spent:
            raise
        raise session.too_long(item.span) from None  # it was said where somebody tried something and went on
    require_output(definition, item.name, item.span)
    points = points_of(definition)
    opened = bool(points)
    if not binding:
        key = setting_of(block, types, session)
        request.memory.points[key] = points
        if not session.asked and not session.warnings and is_uniform(definition, session):
            request.memory.uniform.add(key)
    kind = "architecture" if request.binding and not opened else "space" if item.is_space else "block"
    return finished(request, item.name, kind, item.name, definition, types, block, tuple(binding.values()), session)
