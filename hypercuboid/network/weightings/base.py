"""What a weighting is: from architecture parameters to the coefficients that multiply alternatives, and what runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, TypeAlias

import torch
from torch import Tensor

from hypercuboid.diagnostics import error
from hypercuboid.network.weightings.draw import Draw
from hypercuboid.registry import Registry

if TYPE_CHECKING:
    import numpy as np

    from hypercuboid.graph.build import Graph
    from hypercuboid.graph.decision import Decision


def _nothing() -> None:
    """What is to be done after an architecture step where nothing is."""


@dataclass(frozen=True)
class Weighed:
    """What drives one forward pass: coefficients by decision, in the shapes of their arrays.

    `kept` are masks of the same shapes, False where an alternative is not run; None: all run. `settle` is to be called
    once an optimizer has changed the alphas by gradients through these coefficients.
    """

    coefficients: dict[str, Tensor]
    kept: Mapping[str, np.ndarray] | None = None
    settle: Callable[[], None] = field(default=_nothing, compare=False)


class Weighting(Protocol):
    """Maps the alphas of all decisions to what drives one forward pass."""

    @property
    def learns(self) -> bool:
        """Whether gradients reach the alphas."""

    def __call__(self, graph: Graph, alphas: Mapping[str, Tensor], draw: Draw) -> Weighed: ...


WEIGHTINGS: Registry[Weighting] = Registry("weighting")


def require_weighting(name: str) -> None:
    """HC7040 for the name of no weighting."""
    if name not in WEIGHTINGS:
        raise error("HC7040", f"unknown weighting `{name}`", help=WEIGHTINGS.suggest(name))


OnGroups: TypeAlias = Callable[[Tensor, Tensor, Draw], Tensor]
"""Alphas (groups, n) and a mask (groups, n) of what takes part -> coefficients (groups, n), zero where masked."""

OnGraph: TypeAlias = Callable[["Graph", Mapping[str, Tensor], Draw], Weighed]


@dataclass(frozen=True)
class Dense:
    """A weighting that is a function on competing groups, each for itself; everything runs.

    What `draws` nothing is called once for all groups of one size, whatever their decision.
    """

    function: OnGroups
    learns: bool = True
    draws: bool = False

    def __call__(self, graph: Graph, alphas: Mapping[str, Tensor], draw: Draw) -> Weighed:
        if self.draws:
            return Weighed({one.name: weigh(self.function, one, alphas[one.name], draw) for one in graph.decisions})
        made = dict[str, Tensor]()
        for decisions in _of_one_size(graph.decisions):
            groups = [in_groups(alphas[one.name], one) for one in decisions]
            together = groups[0] if len(groups) == 1 else torch.cat(groups)
            result_gn = self.function(together, _masks(decisions, together.device), draw)
            parts = torch.split(result_gn, [len(one) for one in groups])
            made |= {one.name: from_groups(part, one) for one, part in zip(decisions, parts, strict=True)}
        return Weighed({one.name: made[one.name] for one in graph.decisions})


@dataclass(frozen=True)
class Sampled:
    """A weighting that keeps architectures, drawn whole, so that a path through a cuboid is connected."""

    function: OnGraph
    learns: bool = True

    def __call__(self, graph: Graph, alphas: Mapping[str, Tensor], draw: Draw) -> Weighed:
        return self.function(graph, alphas, draw)


def dense(name: str, draws: bool = False) -> Callable[[OnGroups], OnGroups]:
    """Registers a function on groups; `draws` where it takes random numbers, which each decision has for itself."""

    def register(function: OnGroups) -> OnGroups:
        WEIGHTINGS.add(name, Dense(function, draws=draws))
        return function

    return register


def sampled(name: str, learns: bool = True) -> Callable[[OnGraph], OnGraph]:
    """Registers a function that draws architectures."""

    def register(function: OnGraph) -> OnGraph:
        WEIGHTINGS.add(name, Sampled(function, learns))
        return function

    return register


def weigh(function: OnGroups, decision: Decision, alpha: Tensor, draw: Draw | None = None) -> Tensor:
    """A function on groups applied to a decision: alphas -> coefficients, both of the array's shape.

    What is not declared or cannot reach the output takes no part and gets zero.
    """
    mask_gn = _masks((decision,), alpha.device)
    result = function(in_groups(alpha, decision), mask_gn, (draw or Draw()).of(decision.name))
    return from_groups(result, decision)


def _of_one_size(decisions: Iterable[Decision]) -> list[tuple[Decision, ...]]:
    """Decisions whose groups have as many entries each."""
    found: dict[int, tuple[Decision, ...]] = {}
    for one in decisions:
        size = math.prod(one.shape[axis] for axis in one.competing_axes)
        found[size] = (*found.get(size, ()), one)
    return list(found.values())


@lru_cache(64)
def _masks(decisions: tuple[Decision, ...], device: torch.device) -> Tensor:
    """What takes part, (groups of all, n); remembered, as a copy to a GPU would wait for all that runs there."""
    return torch.cat([in_groups(torch.from_numpy(one.reaching()), one) for one in decisions]).to(device)


def in_groups(array: Tensor, decision: Decision) -> Tensor:
    """An array of a decision as (groups, n): a row for each competing group."""
    order = (*decision.group_axes, *decision.competing_axes)
    moved = array.permute(order)
    groups = math.prod(moved.shape[: len(decision.group_axes)])
    return moved.reshape(groups, -1)


def from_groups(array_gn: Tensor, decision: Decision) -> Tensor:
    """The inverse of `in_groups`."""
    order = (*decision.group_axes, *decision.competing_axes)
    inverse = sorted(range(len(order)), key=order.__getitem__)
    return array_gn.reshape([decision.shape[axis] for axis in order]).permute(inverse)
