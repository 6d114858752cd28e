"""Operators: on numbers within bounds that are checked before they are computed, on tensors as nodes."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from hypercuboid.diagnostics import Span, error
from hypercuboid.frontend.context import Context
from hypercuboid.frontend.shown import is_plain, show, type_name
from hypercuboid.frontend.values import ListValue, Missing, Tensor

LARGEST = 2**53
"""Integers stay within +-2^53."""

LARGEST_EXPONENT = 1024

_TENSOR_OPS = {"+": "add", "-": "subtract", "*": "multiply"}
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_NUMBERS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
}


def truth(value: Any, span: Span) -> bool:
    if not isinstance(value, bool):
        help = f"compare it: `{span.text} > 0`" if is_number(value) and len(span.text) < 30 else "write a comparison"
        raise error(
            "HC3007", f"a condition must be true or false, not {type_name(value)}", span, show(value), help=help
        )
    return value


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def contains(values: tuple[Any, ...] | range, wanted: Any) -> bool:
    """Whether a list or range holds a value; a range is never walked, as Python does for what is no integer."""
    if isinstance(values, range):
        return is_number(wanted) and int(wanted) == wanted and int(wanted) in values
    return wanted in values


def apply_operator(symbol: str, left: Any, right: Any, span: Span, context: Context) -> Any:
    """`left symbol right` for numbers, lists, strings and tensors."""
    if symbol in ("==", "!="):
        return _equal(left, right, span) is (symbol == "==")
    if isinstance(left, (Tensor, Missing)) or isinstance(right, (Tensor, Missing)):
        return _tensors(symbol, left, right, span, context)
    if symbol in _ORDER and is_number(left) and is_number(right):
        return _ORDER[symbol](left, right)
    if symbol == "+" and isinstance(left, ListValue) and isinstance(right, ListValue):
        return ListValue((*left, *right))
    if is_number(left) and is_number(right):
        return _numbers(symbol, left, right, span)
    help = "numbers know all operators, lists `+` with a list, tensors `+`, `-` and `*`"
    raise error("HC3008", f"`{symbol}` does not work on {type_name(left)} and {type_name(right)}", span, help=help)


def _equal(left: Any, right: Any, span: Span) -> bool:
    if not is_plain(left) or not is_plain(right):
        help = "compare numbers, booleans, strings or lists of such"
        raise error("HC3008", f"{type_name(left)} and {type_name(right)} cannot be compared", span, help=help)
    if isinstance(left, bool) is not isinstance(right, bool):
        return False
    return bool(left == right)


def _numbers(symbol: str, left: Any, right: Any, span: Span) -> int | float:
    if symbol == "**":
        return _power(left, right, span)
    if symbol in ("/", "//", "%") and right == 0:
        raise error(
            "HC3009",
            "division by zero",
            span,
            help="divide by something else, or `require` that it is not 0",
        )
    return bounded(_NUMBERS[symbol](left, right), span)


def _power(base: Any, exponent: Any, span: Span) -> int | float:
    if abs(exponent) > LARGEST_EXPONENT:
        raise error("HC4004", f"the exponent is over {LARGEST_EXPONENT}", span, help="use a smaller one")
    if base == 0 and exponent < 0:
        raise error(
            "HC3009",
            "division by zero",
            span,
            help="divide by something else, or `require` that it is not 0",
        )
    if isinstance(base, int) and isinstance(exponent, int) and exponent >= 0:
        if base not in (-1, 0, 1) and (abs(base).bit_length() - 1) * exponent > 53:
            raise error(
                "HC4004",
                "this power leaves the range of integers, +-2^53",
                span,
                help="use smaller numbers, or a float",
            )
        return bounded(base**exponent, span)
    try:
        result = float(base) ** exponent
    except OverflowError:
        raise error("HC4004", "this power is too large for a number", span, help="use smaller numbers") from None
    if isinstance(result, complex):
        raise error(
            "HC3009", "a root of a negative number", span, help="take `abs(...)` of it, or `require` what it must be"
        )
    return bounded(result, span)


def bounded(value: Any, span: Span) -> int | float:
    """The number itself, within bounds; HC4004 otherwise."""
    if isinstance(value, int) and abs(value) > LARGEST:
        raise error("HC4004", "this leaves the range of integers, +-2^53", span, help="use smaller numbers, or a float")
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        raise error("HC4004", "this is no finite number", span, help="use smaller numbers")
    assert isinstance(value, (int, float))
    return value


def negate(value: Any, span: Span, context: Context) -> Any:
    if is_number(value):
        return -value
    if isinstance(value, (Tensor, Missing)):
        from hypercuboid.frontend.calls import run_op  # the two modules evaluate each other's operands

        return run_op("negate", {}, [value], context, span)
    raise error("HC3008", f"`-` does not work on {type_name(value)}", span, help="numbers and tensors have a negative")


def _tensors(symbol: str, left: Any, right: Any, span: Span, context: Context) -> Tensor | Missing:
    from hypercuboid.frontend.calls import run_op  # see `negate`

    if symbol not in _TENSOR_OPS:
        raise error("HC3008", f"`{symbol}` does not work on tensors", span, help="tensors know `+`, `-` and `*`")
    tensors = [value for value in (left, right) if isinstance(value, (Tensor, Missing))]
    if len(tensors) == 2:
        return run_op(_TENSOR_OPS[symbol], {}, tensors, context, span)
    number = right if tensors[0] is left else left
    if not is_number(number):
        raise error(
            "HC3008",
            f"`{symbol}` does not work on a tensor and {type_name(number)}",
            span,
            help="write a number or a tensor",
        )
    arguments = {"number": float(number), "reverse": tensors[0] is right}
    return run_op(_TENSOR_OPS[symbol], arguments, tensors, context, span)
