"""A run over time: what its history says of every epoch, drawn in one layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hypercuboid.diagnostics import error
from hypercuboid.frontend.points import points_of
from hypercuboid.graph.notation import site_text
from hypercuboid.graph.selection import Selection, arch_text, select
from hypercuboid.reporting.facts import Reported, read_reported
from hypercuboid.reporting.weights import arrays_of
from hypercuboid.runs.weights_history import Recorded
from hypercuboid.targets.diagram_marks import Page
from hypercuboid.targets.picture import picture_page

if TYPE_CHECKING:
    import numpy as np

    from hypercuboid.frontend.elaborated import Decided
    from hypercuboid.pipeline import Space

MOST = 120
"""Frames of an animation; of more epochs every second, third, ... is drawn, and always the last."""


@dataclass(frozen=True)
class Frame:
    """An epoch, and its picture."""

    epoch: int
    page: Page


def frames_of(path: Path) -> list[Frame]:
    """The pictures of the epochs of a run; HC8201 where it has kept none."""
    one = read_reported(path, path.name)
    kept = [epoch for epoch in one.history if epoch.weights]
    if one.space is None or not kept:
        why = one.problems[0] if one.problems else "a search keeps them in `weights-history.jsonl`"
        message = f"the run `{path}` has no weights of its epochs"
        raise error("HC8201", message, notes=(why,), help="draw how it is now: leave --epochs out")
    return list(_drawn(one, one.space, thinned(kept)))


def thinned(kept: Sequence[Recorded], most: int = MOST) -> list[Recorded]:
    """At most so many, evenly spaced, the last among them."""
    step = -(-len(kept) // most)
    return list(kept[::-1][::step])[::-1]


def _drawn(one: Reported, space: Space, kept: Sequence[Recorded]) -> Iterator[Frame]:
    epochs = one.recipe.get("epochs", "?")
    for epoch in kept:
        weights = arrays_of(space, epoch.weights)
        if len(weights) == len(space.graph.decisions):
            best = selection(one, space, epoch, weights)
            words = f"{epoch.epoch} / {epochs}"
            page = picture_page(space.graph, space.name, weights, best, epoch=words, strategy=one.method)
            yield Frame(epoch.epoch, page)


def selection(one: Reported, space: Space, epoch: Recorded, weights: Mapping[str, np.ndarray]) -> Selection:
    """What was best in an epoch, by its picks; by its weights where it has none."""
    if not epoch.picks:
        return select(space.graph, weights)[0]
    line = next((each for each in one.metrics if each.get("epoch") == epoch.epoch), {})
    decided = space.architecture(_text(space, epoch.picks), "weights-history.jsonl").elaborated.decided
    score, margin = line.get("score", 0.0), line.get("margin")
    return Selection(score, None, margin, epoch.picks, _open(space, decided), {})


def _open(space: Space, decided: tuple[Decided, ...]) -> tuple[Decided, ...]:
    """Of what an architecture decides, the decisions that the search had to make."""
    names = {decision.name for decision in space.graph.decisions}
    return tuple(one for one in decided if one.name in names)


def _text(space: Space, picks: Mapping[str, Sequence[str]]) -> str:
    """An `arch` item that keeps what the picks say; what they do not say stays open."""
    points = points_of(space.elaborated.definition)
    folds = {site_text(p.name, p.coordinates[: len(p.coordinates) - len(p.fold)]) for p in points if p.top}
    head = arch_text("Epoch", space.elaborated, space.elaborated.decided, points).rstrip().removesuffix("}")
    lines = (
        f"  keep {site} = [{', '.join(kept)}]" if site in folds or len(kept) != 1 else f"  pick {site} = {kept[0]}"
        for site, kept in picks.items()
    )
    return "\n".join([head.rstrip(), *lines, "}"]) + "\n"
