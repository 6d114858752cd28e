"""The functions of the language that are not blocks: len, min, max, abs, has, round, floor, ceil, zip, enumerate,
unused."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from hypercuboid.diagnostics import error
from hypercuboid.frontend import ast
from hypercuboid.frontend.arithmetic import bounded, contains, is_number
from hypercuboid.frontend.context import Context
from hypercuboid.frontend.evaluate import elements
from hypercuboid.frontend.shown import type_name
from hypercuboid.frontend.unused import unused
from hypercuboid.frontend.values import Family, ListValue, Tensor

Builtin = Callable[[ast.Call, list[Any], Context], Any]


def _wrong(call: ast.Call, wanted: str, values: list[Any]) -> Exception:
    assert isinstance(call.function, ast.Name)
    given = ", ".join(map(type_name, values)) or "nothing"
    help = f"write `{call.function.id}(...)` of {wanted}"
    return error("HC3010", f"`{call.function.id}` takes {wanted}, not {given}", call.span, help=help)


def _len(call: ast.Call, values: list[Any], context: Context) -> int:
    if len(values) == 1 and isinstance(values[0], (tuple, range)):
        return len(values[0])
    if len(values) == 1 and isinstance(values[0], Family):
        return len(values[0].members)
    if len(values) == 1 and isinstance(values[0], Tensor) and values[0].type.kind == "several":
        return len(values[0].type.parts)
    raise _wrong(call, "one list", values)


def _extreme(choose: Callable[[list[Any]], Any]) -> Builtin:
    def builtin(call: ast.Call, values: list[Any], context: Context) -> Any:
        whole = isinstance(values[0], (tuple, range)) if len(values) == 1 else False
        if whole and isinstance(values[0], range):
            return choose([values[0][0], values[0][-1]]) if values[0] else _empty(call)
        numbers = list(values[0]) if whole else values
        if not numbers:
            return _empty(call)
        if not all(map(is_number, numbers)):
            raise _wrong(call, "numbers or one list of numbers", values)
        return choose(numbers)

    return builtin


def _empty(call: ast.Call) -> Any:
    help = "add an element: `max([0] + list)`"
    raise error("HC3010", "an empty list has no smallest and no largest element", call.span, help=help)


def _number(function: Callable[[Any], Any]) -> Builtin:
    def builtin(call: ast.Call, values: list[Any], context: Context) -> Any:
        if len(values) != 1 or not is_number(values[0]):
            raise _wrong(call, "one number", values)
        return bounded(function(values[0]), call.span)

    return builtin


def _has(call: ast.Call, values: list[Any], context: Context) -> bool:
    if len(values) != 2 or not isinstance(values[0], (tuple, range)):
        raise _wrong(call, "a list and what to look for", values)
    return contains(values[0], values[1])


def _zip(call: ast.Call, values: list[Any], context: Context) -> ListValue:
    lists = [elements(value, call.span, "what `zip` takes") for value in values]
    if len({len(one) for one in lists}) > 1:
        sizes = ", ".join(str(len(one)) for one in lists)
        help = "give lists of one length, or take a part: `list[0..3]`"
        raise error("HC3010", f"the lists of `zip` differ in length: {sizes}", call.span, help=help)
    return ListValue(zip(*lists, strict=True))


def _enumerate(call: ast.Call, values: list[Any], context: Context) -> ListValue:
    if len(values) != 1:
        raise _wrong(call, "one list", values)
    return ListValue(enumerate(elements(values[0], call.span, "what `enumerate` takes")))


BUILTINS: dict[str, Builtin] = {
    "len": _len,
    "min": _extreme(min),
    "max": _extreme(max),
    "abs": _number(abs),
    "round": _number(round),
    "floor": _number(math.floor),
    "ceil": _number(math.ceil),
    "has": _has,
    "zip": _zip,
    "enumerate": _enumerate,
    "unused": unused,
}
