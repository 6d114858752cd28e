"""`MODULE:FUNCTION`: whatever a function of the user's own gives, called without arguments."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from hypercuboid.data.arrays import KEYS, arrays_of
from hypercuboid.data.base import DATA_SETS, DataSet
from hypercuboid.data.cutting import data_set
from hypercuboid.data.request import DataRequest
from hypercuboid.diagnostics import error
from hypercuboid.registry import near_miss

_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)
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
        raise error("HC7304", message, notes=(_told(problem),), help=way) from problem
    if isinstance(found, DataSet):
        return found
    try:
        if not isinstance(found, Mapping):
            raise TypeError(f"it returned {type(found).__name__}")
        return data_set(request, arrays_of(found))
    except (TypeError, ValueError, KeyError) as problem:
        message = f"what `{shown}` returns is no data set"
        raise error("HC7304", message, notes=(_told(problem),), help=_WANTED) from problem


def _find(request: DataRequest, shown: str) -> Callable[[], Any]:
    near = near_miss(request.name, list(DATA_SETS))
    if not _NAME.fullmatch(request.name) or not _NAME.fullmatch(request.path or ""):
        raise error("HC7050", f"unknown data set `{request.name}`", help=near or DATA_SETS.suggest(request.name))
    try:
        with _here():
            found: Any = import_module(request.name)
        for part in (request.path or "").split("."):
            found = getattr(found, part)
    except Exception as problem:
        way = near or "write MODULE:FUNCTION, of a module that Python finds from here"
        raise error("HC7304", f"`{shown}` cannot be imported", notes=(_told(problem),), help=way) from problem
    if not callable(found):
        raise error("HC7304", f"`{shown}` is not a function", help=_WANTED)
    made: Callable[[], Any] = found
    return made


def _told(problem: Exception) -> str:
    return f"{type(problem).__name__}: {' '.join(str(problem).split())[:300]}"


@contextmanager
def _here() -> Iterator[None]:
    """The working folder among the places where Python looks for modules, as `python -m` has it."""
    place = str(Path.cwd())
    sys.path.insert(0, place)
    try:
        yield
    finally:
        sys.path.remove(place)


DATA_SETS.add("function", function)
