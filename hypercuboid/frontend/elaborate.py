"""The front end in one call: a loaded file, a name, arguments and input shapes -> the elaborated space."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from hypercuboid.diagnostics import HypercuboidError, Span, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.elaborated import Decided, Definition, Elaborated, label_text
from hypercuboid.frontend.evaluate import evaluate
from hypercuboid.frontend.globals import global_value, module_context
from hypercuboid.frontend.made import by_name
from hypercuboid.frontend.modules import BoundBroken, BoundItem, LoadedModule, place_after_of
from hypercuboid.frontend.picks import resolve
from hypercuboid.frontend.points import Point, points_of
from hypercuboid.frontend.recovery import Mistakes, silence
from hypercuboid.frontend.request import (
    Request,
    argument_name,
    begin,
    entry,
    given_of,
    item_of,
    refuse_strangers,
    spaces_and_architectures,
)
from hypercuboid.frontend.session import Session
from hypercuboid.frontend.statements import elaborate_block
from hypercuboid.frontend.values import Given, UserBlock, memo_key
from hypercuboid.ops.base import UNKNOWN, TensorType
from hypercuboid.registry import suggestion

__all__ = [
    "Request",
    "elaborate",
    "elaborate_costs",
    "examine_block",
    "examine_values",
    "spaces_and_architectures",
]

_RECURSION = 30_000
"""Nesting is bounded by the parser and by DEPTH_LIMIT; evaluation needs a few Python frames for each level of both."""


def elaborate(request: Request, *, searching: bool | None = None) -> Elaborated:
    """Elaborates what is requested; `searching` None means: true exactly while a decision is open."""
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
        return _architecture(request, item, searching)
    session = begin(request, searching)
    block, types = entry(request, item, session)
    refuse_strangers(request, block, {})
    binding = by_name(request.binding)
    definition = elaborate_block(session, block, types, binding, item.span, root=True)
    _require_output(definition, item.name, item.span)
    points = points_of(definition)
    opened = bool(points)
    if not binding:
        request.memory.points[_setting(block, types, session)] = points
    kind = "architecture" if request.binding and not opened else "space" if item.is_space else "block"
    return _finished(request, item.name, kind, item.name, definition, types, block, tuple(binding.values()), session)


def _architecture(request: Request, arch: ast.Arch, searching: bool) -> Elaborated:
    item = _space_of(request.module, arch)
    if not isinstance(item, ast.BlockDefinition):
        place = place_after_of(arch.span, arch.space)
        raise error("HC2005", f"`{arch.space}` is no space", place, help="name a space or a block after `of`")
    formals = [formal.name for formal in item.formals]
    session = begin(request, searching)
    context = module_context(session, request.module)
    fixed: dict[str, Given] = {}
    for argument in arch.arguments:
        fixed[argument_name(argument, formals, fixed, item)] = given_of(argument, context)
    block, types = entry(request, item, session, fixed)
    refuse_strangers(request, block, fixed)
    decided = (*resolve(arch.picks, _open_points(request, block, types, session, arch.span)), *request.binding)
    binding = by_name(decided)
    definition = elaborate_block(session, block, types, binding, arch.span, root=True)
    _require_output(definition, arch.name, arch.span)
    left = points_of(definition)
    if left and not arch.partial and not request.binding:
        raise error(
            "HC5008",
            f"`{arch.name}` leaves {len(left)} decision{'s' * (len(left) != 1)} open",
            arch.span.first_line,
            notes=(f"open: {_listed(left)}",),
            help="pick them, or write `partial` after the arguments",
        )
    kind = "space" if left else "architecture"
    return _finished(request, arch.name, kind, arch.space, definition, types, block, tuple(binding.values()), session)


def _space_of(module: LoadedModule, arch: ast.Arch) -> ast.Item:
    """What stands after `of`; HC2001 where the file has no such name."""
    bound = module.names.get(arch.space)
    if isinstance(bound, BoundBroken):
        raise silence()
    if isinstance(bound, BoundItem):
        return bound.item
    known = [name for name, one in module.names.items() if isinstance(getattr(one, "item", None), ast.BlockDefinition)]
    place = place_after_of(arch.span, arch.space)
    raise error("HC2001", f"`{arch.space}` is not defined", place, help=suggestion(arch.space, known))


def _open_points(
    request: Request, block: UserBlock, types: tuple[TensorType, ...], session: Session, span: Span
) -> tuple[Point, ...]:
    """What the picks of an architecture choose among: the same whatever `searching` is (ruling 17)."""
    known = request.memory.points
    key = _setting(block, types, session)
    if key not in known:
        whole = elaborate_block(session, block, types, {}, span, root=True)
        known[key] = points_of(whole)
    return known[key]


def _require_output(definition: Definition, name: str, span: Span) -> None:
    """HC5004 where what is kept leads nowhere (ruling 14)."""
    if definition.body.output < 0:
        raise error(
            "HC5004",
            f"`{name}` has no output: what it keeps does not reach `out`",
            span.first_line,
            help="keep a path that ends in a state that `out` reads",
        )


def _setting(block: UserBlock, types: tuple[TensorType, ...], session: Session) -> object:
    """A key of a space with all its arguments, defaults as if they were given; one that needs a tensor is left out."""
    context = module_context(session, block.module)
    given = dict(block.given)
    values: list[object] = []
    for formal in block.definition.formals:
        try:
            one = given.get(formal.name)
            value = one.value if one else evaluate(formal.default, context) if formal.default else None
        except HypercuboidError:
            value = None
        values.append(memo_key(value))
        context = context.bind(formal.name, value)
    return id(block.definition), tuple(values), types


def _finished(
    request: Request,
    name: str,
    kind: str,
    space: str,
    definition: Definition,
    types: tuple[TensorType, ...],
    block: UserBlock,
    decided: tuple[Decided, ...],
    session: Session,
) -> Elaborated:
    names = tuple(declared.name for declared in block.definition.inputs)
    arguments = {**definition.arguments, **_params(request, session)}
    warnings = tuple(dict.fromkeys(session.warnings))
    return Elaborated(name, kind, space, arguments, definition, names, types, decided, session.searching, warnings)


def _params(request: Request, session: Session) -> dict[str, Any]:
    """The values of the file's `param`s that were used."""
    found = {}
    for name in request.module.params:
        key = (id(request.module.module), name)
        if key in session.globals:
            found[name] = session.globals[key]
    return found


def _listed(points: tuple[Point, ...]) -> str:
    texts = []
    for point in points[:12]:
        where = ", ".join(f"{name} = {label_text(label)}" for name, label in point.coordinates)
        texts.append(f"{point.name}[{where}]" if where else point.name)
    return ", ".join(texts) + (", ..." if len(points) > 12 else "")
