"""`MODULE:FUNCTION`: functions of the user's own, found as `python -m` finds modules, from the working folder too."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)


def is_name(text: str) -> bool:
    """Whether a text is a name as Python has them, with dots between its parts."""
    return _NAME.fullmatch(text) is not None


def find_function(module: str, name: str) -> Any:
    """What a module calls so; whatever importing it or looking it up raises."""
    with _here():
        found: Any = import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    return found


def told(problem: Exception) -> str:
    """An exception as a note says it."""
    return f"{type(problem).__name__}: {' '.join(str(problem).split())[:300]}"


@contextmanager
def _here() -> Iterator[None]:
    """The working folder among the places where Python looks for modules."""
    place = str(Path.cwd())
    sys.path.insert(0, place)
    try:
        yield
    finally:
        sys.path.remove(place)
