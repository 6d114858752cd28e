"""An atomic op on tensors: its arguments checked, its node with the type that comes out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from hypercuboid.diagnostics import HypercuboidError, Span, error
from hypercuboid.frontend.arithmetic import LARGEST
from hypercuboid.frontend.context import Context
from hypercuboid.frontend.elaborated import OpArgument, OpNode
from hypercuboid.frontend.given import Given
from hypercuboid.frontend.same_shape import same_types
from hypercuboid.frontend.shown import as_value, show, type_name
from hypercuboid.frontend.typing import conversion
from hypercuboid.frontend.values import Missing, Tensor
from hypercuboid.ops.base import UNKNOWN, AtomicOp, Parameter, ShapeError, TensorType, Value

_KINDS = {
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "padding": (int, str),
    "pair": (int, tuple),
    "string": (str,),
}

_KIND_WORDS = {
    "int": "an integer",
    "float": "a number",
    "bool": "true or false",
    "padding": "an integer or `same`",
    "pair": "an integer or a pair of integers",
    "string": "a string",
}

_KIND_TYPES = {"padding": "int", "pair": "int"} | {one: one for one in ("int", "float", "bool", "string")}


def op_argument(given: Given, context: Context) -> OpArgument:
    """The argument of an op, with its expression where that stands in this block."""
    text = given.text if given.frame == context.frame.number else None
    return OpArgument(as_value(given.value), text, given.span)


@cache
def default_arguments(op: AtomicOp) -> Mapping[str, OpArgument]:
    """The arguments of an op that have defaults."""
    known = ((one.name, one.default) for one in op.parameters if one.default is not None)
    return {name: OpArgument(default, repr(default)) for name, default in known}


def is_of_kind(value: Any, kind: str) -> bool:
    """Whether a value can be an argument of a kind of parameter."""
    if isinstance(value, bool) or not isinstance(value, _KINDS[kind]):
        return isinstance(value, bool) and kind == "bool"
    if not isinstance(value, tuple):
        return True
    return len(value) == 2 and all(isinstance(v, int) and not isinstance(v, bool) for v in value)


def wrong_kind(op: AtomicOp, parameter: Parameter, given: Given) -> HypercuboidError:
    """HC3012: an argument of an op has another type than the op takes."""
    value = given.value
    message = f"`{parameter.name}` of `{op.name}` must be {_KIND_WORDS[parameter.kind]}, not {type_name(value)}"
    return error("HC3012", message, given.span, show(value), help=conversion(value, _KIND_TYPES[parameter.kind]))


def op_node(
    op: AtomicOp,
    arguments: Mapping[str, OpArgument],
    tensors: list[Tensor | Missing],
    context: Context,
    span: Span,
    *,
    lasting: bool = False,
) -> Tensor | Missing:
    """The node of an op; `lasting` arguments come again, so the types that they lead to are remembered."""
    context.session.tick(span, 1 + len(tensors) // 8)
    name = context.instance(op.name)
    if op.arity is not None and op.arity != len(tensors):
        help = "fold them first: `sum`, `mean`, `concat`" if len(tensors) > op.arity else "write `(a, b) -> ...`"
        raise error("HC3015", f"`{op.name}` takes {_count(op.arity)}, not {len(tensors)}", span, help=help)
    type = (_known if lasting else _infer)(op, arguments, tensors, context, span)
    present = [tensor for tensor in tensors if isinstance(tensor, Tensor)]
    if len(present) < len(tensors):
        return Missing(type)
    inputs = tuple([context.builder.position(tensor, span) for tensor in present])
    return context.builder.add(OpNode(op.name, arguments, inputs, type, name, span))


def _count(number: int) -> str:
    return "one tensor" if number == 1 else f"{number} tensors"


def _known(
    op: AtomicOp, arguments: Mapping[str, OpArgument], tensors: list[Tensor | Missing], context: Context, span: Span
) -> TensorType:
    """As `_infer`, remembered for types that are the same in every architecture."""
    key = (id(arguments), *[tensor.type for tensor in tensors])
    found = context.session.types.get(key)
    if found is not None:
        return found[0]
    type = _infer(op, arguments, tensors, context, span)
    if type.known and all(tensor.type.settled for tensor in tensors):
        context.session.types[key] = type, arguments
    return type


def _infer(
    op: AtomicOp, arguments: Mapping[str, OpArgument], tensors: list[Tensor | Missing], context: Context, span: Span
) -> TensorType:
    types = tuple([tensor.type for tensor in tensors])
    settled = True
    for one in types:
        if not one.known:
            return UNKNOWN
        settled = settled and one.settled
    values = {name: argument.value for name, argument in arguments.items()}
    try:
        type = inferred(op, values, types if settled else tuple(one.widest for one in types), span)
        return type if settled else narrowed(type, op, values, types, context)
    except ShapeError as problem:
        if not problem.help and len(tensors) == 2:
            sides = (("the left side", tensors[0]), ("the right side", tensors[1]))
            same_types(problem.code, problem.message, sides, context, span)
        raise _misfit(problem, arguments, types, span) from None


def inferred(op: AtomicOp, values: Mapping[str, Value], types: tuple[TensorType, ...], span: Span) -> TensorType:
    """The type that an op gives for settled types; ShapeError, or HC4004 for one that is too large."""
    type = op.infer(values, types)
    if max(type.shape, default=0) > LARGEST:
        raise error("HC4004", "the sizes of this tensor leave the range of integers, +-2^53", span)
    return type


def _misfit(
    problem: ShapeError, arguments: Mapping[str, OpArgument], types: tuple[TensorType, ...], span: Span
) -> HypercuboidError:
    """The error of an op that does not fit its inputs, with these and with defaults that the message speaks of."""
    shown = ", ".join(str(type) for type in types)
    said = f"{problem.message} {problem.help}"
    defaults = [
        f"{name} = {show(argument.value)} (default)"
        for name, argument in arguments.items()
        if argument.span is None and f"`{name}`" in said
    ]
    notes = (f"with input {', '.join([shown, *defaults])}",)
    return error(problem.code, problem.message, span, shown, notes=notes, help=problem.help)


def narrowed(
    type: TensorType, op: AtomicOp, values: dict[str, Any], inputs: tuple[TensorType, ...], context: Context
) -> TensorType:
    """The type of an output, down to what the narrowest inputs give."""
    try:
        found = type.down_to(op.infer(values, tuple(one.narrowest for one in inputs)))
    except ShapeError:
        found = None  # the widths that fit cannot be told before they are decided
    if found is None:
        context.frame.bounded = False
        return type
    return found
