"""`MODULE:FUNCTION`: whatever a function of the user's own gives, called without arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypercuboid.data.arrays import KEYS, arrays_of
from hypercuboid.data.base import DATA_SETS, DataSet
from hypercuboid.data.cutting import data_set
from hypercuboid.data.request import DataRequest
from hypercuboid.diagnostics import error
from hypercuboid.functions import find_function, is_name, told
from hypercuboid.registry import near_miss

_WANTED = f"return a DataSet, or a dictionary of arrays {', '.join(KEYS)}"


def function(request: DataRequest) -> DataSet:
    """The data set that the function returns, or that is made of the arrays that it returns.

    HC7050 where the text is no MODULE:FUNCTION; HC7304 where it cannot be imported, called, or understood.
    """
    shown = f"{request.name}:{request.path}"
    make = _find(request, shown)
    try:
        found = make()
    except Exception as problem:
        message, way = f"calling `{shown}` fails", "run it with Python alone to see more"
        raise error("HC7304", message, notes=(told(problem),), help=way) from problem
    if isinstance(found, DataSet):
        return found
    try:
        if not isinstance(found, Mapping):
            raise TypeError(f"it returned {type(found).__name__}")
        return data_set(request, arrays_of(found))
    except (TypeError, ValueError, KeyError) as problem:
        message = f"what `{shown}` returns is no data set"
        raise error("HC7304", message, notes=(told(problem),), help=_WANTED) from problem


def _find(request: DataRequest, shown: str) -> Callable[[], Any]:
    near = near_miss(request.name, list(DATA_SETS))
    if not is_name(request.name) or not is_name(request.path or ""):
        raise error("HC7050", f"unknown data set `{request.name}`", help=near or DATA_SETS.suggest(request.name))
    try:
        found = find_function(request.name, request.path or "")
    except Exception as problem:
        way = near or "write MODULE:FUNCTION, of a module that Python finds from here"
        raise error("HC7304", f"`{shown}` cannot be imported", notes=(told(problem),), help=way) from problem
    if not callable(found):
        raise error("HC7304", f"`{shown}` is not a function", help=_WANTED)
    made: Callable[[], Any] = found
    return made


DATA_SETS.add("function", function)
