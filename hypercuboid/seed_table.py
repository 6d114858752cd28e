"""What searches under several seeds found: a row for each, spread, agreement, and the architecture they agree on."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from hypercuboid.frontend.elaborated import Kept, KeptPath
from hypercuboid.frontend.points import Point, points_of
from hypercuboid.graph.notation import kept_text, path_text, site_text
from hypercuboid.pipeline import Architecture, Space
from hypercuboid.runs.agreement import LEAST_AGREEMENT, Agreement, agreement, gradient_doubts
from hypercuboid.runs.intervals import median_and_half_range
from hypercuboid.runs.listing import read_metrics

if TYPE_CHECKING:
    import numpy as np

Decisions: TypeAlias = Mapping[tuple[str, Any], tuple[Kept, ...]]
"""What an architecture keeps by name and coordinates."""

NOTHING = "nothing"
"""What is kept at a place that the architecture does not come to."""


@dataclass(frozen=True)
class Row:
    """One seed: its last epoch, and what was found. `seconds` are those of its epochs on its device."""

    seed: int
    score: float
    margin: float | None
    entropy: float
    validation_accuracy: float
    alpha_gradient: float | None
    params: int | None
    macs: int | None
    seconds: float


@dataclass(frozen=True)
class SeedTable:
    """Rows, medians with half ranges by column, agreement by site, and what it all comes to."""

    rows: tuple[Row, ...]
    spread: Mapping[str, tuple[float, float]]
    agreements: Mapping[str, Agreement]
    gradients: float | None
    """The mean correlation of the last epochs' gradients between two seeds."""
    consensus: Architecture
    """The best architecture under the mean of the seeds' weights."""
    majority: Architecture
    """The best architecture where the weight of an alternative is the share of the seeds that keep it."""

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why the seeds together do not decide: which number against which threshold."""
        low = [site for site, one in self.agreements.items() if not one.decided]
        share = f"agreement is below {LEAST_AGREEMENT:g} in {len(low)} of {len(self.agreements)} decisions"
        worst = min(low, key=lambda site: self.agreements[site].share, default="")
        found = (f"{share}, {self.agreements[worst].share:.2f} in `{worst}`",) if low else ()
        gradients = (f"between seeds {text}" for text in gradient_doubts(self.gradients))
        return (*found, *gradients)

    @property
    def hours(self) -> float:
        """Device hours of all searches together."""
        return sum(row.seconds for row in self.rows) / 3600


def seed_table(space: Space, runs: Sequence[tuple[int, Path]]) -> SeedTable:
    """Of finished runs by seed, all of one space."""
    from hypercuboid.graph.weights import read_weights

    found = [space.architecture((path / "arch.hc").read_text(encoding="utf-8")) for _, path in runs]
    weights = [read_weights(space.graph, path / "weights.json").values for _, path in runs]
    rows = tuple(_row(seed, path, one) for (seed, path), one in zip(runs, found, strict=True))
    kept = [
        {(one.name, key): value for one in each.elaborated.decided for key, value in one.kept.items()} for each in found
    ]
    return SeedTable(
        rows,
        _spread(rows),
        _agreements(space, kept),
        _between([path for _, path in runs]),
        space.select(_mean(weights)),
        space.select(_votes(space, kept)),
    )


def _kept(found: Space) -> Decisions:
    return {(one.name, key): value for one in found.elaborated.decided for key, value in one.kept.items()}


def _row(seed: int, path: Path, found: Space) -> Row:
    metrics, counts = read_metrics(path), found.counts()
    last = metrics[-1]
    seconds = sum(float(one["seconds"]) for one in metrics)
    measured = (last["score"], last["margin"], last["entropy"], last["validation_accuracy"], last.get("alpha_gradient"))
    return Row(seed, *measured, counts.params, counts.macs, seconds)


def _spread(rows: Sequence[Row]) -> dict[str, tuple[float, float]]:
    """Median and half range of the columns that have a number for every seed."""
    found = {}
    for name in ("score", "margin", "entropy", "validation_accuracy", "alpha_gradient", "params", "macs"):
        values = [getattr(row, name) for row in rows]
        if None not in values:
            found[name] = median_and_half_range(values)
    return found


def _agreements(space: Space, kept: Sequence[Decisions]) -> dict[str, Agreement]:
    """By site, in the order of the source; places that no seed comes to are left out."""
    found = {}
    for point in points_of(space.elaborated.definition):
        values = [_text(each.get((point.name, point.key), ())) for each in kept]
        if any(value != NOTHING for value in values):
            found[site_text(point.name, point.coordinates)] = agreement(values)
    return found


def _text(kept: tuple[Kept, ...]) -> str:
    texts = [path_text(one) if isinstance(one, KeptPath) else kept_text(_labels(one)) for one in kept]
    return ", ".join(texts) or NOTHING


def _labels(kept: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(label for label in kept if label is not None)


def _mean(weights: Sequence[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
    import numpy as np

    return {name: np.mean([one[name] for one in weights], axis=0) for name in weights[0]}


def _votes(space: Space, kept: Sequence[Decisions]) -> dict[str, np.ndarray]:
    """By decision and entry the share of the seeds that keep it."""
    import numpy as np

    from hypercuboid.graph.parts import kept_index

    found = {one.name: np.zeros(one.shape) for one in space.graph.decisions}
    points: dict[Any, Point] = {(p.name, p.key): p for p in points_of(space.elaborated.definition)}
    for each in kept:
        for address, values in each.items():
            point = points.get(address)
            if point is None:
                continue
            decision = space.graph.decision(point.name)
            front = tuple(axis.position(label) for axis, label in zip(decision.axes, point.key, strict=False))
            for one in values:
                found[point.name][(*front, *kept_index(decision, point, one))] += 1 / len(kept)
    return found


def _between(paths: Sequence[Path]) -> float | None:
    """The mean over pairs of seeds; None where gradients are missing, differ in shape or are constant."""
    from hypercuboid.runs.folder import read_tensors
    from hypercuboid.search.halves import correlation
    from hypercuboid.search.observers.alpha_gradient import FILE

    files = [path / FILE for path in paths]
    if len(files) < 2 or not all(file.is_file() for file in files):
        return None
    gradients = [read_tensors(file) for file in files]
    shapes = [{name: one.shape for name, one in gradient.items()} for gradient in gradients]
    if any(one != shapes[0] for one in shapes):
        return None
    found = [correlation([*a.values()], [b[name] for name in a]) for a, b in itertools.combinations(gradients, 2)]
    known = [one for one in found if one is not None]
    return sum(known) / len(known) if len(known) == len(found) else None
