"""What is asked to be elaborated: a name of a file, arguments, parameters and input shapes; and the block they give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any

from hypercuboid.diagnostics import HypercuboidError, Span, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.context import Context
from hypercuboid.frontend.depths import names_in
from hypercuboid.frontend.elaborated import Decided, Elaborated
from hypercuboid.frontend.evaluate import evaluate
from hypercuboid.frontend.expressions import RULES
from hypercuboid.frontend.given import Given
from hypercuboid.frontend.globals import global_value, module_context
from hypercuboid.frontend.library_blocks import LibraryBlocks
from hypercuboid.frontend.meant import meant_argument
from hypercuboid.frontend.modules import BoundItem, LoadedModule
from hypercuboid.frontend.points import Point
from hypercuboid.frontend.recovery import silence
from hypercuboid.frontend.session import Session
from hypercuboid.frontend.shown import show, type_name
from hypercuboid.frontend.text import text_of
from hypercuboid.frontend.typing import FORMS, TENSORS
from hypercuboid.frontend.values import UserBlock
from hypercuboid.ops.base import UNKNOWN, TensorType
from hypercuboid.records import dataclass
from hypercuboid.registry import suggestion


@dataclass(frozen=True, eq=False)
class Memory:
    """What elaborations of one file with the same parameters share: blocks specialised once, and open decisions."""

    sessions: dict[bool, Session] = field(default_factory=dict)
    """By the value of `searching`."""
    points: dict[object, tuple[Point, ...]] = field(default_factory=dict)
    """The open decisions of a space without any binding, by space, arguments and input types."""
    uniform: set[object] = field(default_factory=set)
    """The keys in `points` of spaces that are the same in every shape whatever is decided (see `assured`)."""
    elaborations: dict[object, tuple[object, Elaborated]] = field(default_factory=dict)
    """What was elaborated without any binding, and what its key has the ids of."""
    library: LibraryBlocks | None = None
    """What an earlier check made of the standard library."""


@dataclass(frozen=True)
class Request:
    """What to elaborate.

    `name` is a space, an architecture or a block; `arguments` are those of a call written after it. `parameters` set
    a `param` of the file or an argument of the space; `texts` say how they were written, where they were. `inputs`
    give shapes by input name, or one under "". `binding` decides beyond what an `arch` picks.
    """

    module: LoadedModule
    name: str
    arguments: tuple[ast.Argument, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    binding: tuple[Decided, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    """Labels of alternatives that are left out of every choice, as if they were not written."""
    memory: Memory = field(default_factory=Memory, compare=False, repr=False)
    """Shared by requests that differ in `name`, `arguments`, `inputs` and `binding` alone."""


def spaces_and_architectures(module: LoadedModule) -> list[str]:
    """Names of the file's own spaces and architectures, in order."""
    items = module.module.items
    return [
        item.name
        for item in items
        if isinstance(item, ast.Arch) or (isinstance(item, ast.BlockDefinition) and item.is_space)
    ]


def item_of(module: LoadedModule, name: str) -> ast.BlockDefinition | ast.Arch:
    """The space, architecture or block of that name; HC2007 where there is none."""
    bound = module.names.get(name)
    if isinstance(bound, BoundItem) and isinstance(bound.item, (ast.BlockDefinition, ast.Arch)):
        return bound.item
    items = [item for item in module.module.items if isinstance(item, (ast.BlockDefinition, ast.Arch))]
    known = [item.name for item in items]
    path = module.module.source.path
    raise error("HC2007", f"`{path}` has no space, architecture or block `{name}`", help=suggestion(name, known))


_SHARED = ("alike", "frames", "patterns", "blocks", "straight")
"""What the sessions of a file have in common, whatever `searching` is."""


def begin(request: Request, searching: bool) -> Session:
    """A session for one more elaboration."""
    known = request.memory.sessions
    if searching not in known:
        params = request.module.params
        given = {name: value for name, value in request.parameters.items() if name in params}
        common = {one: getattr(other, one) for other in known.values() for one in _SHARED}
        library = request.memory.library.given(searching) if request.memory.library is not None else {}
        whole = {**library, **common}
        known[searching] = Session(searching, given, RULES, request.module, without=request.without, **whole)
    known[searching].begin()
    return known[searching]


def entry(
    request: Request, item: ast.BlockDefinition, session: Session, fixed: Mapping[str, Given] | None = None
) -> tuple[UserBlock, tuple[TensorType, ...]]:
    """The block with its arguments, and the types of its inputs."""
    found, block = global_value(session, request.module, item.name, item.span)
    assert found and isinstance(block, UserBlock)
    context = module_context(session, block.module)
    given = dict(fixed or {})
    formals = [formal.name for formal in item.formals]
    for argument in request.arguments:
        given[argument_name(argument, formals, given, item)] = given_of(argument, context)
    for name, value in request.parameters.items():
        if name in formals and name not in given:
            given[name] = Given(value, None, -1, item.formals[formals.index(name)].span)
    block = replace(block, given=tuple((name, given[name]) for name in formals if name in given))
    return block, _input_types(request, item, block, session)


def argument_name(
    argument: ast.Argument, formals: list[str], given: Mapping[str, Given], item: ast.BlockDefinition
) -> str:
    if argument.name is None:
        free = [name for name in formals if name not in given]
        if not free:
            help = "leave it out" if formals else f"write `{item.name}()`"
            raise error(
                "HC3013", f"`{item.name}` takes no more than {len(formals)} arguments", argument.span, help=help
            )
        return free[0]
    if argument.name not in formals:
        message = f"`{item.name}` has no parameter `{argument.name}`"
        raise error("HC3013", message, argument.span, help=meant_argument(argument.name, list(formals)))
    return argument.name


def given_of(argument: ast.Argument, context: Context) -> Given:
    return Given(evaluate(argument.value, context), text_of(argument.value, context.scope), -1, argument.span)


def refuse_strangers(request: Request, block: UserBlock, fixed: Mapping[str, object]) -> None:
    params = request.module.params
    formals = [formal.name for formal in block.definition.formals]
    for name in request.parameters:
        if name in fixed:
            help = f"leave `-p {name}` out, or change the architecture"
            raise error("HC2008", f"`{request.name}` fixes `{name}`; `-p` does not change it", help=help)
        if name not in params and name not in formals:
            message = f"neither the file nor `{block.definition.name}` has a parameter `{name}`"
            raise error("HC2008", message, help=suggestion(name, [*formals, *params]))


def _input_types(
    request: Request, item: ast.BlockDefinition, block: UserBlock, session: Session
) -> tuple[TensorType, ...]:
    names = [declared.name for declared in item.inputs]
    for name in request.inputs:
        if name and name not in names:
            place = item.inputs[0].span.to(item.inputs[-1].span)
            raise error("HC2009", f"`{item.name}` has no input `{name}`", place, help=suggestion(name, names))
    if "" in request.inputs and len(names) > 1:
        raise error("HC2009", f"`{item.name}` has {len(names)} inputs", help=f"write `--input {names[0]}=3x32x32`")
    return tuple(_known_type(request, declared, block, session) for declared in item.inputs)


def _known_type(request: Request, declared: ast.Input, block: UserBlock, session: Session) -> TensorType:
    """The type of an input; unknown where it depends on an argument that may be unknown."""
    try:
        return _input_type(request, declared, block, session)
    except HypercuboidError as problem:
        if session.loose and not problem.diagnostics:
            return UNKNOWN
        raise


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
        raise error("HC3021", message, type.span, help=f"write `{FORMS[type.name]}`")
    return TensorType(type.name, sizes)


def _size(argument: ast.TypeRef | int, block: UserBlock, session: Session, span: Span) -> int:
    """A size of a declared input: a number, an argument of the block or a parameter of the file."""
    if isinstance(argument, int):
        return argument
    value = _named_size(argument, block, session)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        message = f"`{argument.name}` must be a positive integer, not {type_name(value)}"
        raise error("HC3021", message, argument.span, show(value), help="sizes are positive integers")
    return value


def _named_size(argument: ast.TypeRef, block: UserBlock, session: Session) -> Any:
    """The value of a name in a declared input: of an argument of the block, else of the file."""
    known = [formal.name for formal in block.definition.formals]
    if argument.name in known:
        return _argument_value(block, known.index(argument.name), session)
    found, value = global_value(session, block.module, argument.name, argument.span)
    if found:
        return value
    raise error("HC2001", f"`{argument.name}` is not defined", argument.span, help=suggestion(argument.name, known))


def _argument_value(block: UserBlock, position: int, session: Session) -> Any:
    """What an argument is given, or its default, which may name those before it but no input."""
    formals = block.definition.formals
    formal, given = formals[position], dict(block.given)
    if formal.name in given:
        return given[formal.name].value
    if formal.default is None and session.loose:
        raise silence()
    if formal.default is None:
        message = f"`{block.definition.name}` needs `{formal.name}`"
        raise error("HC3014", message, formal.span, help=f"`{block.definition.name}({formal.name} = ...)`")
    context, named = module_context(session, block.module), names_in(formal.default)
    for before, other in enumerate(formals[:position]):
        if other.name in named:
            context = context.bind(other.name, _argument_value(block, before, session))
    return evaluate(formal.default, context)
