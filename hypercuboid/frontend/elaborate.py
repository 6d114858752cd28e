"""The front end in one call: a loaded file, a name, arguments and input shapes -> the elaborated space."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from hypercuboid.diagnostics import Span, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.context import Context, Session
from hypercuboid.frontend.elaborated import Decided, Definition, Elaborated, label_text
from hypercuboid.frontend.evaluate import evaluate
from hypercuboid.frontend.globals import global_value, module_context
from hypercuboid.frontend.modules import BoundItem, LoadedModule
from hypercuboid.frontend.picks import resolve
from hypercuboid.frontend.points import Point, points_of
from hypercuboid.frontend.statements import elaborate_block
from hypercuboid.frontend.text import text_of
from hypercuboid.frontend.typing import TENSORS
from hypercuboid.frontend.values import Given, UserBlock, type_name
from hypercuboid.ops.base import UNKNOWN, TensorType
from hypercuboid.registry import suggestion

_RECURSION = 30_000
"""Nesting is bounded by the parser and by DEPTH_LIMIT; evaluation needs a few Python frames for each level of both."""


@dataclass(frozen=True)
class Request:
    """What to elaborate.

    `name` is a space, an architecture or a block; `arguments` are those of a call written after it. `parameters` set
    a `param` of the file or an argument of the space. `inputs` give shapes by input name, or one under "".
    `binding` decides beyond what an `arch` picks.
    """

    module: LoadedModule
    name: str
    arguments: tuple[ast.Argument, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    binding: tuple[Decided, ...] = ()


def elaborate(request: Request, *, searching: bool | None = None) -> Elaborated:
    """Elaborates what is requested; `searching` None means: true exactly while a decision is open."""
    with _deep_recursion():
        item = _item(request.module, request.name)
        if searching is not None:
            return _elaborate(request, item, searching)
        first = _elaborate(request, item, True)
        return first if points_of(first.definition) else _elaborate(request, item, False)


@contextmanager
def _deep_recursion() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _RECURSION))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def spaces_and_architectures(module: LoadedModule) -> list[str]:
    """Names of the file's own spaces and architectures, in order."""
    items = module.module.items
    return [
        item.name
        for item in items
        if isinstance(item, ast.Arch) or (isinstance(item, ast.BlockDefinition) and item.is_space)
    ]


def _item(module: LoadedModule, name: str) -> ast.BlockDefinition | ast.Arch:
    bound = module.names.get(name)
    if isinstance(bound, BoundItem) and isinstance(bound.item, (ast.BlockDefinition, ast.Arch)):
        return bound.item
    items = [item for item in module.module.items if isinstance(item, (ast.BlockDefinition, ast.Arch))]
    known = [item.name for item in items]
    path = module.module.source.path
    raise error("HC2007", f"`{path}` has no space, architecture or block `{name}`", help=suggestion(name, known))


def _elaborate(request: Request, item: ast.BlockDefinition | ast.Arch, searching: bool) -> Elaborated:
    if isinstance(item, ast.Arch):
        return _architecture(request, item, searching)
    session = _session(request, searching)
    block, types = _entry(request, item, session)
    _no_strangers(request, block, {})
    binding = _by_name(request.binding)
    definition = elaborate_block(session, block, types, binding, item.span, root=True)
    opened = bool(points_of(definition))
    kind = "architecture" if request.binding and not opened else "space" if item.is_space else "block"
    return _finished(request, item.name, kind, item.name, definition, types, block, request.binding, session)


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
    if definition.body.output < 0:
        raise error("HC5004", f"`{name}` has no output: what it keeps does not reach `out`", definition.span)
    names = tuple(declared.name for declared in block.definition.inputs)
    arguments = {**definition.arguments, **_params(request, session)}
    warnings = tuple(dict.fromkeys(session.warnings))
    return Elaborated(name, kind, space, arguments, definition, names, types, decided, session.searching, warnings)


def _params(request: Request, session: Session) -> dict[str, Any]:
    """The values of the file's `param`s that were used."""
    found = {}
    for item in request.module.module.items:
        key = (id(request.module.module), item.name)
        if isinstance(item, ast.Param) and key in session.globals:
            found[item.name] = session.globals[key]
    return found


# ---------------------------------------------------------------- parameters and inputs


def _session(request: Request, searching: bool) -> Session:
    params = {item.name for item in request.module.module.items if isinstance(item, ast.Param)}
    given = {name: value for name, value in request.parameters.items() if name in params}
    return Session(searching, given, request.module)


def _entry(
    request: Request, item: ast.BlockDefinition, session: Session, fixed: Mapping[str, Given] | None = None
) -> tuple[UserBlock, tuple[TensorType, ...]]:
    """The block with its arguments, and the types of its inputs."""
    found, block = global_value(session, request.module, item.name, item.span)
    assert found and isinstance(block, UserBlock)
    context = module_context(session, block.module)
    given = dict(fixed or {})
    formals = [formal.name for formal in item.formals]
    for argument in request.arguments:
        given[_argument_name(argument, formals, given, item)] = _given(argument, context)
    for name, value in request.parameters.items():
        if name in formals and name not in given:
            given[name] = Given(value, None, -1, item.formals[formals.index(name)].span)
    block = replace(block, given=tuple((name, given[name]) for name in formals if name in given))
    return block, _input_types(request, item, block, session)


def _argument_name(
    argument: ast.Argument, formals: list[str], given: Mapping[str, Given], item: ast.BlockDefinition
) -> str:
    if argument.name is None:
        free = [name for name in formals if name not in given]
        if not free:
            raise error("HC3013", f"`{item.name}` takes no more than {len(formals)} arguments", argument.span)
        return free[0]
    if argument.name not in formals:
        message = f"`{item.name}` has no parameter `{argument.name}`"
        raise error("HC3013", message, argument.span, help=suggestion(argument.name, formals))
    return argument.name


def _given(argument: ast.Argument, context: Context) -> Given:
    return Given(evaluate(argument.value, context), text_of(argument.value, context.scope), -1, argument.span)


def _no_strangers(request: Request, block: UserBlock, fixed: Mapping[str, object]) -> None:
    params = [item.name for item in request.module.module.items if isinstance(item, ast.Param)]
    formals = [formal.name for formal in block.definition.formals]
    for name in request.parameters:
        if name in fixed:
            raise error("HC2008", f"`{request.name}` fixes `{name}`; `-p` does not change it")
        if name not in params and name not in formals:
            message = f"neither the file nor `{block.definition.name}` has a parameter `{name}`"
            raise error("HC2008", message, help=suggestion(name, [*formals, *params]))


def _input_types(
    request: Request, item: ast.BlockDefinition, block: UserBlock, session: Session
) -> tuple[TensorType, ...]:
    names = [declared.name for declared in item.inputs]
    for name in request.inputs:
        if name and name not in names:
            raise error("HC2009", f"`{item.name}` has no input `{name}`", item.span, help=suggestion(name, names))
    if "" in request.inputs and len(names) > 1:
        raise error("HC2009", f"`{item.name}` has {len(names)} inputs", help=f"write `--input {names[0]}=3x32x32`")
    return tuple(_input_type(request, declared, block, session) for declared in item.inputs)


def _input_type(request: Request, declared: ast.Input, block: UserBlock, session: Session) -> TensorType:
    shape = request.inputs.get(declared.name, request.inputs.get(""))
    type = declared.type
    if type is not None and type.name not in TENSORS:
        message = f"`{type.name}` is no type of a tensor"
        raise error("HC2003", message, type.span, help=suggestion(type.name, list(TENSORS)))
    if shape is not None:
        kind = type.name if type is not None else {3: "image", 2: "sequence", 1: "vector"}.get(len(shape), "")
        if not kind or TENSORS[kind] != len(shape):
            text = "x".join(map(str, shape))
            message = f"the shape {text} does not fit input `{declared.name}`"
            wanted = f"{kind} has {TENSORS[kind]} axes" if kind else "a shape has 1 to 3 axes"
            raise error("HC3021", message, declared.span, notes=(wanted,), help="write an image as 3x32x32")
        return TensorType(kind, shape)
    if type is None:
        return UNKNOWN
    sizes = tuple(_size(argument, block, session, type.span) for argument in type.arguments)
    if type.name == "tokens":
        return TensorType("tokens", sizes[:1], sizes[1] if len(sizes) > 1 else 0)
    if len(sizes) != TENSORS[type.name]:
        message = f"`{type.name}` has {TENSORS[type.name]} axes, not {len(sizes)}"
        raise error("HC3021", message, type.span)
    return TensorType(type.name, sizes)


def _size(argument: ast.TypeRef | int, block: UserBlock, session: Session, span: Span) -> int:
    """A size of a declared input: a number, an argument of the block or a parameter of the file."""
    if isinstance(argument, int):
        return argument
    given = dict(block.given)
    bound = given.get(argument.name)
    value = _default(argument, block, session) if bound is None else bound.value
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise error("HC3021", f"`{argument.name}` must be a positive integer, not {type_name(value)}", argument.span)
    return value


def _default(argument: ast.TypeRef, block: UserBlock, session: Session) -> Any:
    for formal in block.definition.formals:
        if formal.name == argument.name and formal.default is not None:
            return evaluate(formal.default, module_context(session, block.module))
        if formal.name == argument.name:
            message = f"`{block.definition.name}` needs `{argument.name}`"
            raise error("HC3014", message, formal.span, help=f"`{block.definition.name}({argument.name} = ...)`")
    found, value = global_value(session, block.module, argument.name, argument.span)
    if found:
        return value
    known = [formal.name for formal in block.definition.formals]
    raise error("HC2001", f"`{argument.name}` is not defined", argument.span, help=suggestion(argument.name, known))


# ---------------------------------------------------------------- architectures


def _architecture(request: Request, arch: ast.Arch, searching: bool) -> Elaborated:
    item = _item(request.module, arch.space)
    if not isinstance(item, ast.BlockDefinition):
        raise error("HC2005", f"`{arch.space}` is no space", arch.span, help="name a space or a block after `of`")
    formals = [formal.name for formal in item.formals]
    session = _session(request, searching)
    context = module_context(session, request.module)
    fixed: dict[str, Given] = {}
    for argument in arch.arguments:
        fixed[_argument_name(argument, formals, fixed, item)] = _given(argument, context)
    block, types = _entry(request, item, session, fixed)
    _no_strangers(request, block, fixed)
    whole = elaborate_block(session, block, types, {}, item.span, root=True)
    decided = (*resolve(arch.picks, points_of(whole)), *request.binding)
    second = _session(request, searching)
    second.globals.update(session.globals)
    binding = _by_name(decided)
    definition = elaborate_block(second, block, types, binding, arch.span, root=True)
    left = points_of(definition)
    if left and not arch.partial and not request.binding:
        raise error(
            "HC5008",
            f"`{arch.name}` leaves {len(left)} decision{'s' * (len(left) != 1)} open",
            arch.span,
            notes=(f"open: {_listed(left)}",),
            help="pick them, or write `partial` after the arguments",
        )
    kind = "space" if left else "architecture"
    return _finished(request, arch.name, kind, arch.space, definition, types, block, decided, second)


def _by_name(decided: tuple[Decided, ...]) -> dict[str, Decided]:
    """Decisions by name; what is decided of one in several goes comes together."""
    found: dict[str, Decided] = {}
    for one in decided:
        before = found[one.name].kept if one.name in found else {}
        found[one.name] = Decided(one.name, {**before, **one.kept})
    return found


def _listed(points: tuple[Point, ...]) -> str:
    texts = []
    for point in points[:12]:
        where = ", ".join(f"{name} = {label_text(label)}" for name, label in point.coordinates)
        texts.append(f"{point.name}[{where}]" if where else point.name)
    return ", ".join(texts) + (", ..." if len(points) > 12 else "")
