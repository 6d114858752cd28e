"""What a report knows of one run: its files, each as far as it is there and whole."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypercuboid.diagnostics import HypercuboidError, error
from hypercuboid.frontend.elaborated import Decided
from hypercuboid.frontend.made import still_open
from hypercuboid.frontend.points import points_of
from hypercuboid.graph.selection import Selection, select
from hypercuboid.graph.weights import read_weights
from hypercuboid.network.kept import kept_masks
from hypercuboid.pipeline import Space, load_target
from hypercuboid.runs.files import read_json, read_regular
from hypercuboid.runs.listing import Summary, find_runs, read_metrics, summarise
from hypercuboid.runs.reading import LARGEST, Run, read_run
from hypercuboid.runs.scored import read_scored
from hypercuboid.runs.weights_history import Recorded, read_history

if TYPE_CHECKING:
    import numpy as np


BASELINES = "baselines.json"
"""What `baselines` writes into a run, or into the folder of its seeds."""


@dataclass(frozen=True, eq=False)
class Reported:
    """One run. `space`, `weights` and `best` are None where it is no search, has not come so far, or cannot be read:
    `problems` then say why. `masks` are what the best architecture keeps, by decision.
    """

    name: str
    run: Run
    summary: Summary
    metrics: tuple[Mapping[str, Any], ...]
    history: tuple[Recorded, ...]
    scored: tuple[tuple[int, float], ...]
    problems: tuple[str, ...] = ()
    space: Space | None = None
    weights: Mapping[str, np.ndarray] | None = None
    best: Selection | None = None

    @property
    def recipe(self) -> Mapping[str, Any]:
        recipe = self.run.config.get("recipe")
        return recipe if isinstance(recipe, dict) else {}

    @property
    def method(self) -> str:
        """How it searched, in a word: its weighting, or its strategy where it weighs nothing."""
        return str(self.recipe.get("strategy" if self.scored else "weighting", ""))

    @property
    def masks(self) -> Mapping[str, np.ndarray]:
        if self.space is None or self.best is None:
            return {}
        return kept_masks(self.space.graph.decisions, self.best.decided)

    def series(self, name: str) -> tuple[tuple[float, float], ...]:
        """A number of the metrics by epoch, where it is one that was measured."""
        measured = (one for one in self.metrics if name not in _OF_SCORED or not _is_unscored(one))
        known = (one for one in measured if _is_number(one.get("epoch")) and _is_number(one.get(name)))
        return tuple((float(one["epoch"]), float(one[name])) for one in known)

    def last(self, name: str) -> float | None:
        """The newest number of that name."""
        found = self.series(name)
        return found[-1][1] if found else None

    @property
    def baselines(self) -> Mapping[str, Any]:
        """The table of `baselines`, its own or that of all seeds; empty where there is none."""
        return read_object(self.run.path / BASELINES) or baselines_of_seeds(self.run.path.parent)

    def text(self, name: str) -> str:
        """A text of the run folder; empty where there is none."""
        try:
            return read_regular(self.run.path / name, LARGEST).decode("utf-8", "replace")
        except OSError:
            return ""


def read_object(path: Path) -> Mapping[str, Any]:
    """A JSON object of a run folder; empty where there is none."""
    try:
        found = read_json(read_regular(path, LARGEST))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def baselines_of_seeds(folder: Path) -> Mapping[str, Any]:
    """The table of `baselines` in a folder of seeds; empty where it is none, or has none."""
    return {} if (folder / "config.json").is_file() else read_object(folder / BASELINES)


_OF_SCORED = ("validation_loss", "validation_accuracy", "score")


def _is_unscored(entry: Mapping[str, Any]) -> bool:
    """Whether an epoch trained weights alone: before the first architecture is scored these numbers are 0."""
    return entry.get("scored") == 0 and not any(entry.get(name) for name in _OF_SCORED)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def runs_below(paths: Iterable[Path]) -> list[Path]:
    """The runs that folders are, or hold as seeds or as a sweep does; HC8200 where one of them has none."""
    found: list[Path] = []
    for path in paths:
        own = find_runs(path) if path.is_dir() else []
        if not own:
            what = "holds no run" if path.is_dir() else "does not exist"
            raise error("HC8200", f"`{path}` {what}", help="give the folder that --run of `search` or `train` named")
        found += own
    return list(dict.fromkeys(found))


def read_reported(path: Path, name: str) -> Reported:
    """All that is known of a run; HC7007 where its configuration cannot be read."""
    run = read_run(path)
    lists = (tuple(read_metrics(path)), tuple(read_history(path)), tuple(read_scored(path)))
    bare = Reported(name, run, summarise(path), *lists)
    if not (path / "space.hc").is_file():
        return bare
    try:
        space = load_target(str(path / "space.hc"), run.space, (), ())
        space = space.without(run.left_out) if run.left_out else space
        space.counts()
    except HypercuboidError as problem:
        return replace(bare, problems=(f"its space cannot be read: {problem.diagnostics[0].message}",))
    return _weighed(replace(bare, space=space), space)


def _weighed(bare: Reported, space: Space) -> Reported:
    path = bare.run.path
    if not (path / "weights.json").is_file():
        return bare
    try:
        weights = read_weights(space.graph, path / "weights.json").values
        best = _best(space, bare, weights)
    except HypercuboidError as problem:
        return replace(bare, problems=(f"its weights cannot be read: {problem.diagnostics[0].message}",))
    return replace(bare, weights=weights, best=best)


def _best(space: Space, bare: Reported, weights: Mapping[str, np.ndarray]) -> Selection:
    """What the search says it found; what its weights say where that cannot be read, or is the same."""
    by_weights = select(space.graph, weights)[0]
    try:
        whole = space.architecture(bare.text("arch.hc"), "arch.hc").elaborated.decided
        points = (points_of(part.definition) for part in (space.elaborated, space.whole()))
        decided = still_open(whole, *points) if space.elaborated.decided else whole
    except HypercuboidError:
        return by_weights
    if as_json(decided) == as_json(by_weights.decided):
        return by_weights
    score, margin = bare.last("score"), bare.last("margin")
    return Selection(by_weights.score if score is None else score, None, margin, {}, decided, by_weights.entropy)


def as_json(decided: Iterable[Decided]) -> str:
    """Decisions as text, equal where they are."""
    return json.dumps([[one.name, sorted((repr(k), repr(v)) for k, v in one.kept.items())] for one in decided])
