"""What a block is given: its inputs and arguments, held against what it declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypercuboid.diagnostics import HypercuboidError, Label, Span, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.context import Context, Origin
from hypercuboid.frontend.evaluate import evaluate
from hypercuboid.frontend.given import Given
from hypercuboid.frontend.globals import ROOT
from hypercuboid.frontend.recovery import NOT_GIVEN, Mistakes
from hypercuboid.frontend.shown import is_plain
from hypercuboid.frontend.typing import TENSORS, check_type, type_text
from hypercuboid.ops.base import TensorType
from hypercuboid.registry import suggestion


def check_input(declared: ast.Input, given: TensorType, span: Span) -> None:
    if declared.type is None or not given.known:
        return
    if declared.type.name not in TENSORS:
        raise error(
            "HC2003",
            f"`{declared.type.name}` is no type of a tensor",
            declared.type.span,
            help=suggestion(declared.type.name, list(TENSORS)),
        )
    if declared.type.name != given.kind:
        raise error(
            "HC3017",
            f"`{declared.name}` must be {article(declared.type.name)}, and {given} is {article(given.kind)}",
            span,
            secondary=(Label(declared.span, f"declared as {type_text(declared.type)}"),),
            help=_to_kind(declared.type.name, given.kind),
        )


def _to_kind(wanted: str, given: str) -> str:
    if (wanted, given) == ("vector", "image"):
        return "make a vector of it: `-> gap` or `-> flatten`"
    if given == "tokens":
        return "turn tokens into vectors: `-> embed(vocab, d)`"
    return f"feed it {article(wanted)}, or change what the block declares"


def article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def bind_formals(
    definition: ast.BlockDefinition, given: Mapping[str, Given], context: Context, span: Span, mistakes: Mistakes
) -> Context:
    """Arguments given and defaults, left to right; one that is wrong is poisoned."""
    for formal in definition.formals:
        try:
            value = _argument(definition, formal, given, context, span)
        except HypercuboidError as problem:
            mistakes.add(problem)
            value = NOT_GIVEN
        origin = _origin(formal, given.get(formal.name))
        context = context.bind(formal.name, value, formal.name if is_plain(value) else None, origin)
    return context


def _origin(formal: ast.Formal, given: Given | None) -> Origin | None:
    if given is None:
        return None if formal.default is None else Origin(f"default of `{formal.name}`", formal.default.span)
    return Origin("given with -p", None) if given.span == formal.span else Origin("argument", given.span)


def _argument(
    definition: ast.BlockDefinition, formal: ast.Formal, given: Mapping[str, Given], context: Context, span: Span
) -> Any:
    if formal.name in given:
        value, place = given[formal.name].value, given[formal.name].span
    elif formal.default is not None:
        value, place = evaluate(formal.default, context), formal.default.span
    elif context.session.loose and context.frame.number == ROOT:
        return NOT_GIVEN
    else:
        raise error(
            "HC3014",
            f"`{definition.name}` needs `{formal.name}`",
            span,
            secondary=(Label(formal.span, "declared here without a default"),),
            help=f"`{definition.name}({formal.name} = ...)`",
        )
    return check_type(value, formal.type, place, f"`{formal.name}` of `{definition.name}`")
