"""What a notation is: a way from its text to decisions of a space, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from hypercuboid.diagnostics import Source
from hypercuboid.frontend.elaborated import Decided, Elaborated
from hypercuboid.frontend.points import Point
from hypercuboid.records import dataclass

Decide: TypeAlias = Callable[[tuple[Decided, ...]], Elaborated]
"""Decisions -> the space with them made, for what a text says of the network beyond its decisions."""


@dataclass(frozen=True)
class Reading:
    """What a text says: the decisions, and the name that it gives them, empty where it gives none."""

    decided: tuple[Decided, ...]
    name: str = ""


@dataclass(frozen=True)
class Notation:
    """A notation of architectures.

    `read` takes a text, the open decisions of a space, and a way to make them; it raises HC1040 for a text that is
    none of this notation and HC5031 for one that does not fit the space, with the place in the text. `write` takes an
    architecture, the open decisions of its space, and a name; it raises HC8003 where the notation cannot say it.
    """

    summary: str
    read: Callable[[Source, tuple[Point, ...], Decide], Reading]
    write: Callable[[Elaborated, tuple[Point, ...], str], str]
