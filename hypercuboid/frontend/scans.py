"""`scan s from init over x in xs { e }`: one body, with one set of weights, at each position of a sequence."""

from __future__ import annotations

from typing import Any

from hypercuboid.diagnostics import Label, Span, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.builder import Builder
from hypercuboid.frontend.context import Context
from hypercuboid.frontend.elaborated import ScanNode, full_name
from hypercuboid.frontend.evaluate import evaluate
from hypercuboid.frontend.shown import type_name
from hypercuboid.frontend.values import Missing, Tensor
from hypercuboid.ops.base import UNKNOWN, TensorType

_KINDS = {
    "image": "an image",
    "vector": "a vector",
    "sequence": "a sequence",
    "tokens": "tokens",
    "several": "several tensors",
}


_WAYS = {"tokens": "turn tokens into vectors: `embed(vocab, d)`", "image": "`patches` makes a sequence of an image"}


def scan(expression: ast.Scan, context: Context) -> Tensor | Missing:
    """The states after each position; missing where the sequence, the first state or the next one is."""
    from hypercuboid.frontend.bodies import run_body  # bodies hold scans

    span = expression.span
    start = _start(evaluate(expression.start, context), expression.start.span)
    sequence = _sequence(evaluate(expression.sequence, context), expression.sequence.span)
    place = context.instance("scan")
    builder = Builder(context.builder)
    inner = context.but(builder=builder, place="", origin=full_name(context.origin, place), forks=None)
    element, state = (
        builder.input(name, type, place_of)
        for name, type, place_of in (
            (expression.item, _element(sequence.type), expression.sequence.span),
            (expression.state, start.type, expression.start.span),
        )
    )
    values = ((expression.state, state), (expression.item, element))
    value = _next(run_body(expression.body, inner.bind_all(values)), start, expression)
    type = _states(sequence.type, start.type)
    if isinstance(value, Missing) or isinstance(sequence, Missing) or isinstance(start, Missing):
        return Missing(type)
    body = builder.finish(value, expression.body.span, whole=True)
    outer = [sequence, start, *(tensor for tensor, _ in builder.captured)]
    inputs = tuple(context.builder.position(tensor, span) for tensor in outer)
    return context.builder.add(ScanNode(body, inputs, type, place, span))


def _sequence(value: Any, span: Span) -> Tensor | Missing:
    if isinstance(value, (Tensor, Missing)) and value.type.kind in ("sequence", "unknown"):
        return value
    help = "write `chain` or a family of nodes for a list"
    if isinstance(value, (Tensor, Missing)):
        help = _WAYS.get(value.type.kind, "give it a tensor of the type `sequence(t, d)`")
    raise error("HC3026", f"`scan` goes over a sequence, not {_what(value)}", span, help=help)


def _start(value: Any, span: Span) -> Tensor | Missing:
    if isinstance(value, (Tensor, Missing)) and value.type.kind in ("vector", "unknown"):
        return value
    help = "`x -> zeros(d)` gives a vector of d zeros for each example"
    raise error("HC3026", f"the first state of a `scan` is a vector, not {_what(value)}", span, help=help)


def _what(value: Any) -> str:
    return _KINDS[value.type.kind] if isinstance(value, (Tensor, Missing)) else type_name(value)


def _element(sequence: TensorType) -> TensorType:
    return TensorType("vector", sequence.shape[1:], least=sequence.least) if sequence.known else UNKNOWN


def _states(sequence: TensorType, state: TensorType) -> TensorType:
    if not sequence.known or not state.known:
        return UNKNOWN
    return TensorType("sequence", (sequence.shape[0], *state.shape), least=state.least)


def _next(value: Any, start: Tensor | Missing, expression: ast.Scan) -> Tensor | Missing:
    """The state after a position, which is of the type of the one before it."""
    span = expression.body.result.span
    if not isinstance(value, (Tensor, Missing)):
        help = f"run it on tensors: `({expression.state}, {expression.item}) -> ...`"
        raise error("HC3027", f"the next state of a `scan` must be a tensor, not {type_name(value)}", span, help=help)
    if isinstance(value, Missing) or not value.type.known or not start.type.known or value.type == start.type:
        return value
    raise error(
        "HC3121",
        f"the state `{expression.state}` changes its shape from position to position",
        span,
        f"{value.type} after a position that starts with {start.type}",
        secondary=(Label(expression.start.span, f"the first state is {start.type}"),),
        help="let the body end in the shape that it is given, or start from another state",
    )
