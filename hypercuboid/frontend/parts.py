"""Parts of values: elements and slices of lists and families, axes of tensors, names of modules."""

from __future__ import annotations

from typing import Any

from hypercuboid.diagnostics import HypercuboidError, Span, error
from hypercuboid.frontend import ast, calls
from hypercuboid.frontend.context import Context
from hypercuboid.frontend.evaluate import evaluate, evaluate_number
from hypercuboid.frontend.globals import global_value
from hypercuboid.frontend.shown import show, type_name
from hypercuboid.frontend.typing import AXES
from hypercuboid.frontend.values import Family, LeftOver, ListValue, Missing, Namespace, Tensor
from hypercuboid.registry import suggestion

SHAPE_UNKNOWN = "HC3006"
"""The code of what needs the shape of an input that has none."""


def index(expression: ast.Index, context: Context) -> Any:
    value = evaluate(expression.value, context)
    if isinstance(value, LeftOver):
        message = "which members `unused` gives is decided later, so they have no positions"
        raise error("HC3004", message, expression.span, help="fold them: `concat(unused(n))`")
    if len(expression.items) == 1 and isinstance(expression.items[0], ast.Range):
        return _slice(value, expression.items[0], expression, context)
    items = tuple(evaluate(item, context) for item in expression.items)
    if isinstance(value, Family):
        return _member(value, items, expression)
    if len(items) != 1 or isinstance(items[0], bool) or not isinstance(items[0], int):
        raise error(
            "HC3004",
            f"the index must be one integer, not {', '.join(map(show, items)) or 'nothing'}",
            expression.span,
            help="a list takes one integer, a family one value for each of its indices",
        )
    if isinstance(value, Tensor) and value.type.kind == "several":
        return calls.part(value, items[0], context, expression.span)
    if isinstance(value, (Tensor, Missing)) and value.type.kind == "sequence":
        return calls.run_op("element", {"index": items[0]}, [value], context, expression.span)
    if isinstance(value, Tensor) and not value.type.known:
        raise shape_unknown(expression.value.span)
    if not isinstance(value, (tuple, range)):
        help = "an index takes an element of a list, a tuple, a range or a family"
        raise error("HC3004", f"{type_name(value)} has no elements", expression.value.span, help=help)
    if not -len(value) <= items[0] < len(value):
        help = f"write an index from 0 to {len(value) - 1}, or from the end, -1" if len(value) else "the list is empty"
        raise error("HC2004", f"index {items[0]} is outside this list of {len(value)}", expression.span, help=help)
    return value[items[0]]


def _member(family: Family, items: tuple[Any, ...], expression: ast.Index) -> Any:
    if items in family.members:
        return family.members[items]
    there = ", ".join(f"{family.name}[{', '.join(map(show, key))}]" for key in list(family.members)[:8])
    raise error(
        "HC2004",
        f"`{family.name}` has no member [{', '.join(map(show, items))}] here",
        expression.span,
        notes=(f"there are {there}{', ...' if len(family.members) > 8 else ''}",) if there else ("it has none yet",),
        help="name one that was defined further up" if there else "define a member first, further up",
    )


def _slice(value: Any, bounds: ast.Range, expression: ast.Index, context: Context) -> Any:
    start = None if bounds.start is None else evaluate_number(bounds.start, context, "the start of a slice")
    stop = None if bounds.stop is None else evaluate_number(bounds.stop, context, "the end of a slice")
    if isinstance(value, Family):
        keys = [key for key in value.members if len(key) == 1 and isinstance(key[0], int)]
        inside = [k for k in keys if (start is None or k[0] >= start) and (stop is None or k[0] < stop)]  # type: ignore[operator]
        return ListValue(value.members[key] for key in inside)
    if isinstance(value, ListValue):
        return ListValue(value[start:stop])
    if isinstance(value, (tuple, range)):
        return value[start:stop]
    help = "`[a..b]` takes a part of a list, a tuple, a range or a family"
    raise error("HC3004", f"{type_name(value)} cannot be sliced", expression.span, help=help)


def shape_unknown(span: Span) -> HypercuboidError:
    return error(
        SHAPE_UNKNOWN,
        f"`{span.text}` needs the shape of the input, and none is known",
        span,
        help="give the input's shape: `--input 3x32x32`, or a type after `on`",
    )


def attribute(expression: ast.Attribute, context: Context) -> Any:
    value = evaluate(expression.value, context)
    if isinstance(value, Namespace):
        found, member = global_value(context.session, value.module, expression.name, expression.span)
        if found:
            return member
        known = sorted(value.module.names)
        raise error(
            "HC2001",
            f"module `{value.name}` has no `{expression.name}`",
            expression.span,
            help=suggestion(expression.name, known),
        )
    if not isinstance(value, (Tensor, Missing)):
        help = "only tensors have axes, `x.c`, and modules have names, `blocks.SepConv`"
        raise error("HC3005", f"{type_name(value)} has no attribute `{expression.name}`", expression.span, help=help)
    if expression.name not in AXES:
        raise error(
            "HC3005", f"a tensor has no attribute `{expression.name}`", expression.span, help="axes: c, h, w, t"
        )
    if not value.type.known:
        raise shape_unknown(expression.span)
    size = AXES[expression.name](value.type)
    if expression.name == "c" and not value.type.settled:
        context.frame.bounded = False  # what follows from the number may be anything in an architecture
    if size is None:
        message = f"a {value.type.kind} {value.type} has no axis `{expression.name}`"
        there = ", ".join(name for name, axis in AXES.items() if axis(value.type) is not None)
        raise error(
            "HC3005",
            message,
            expression.span,
            help=f"it has the axes {there}" if "," in there else f"it has the axis {there}",
        )
    if context.session.watch is not None:
        context.session.watch.asked.append((value, expression.name, size))
    return size
