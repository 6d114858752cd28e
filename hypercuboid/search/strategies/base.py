"""What a strategy is: it owns the optimizers of a search, makes its steps, and says what was found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import torch
from torch import Tensor

from hypercuboid.diagnostics import error
from hypercuboid.network.weightings import Draw
from hypercuboid.ranks import ALONE, Ranks
from hypercuboid.registry import Registry

if TYPE_CHECKING:
    import numpy as np

    from hypercuboid.data.base import DataSet
    from hypercuboid.frontend.elaborated import Decided
    from hypercuboid.graph.build import Graph
    from hypercuboid.graph.selection import Selection
    from hypercuboid.network.supernet import Supernet
    from hypercuboid.search.recipe import Recipe

Batch: TypeAlias = tuple[Tensor, Tensor]
"""Images (B, C, H, W) and classes (B,); or tokens (B, T) and a class at each position (B, T)."""


@dataclass(frozen=True)
class Measured:
    """Of a batch before the step: mean loss, sum of the scores (under accuracy: what is right) and their number."""

    loss: float
    correct: float
    count: int


@dataclass(frozen=True)
class Pair:
    """What a step measured on search-train (`weights`) and on search-validation (`alphas`)."""

    weights: Measured
    alphas: Measured


@dataclass(frozen=True)
class Moment:
    """Where a search stands in a step: epochs and steps from 1. `draw` is what a weighting may use."""

    epoch: int = 1
    step: int = 1
    draw: Draw = field(default_factory=Draw)

    @property
    def where(self) -> str:
        """For messages."""
        return f"epoch {self.epoch}, step {self.step}"


@dataclass(frozen=True)
class Found:
    """What a search ends with: the best selection, and the architecture weights by decision of the space searched.

    `scores` are architectures by number with their scores, in the order in which they were scored first; nothing where
    a search scores none.
    """

    selection: Selection
    weights: dict[str, np.ndarray]
    scores: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Setting:
    """What a strategy is made from.

    `graph` is that of the space searched; `specialise` gives that of the space with some decisions made (by elaborating
    it again), and `build` a supernet of either on the device; its weights are those of the seed. `ranks` are the
    processes that search together.
    """

    graph: Graph
    recipe: Recipe
    data: DataSet
    device: torch.device
    specialise: Callable[[tuple[Decided, ...]], Graph]
    build: Callable[[Graph], Supernet]
    ranks: Ranks = ALONE

    @cached_property
    def supernet(self) -> Supernet:
        """That of the space, built where it is asked for first: not every strategy needs one."""
        return self.build(self.graph)


class Strategy(Protocol):
    """How a search is made. All that is random in it comes from the seed and the step: a search that goes on from a
    checkpoint does what it would have done. With several ranks, batches are this rank's shares, and what it changes
    must be the same on all of them.
    """

    @property
    def supernet(self) -> Supernet | None:
        """The network as it is now, None where the search needs none; one that makes the space smaller replaces it."""

    def begin_epoch(self, epoch: int) -> None:
        """Before the steps of an epoch, from 1; called again where a search goes on in the middle of one."""

    def step(self, training: Batch, validation: Batch, moment: Moment) -> Pair:
        """One step on a batch of each half. Torch's global generator has been seeded by seed and step."""

    def end_epoch(self, epoch: int) -> Mapping[str, Any]:
        """After the steps of an epoch: what it adds to the epoch's metrics. A function of what a checkpoint holds:
        it is done again where a search goes on from the last step of the epoch.
        """

    def tensors(self) -> dict[str, Tensor]:
        """All tensors that a search goes on from."""

    def state(self) -> Mapping[str, Any]:
        """What it goes on from beside tensors, as JSON has it."""

    def restore(self, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        """Puts back what `tensors` and `state` gave, bit for bit."""

    def shared(self) -> Mapping[str, Tensor]:
        """The supernet's parameters and buffers by name; nothing where the search trains none."""

    def found(self) -> Found:
        """The best architecture as things stand."""


STRATEGIES: Registry[Callable[[Setting], Strategy]] = Registry("strategy")


def make_strategy(name: str, setting: Setting) -> Strategy:
    """The strategy of that name; HC7071 where there is none."""
    made = STRATEGIES.get(name)
    if made is None:
        raise error("HC7071", f"unknown strategy `{name}`", help=STRATEGIES.suggest(name))
    return made(setting)
