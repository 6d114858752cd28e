"""What a block is given from outside: its arguments, and for a cell the place where its decisions are declared."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from hypercuboid.diagnostics import Span
from hypercuboid.records import dataclass


@dataclass(frozen=True)
class Given:
    """An argument that was given to a block: its value, its expression in the frame that wrote it, and the place."""

    value: Any
    text: str | None
    frame: int
    span: Span = field(compare=False)


@dataclass(frozen=True)
class Home:
    """Where a cell was declared: the frame and the name under which all uses share their decisions."""

    frame: int
    name: str
    span: Span = field(compare=False)
