"""Architectures that no search has found, to train beside those that one has: largest, smallest, random, handmade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hypercuboid.auditing.effects import RANDOM
from hypercuboid.diagnostics import error
from hypercuboid.pipeline import Architecture, load_target

if TYPE_CHECKING:
    from hypercuboid.auditing.design import Given
    from hypercuboid.pipeline import Space

LARGEST, SMALLEST, HANDMADE = "largest", "smallest", "handmade"


def largest(space: Space) -> Architecture | None:
    """The architecture with the most params, of several the first; None where costs are no sum over what is kept."""
    costs = space.graph.candidate_costs
    return None if costs is None else space.select(costs.of("params")[1])


def smallest(space: Space) -> Architecture | None:
    """The one with the fewest, likewise."""
    if space.graph.candidate_costs is None:
        return None
    same = {one.name: np.zeros(one.shape) for one in space.graph.decisions}
    return space.front(same, "params")[0][2]


def drawn(space: Space, seed: int) -> Architecture:
    """An architecture from all of the space, each as likely."""
    return space.sample(1, seed)[0]


def handmade(given: Given, name: str) -> Architecture:
    """An architecture of the file by its name; HC8001 where it is none."""
    found = load_target(given.file, name, (), given.inputs)
    if not isinstance(found, Architecture):
        raise error("HC8001", f"`{name}` has decisions that are still open", help="name an `arch` of the file")
    return found


__all__ = ["HANDMADE", "LARGEST", "RANDOM", "SMALLEST", "drawn", "handmade", "largest", "smallest"]
