"""A forest laid out in arrays: whatever is decided is a way through stages, so that one loop serves all of it.

A choice is one stage of as many links as it has alternatives. A cuboid is a stage for each step, with one before them
(where paths enter), one after them and one between cuboids in a row. Links that are on no whole way are left out.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hypercuboid.records import dataclass


@dataclass(frozen=True, eq=False)
class Part:
    """A group: what it surely costs (measures,), and what is decided in it."""

    cost: np.ndarray
    inside: tuple[Chain | Pick, ...]


@dataclass(frozen=True, eq=False)
class Stage:
    """Links from states to states, and how many states there are behind them.

    `costs` (links, measures) are what surely lies on each link, `open` are the parts with decisions, by link. Where the
    links are candidates of a decision, `offset + entries` are their row-major positions in its array.
    """

    sources: np.ndarray
    targets: np.ndarray
    size: int
    costs: np.ndarray
    open: Mapping[int, Part]
    decision: str | None = None
    entries: np.ndarray | None = None
    offset: int = 0


@dataclass(frozen=True, eq=False)
class Chain:
    """A way through all stages, from state 0 to state 0."""

    stages: tuple[Stage, ...]


@dataclass(frozen=True, eq=False)
class Pick:
    """`count` of the terms."""

    count: int
    terms: tuple[Part, ...]
