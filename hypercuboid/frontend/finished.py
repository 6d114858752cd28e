"""What is left to do once a definition is made: its output held against ruling 14, and the whole put together."""

from __future__ import annotations

from typing import Any

from hypercuboid.diagnostics import HypercuboidError, Span, error
from hypercuboid.frontend.elaborated import Decided, Definition, Elaborated
from hypercuboid.frontend.evaluate import evaluate
from hypercuboid.frontend.globals import module_context
from hypercuboid.frontend.request import Request
from hypercuboid.frontend.session import Session
from hypercuboid.frontend.values import UserBlock, memo_key
from hypercuboid.ops.base import TensorType


def require_output(definition: Definition, name: str, span: Span) -> None:
    """HC5004 where what is kept leads nowhere (ruling 14)."""
    if definition.body.output < 0:
        raise error(
            "HC5004",
            f"`{name}` has no output: what it keeps does not reach `out`",
            span.first_line,
            help="keep a path that ends in a state that `out` reads",
        )


def setting_of(block: UserBlock, types: tuple[TensorType, ...], session: Session) -> object:
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


def finished(
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
