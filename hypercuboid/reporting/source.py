"""The source of the space with weights in the margin, and where a run comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import numpy as np

from hypercuboid.frontend.elaborated import label_text
from hypercuboid.graph.decision import Decision
from hypercuboid.reporting.facts import Reported, read_object
from hypercuboid.runs.folder import flat_config
from hypercuboid.targets.charts.marks import Section, Table

LINES = 2_000
LABELS = 6
ELSEWHERE = 12
"""Decisions in other files that are shown."""

Place = TypeVar("Place")


def source(one: Reported) -> Section | None:
    """`space.hc` of the run; beside a decision the mean weights of its labels."""
    text = one.text("space.hc")
    if not text:
        return None
    margin, others = _margins(one)
    lines = tuple((i, line, margin.get(i, "")) for i, line in enumerate(text.splitlines()[:LINES], 1))
    words = (
        "The space as it was searched, its parameters as defaults. In the margin: mean weights of labels of a decision."
    )
    elsewhere = [f"{place}: {weights}" for place, weights in list(others.items())[:ELSEWHERE]]
    return Section("Source", (words, *elsewhere), source=lines)


def _margins(one: Reported) -> tuple[dict[int, str], dict[str, str]]:
    """By line of the space's own file; and by place, of decisions that stand in files that it uses."""
    own: dict[int, dict[str, None]] = {}
    others: dict[str, dict[str, None]] = {}
    if one.space is not None and one.weights is not None:
        path = one.space.request.module.module.source.path
        for decision in one.space.graph.decisions:
            if decision.span is None:
                continue
            here, line = decision.span.source.path == path, decision.span.line
            place = f"{decision.name} in {decision.span.source.path.rpartition('/')[2]}:{line}"
            into = own.setdefault(line, {}) if here else others.setdefault(place, {})
            into.update(dict.fromkeys(_of_axes(decision, one.weights[decision.name])))
    return _joined(own), _joined(others)


def _joined(found: Mapping[Place, Mapping[str, None]]) -> dict[Place, str]:
    return {place: "; ".join(list(words)[:4]) for place, words in found.items()}


def _of_axes(decision: Decision, weights: np.ndarray) -> Iterator[str]:
    """`op: SharpSepConv (0.610), ResizablePool (0.390)` for each competing axis."""
    live = decision.reaching()
    groups = max(1, int(live.any(axis=decision.competing_axes).sum()))
    for i in decision.competing_axes:
        others = tuple(k for k in range(len(decision.axes)) if k != i)
        means = np.where(live, weights, 0.0).sum(axis=others) / groups
        order = np.argsort(-means, kind="stable")[:LABELS]
        words = ", ".join(f"{label_text(decision.axes[i].labels[k])} ({means[k]:.3f})" for k in order)
        more = ", ..." if len(means) > LABELS else ""
        yield f"{decision.axes[i].name}: {words}{more}"


def provenance(one: Reported) -> Section:
    """What the run is made of, and the command that makes it again."""
    config = one.run.config
    command = str(config.get("command", ""))
    settings = flat_config({name: value for name, value in config.items() if name not in ("command", "recipe")})
    rows = [(name, _shown(value)) for name, value in settings.items()]
    recipe = [(f"recipe.{name}", _shown(value)) for name, value in flat_config(one.recipe).items()]
    words = (
        "The command that repeats this run, with a new folder for --run:" if command else "The command was not kept."
    )
    return Section("Provenance", (words,), Table(("setting", "value"), (*rows, *recipe, *_data(one))), code=command)


def _data(one: Reported) -> list[tuple[str, str]]:
    card: Mapping[str, Any] = read_object(one.run.path / "model.json")
    return [(f"data.{name}", _shown(value)) for name, value in flat_config(card).items()]


def _shown(value: object) -> str:
    text = (", ".join(map(str, value)) if isinstance(value, list) else str(value)) or "-"
    return text if len(text) <= 300 else f"{text[:300]}..."
