"""Architectures by their numbers: found ones, and what they are held against: random, largest, smallest, handmade."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hypercuboid.diagnostics import HypercuboidError, error
from hypercuboid.graph.selection.asked import Asked
from hypercuboid.graph.selection.max_score import max_score
from hypercuboid.network.kept import kept_masks
from hypercuboid.pipeline import Architecture, load_target
from hypercuboid.search.blackbox.random_search import RandomSearch

if TYPE_CHECKING:
    from hypercuboid.auditing.design import Given
    from hypercuboid.frontend.elaborated import Decided
    from hypercuboid.pipeline import Space

LARGEST, SMALLEST, HANDMADE = "largest", "smallest", "handmade"


def number_of(space: Space, decided: tuple[Decided, ...]) -> int:
    """The number of an architecture (`graph.numbering`): it is the best where what it keeps weighs 1 and all else 0."""
    masks = kept_masks(space.graph.decisions, decided)
    weights = {name: mask.astype(np.float64) for name, mask in masks.items()}
    (best,) = max_score(space.graph, weights, Asked(1, 0))
    return space.graph.numbering.number(best[1])


def drawn(space: Space, count: int) -> list[int]:
    """Different architectures, each as likely; all of them where there are not so many."""
    search = RandomSearch(space.graph, 0)
    return [search.ask() for _ in range(min(count, search.count))]


def largest(space: Space) -> int | None:
    """The architecture with the most params, of several the first; None where costs are no sum over what is kept."""
    costs = space.graph.candidate_costs
    return None if costs is None else _number(space, space.select(costs.of("params")[1]))


def smallest(space: Space) -> int | None:
    """The one with the fewest, likewise."""
    if space.graph.candidate_costs is None:
        return None
    same = {one.name: np.zeros(one.shape) for one in space.graph.decisions}
    return _number(space, space.front(same, "params")[0][2])


def handmade(space: Space, given: Given, name: str) -> int:
    """An architecture of the file by its name; HC8001 where it is none, and why where the space does not contain it."""
    classes = space.elaborated.definition.body.type.shape[-1]
    parameters = [f"classes={classes}"] if "classes" in space.request.module.params else []
    made = load_target(given.file, name, parameters, [*given.inputs] or _shape(space))
    if not isinstance(made, Architecture):
        raise error("HC8001", f"`{name}` has decisions that are still open", help="name an `arch` of the file")
    contained = space.contains(made)
    if not contained.contained:
        raise HypercuboidError(*contained.reasons)
    return number_of(space, made.elaborated.decided)


def found(space: Space, run: Path) -> int:
    """What a search has found."""
    text = (run / "arch.hc").read_text(encoding="utf-8")
    return number_of(space, space.architecture(text).elaborated.decided)


def _number(space: Space, one: Architecture) -> int:
    return number_of(space, one.elaborated.decided)


def _shape(space: Space) -> list[str]:
    return ["x".join(map(str, type.shape)) for type in space.elaborated.input_types]
