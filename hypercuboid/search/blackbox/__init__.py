"""Black-box optimisers: they ask for architectures of any space and are told their scores, by name in a registry."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from hypercuboid.diagnostics import error
from hypercuboid.registry import Registry
from hypercuboid.search.blackbox.base import Optimiser
from hypercuboid.search.blackbox.evolution import Evolution
from hypercuboid.search.blackbox.predictor import Predictor
from hypercuboid.search.blackbox.random_search import RandomSearch
from hypercuboid.search.blackbox.reinforce import Reinforce
from hypercuboid.search.blackbox.tpe import Tpe

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph

Maker: TypeAlias = Callable[["Graph", int], Optimiser]
"""Graph and seed -> an optimiser that was told nothing yet."""

BLACK_BOX: Registry[Maker] = Registry("black-box optimiser")
BLACK_BOX.add("random", RandomSearch)
BLACK_BOX.add("evolution", Evolution)
BLACK_BOX.add("reinforce", Reinforce)
BLACK_BOX.add("tpe", Tpe)
BLACK_BOX.add("predictor", Predictor)


def black_box(name: str, graph: Graph, seed: int = 0) -> Optimiser:
    """The optimiser of that name; HC7071 where there is none, HC7081 where a package that it needs is missing."""
    make = BLACK_BOX.get(name)
    if make is None:
        raise error("HC7071", f"unknown strategy `{name}`", help=BLACK_BOX.suggest(name))
    return make(graph, seed)


__all__ = ["BLACK_BOX", "Maker", "Optimiser", "black_box"]
