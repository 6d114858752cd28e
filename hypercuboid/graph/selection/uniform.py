"""Architectures drawn at random, every one equally likely."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from hypercuboid.diagnostics import error
from hypercuboid.frontend.elaborated import Decided
from hypercuboid.graph.counts import LARGEST_DIGITS
from hypercuboid.graph.selection.result import record

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph


def draw(graph: Graph, count: int, generator: Random) -> list[tuple[Decided, ...]]:
    """`count` architectures, each drawn from all outcomes of the decisions, whatever was drawn before.

    Raises HC5004 where there is none, HC4001 where there are too many to be numbered.
    """
    architectures = number_of_architectures(graph)
    return [architecture(graph, generator.randrange(architectures)) for _ in range(count)]


def number_of_architectures(graph: Graph) -> int:
    """How many there are to draw from; HC5004 where there is none, HC4001 where they are too many to be numbered."""
    counts = graph.counts()
    if counts.architectures is None:
        message = f"`{graph.space.name}` has about 10^{counts.architectures_log10:.0f} architectures"
        limit = f"architectures are drawn from at most 10^{LARGEST_DIGITS}"
        raise error("HC4001", f"{message}, too many to draw from", notes=(limit,), help="decide some of it first")
    if not counts.architectures:
        raise error(
            "HC5004",
            f"`{graph.space.name}` has no architecture that reaches its output",
            help="widen its axes or its `where`",
        )
    return counts.architectures


def architecture(graph: Graph, number: int) -> tuple[Decided, ...]:
    """The architecture of a number below the count; different numbers give different ones."""
    return record(graph.forest.root, graph.numbering.picks(number)).decided
