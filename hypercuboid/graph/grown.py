"""A decision forest that is grown, and its forms: as independent decisions, and with shared parameters priced."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.graph.forest import Group
from hypercuboid.graph.lifted import lifted
from hypercuboid.graph.settled import settled
from hypercuboid.records import dataclass


@dataclass(frozen=True, eq=False)
class Forest:
    """A decision forest. `known`: all shapes are; `exact`: what lives is settled by the decisions it holds; `shares`:
    some parameters are shared."""

    root: Group
    known: bool
    exact: bool
    shares: bool
    unfollowed: Callable[[], Group] | None = None
    """Makes the root in which decisions that follow others stand in their places too (see `followed`)."""

    @cached_property
    def outcomes(self) -> Group:
        """The root as independent decisions: those that several parts share are made first (see `lifted`)."""
        return lifted(self.root)

    @cached_property
    def settled(self) -> Group:
        """The outcomes with shared parameters among the costs, as architectures have them (see `settled`)."""
        return settled(self._priced) if self.shares else self._priced

    @property
    def _priced(self) -> Group:
        """The outcomes with all costs at their places, where there are few enough; else some are bounds."""
        if self.unfollowed is None:
            return self.outcomes
        try:
            return lifted(self.unfollowed())
        except HypercuboidError:
            return self.outcomes
