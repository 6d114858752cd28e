"""Architecture weights as charts: heat maps of groups, each axis over epochs, parallel coordinates."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hypercuboid.frontend.elaborated import label_text
from hypercuboid.graph.groups import groups
from hypercuboid.reporting.facts import Reported
from hypercuboid.targets.charts.grid import Heat, heat_map
from hypercuboid.targets.charts.lines import Series, line_chart
from hypercuboid.targets.charts.marks import Figure, Section, joined, short
from hypercuboid.targets.charts.parallel import Line, parallel
from hypercuboid.targets.diagram_style import darkness

if TYPE_CHECKING:
    from hypercuboid.graph.decision import Decision
    from hypercuboid.pipeline import Space

CELLS, COLUMNS, CHARTS, LINES = 3_000, 60, 6, 8


@dataclass(frozen=True, eq=False)
class Group:
    """A competing group: its site, and by the text of each alternative its index in the array of its decision."""

    site: str
    decision: Decision
    entries: Mapping[str, tuple[int, ...]]

    @property
    def uniform(self) -> float:
        return 1 / max(1, len(self.entries))


def groups_of(decisions: Sequence[Decision]) -> Iterator[Group]:
    """All competing groups with the alternatives that can reach the output."""
    for decision in decisions:
        live = decision.reaching()
        for site, index in groups(decision):
            axes = [(i, axis) for i, axis in enumerate(decision.axes) if index[i] == slice(None)]
            entries = {}
            for at in itertools.product(*(range(len(axis.labels)) for _, axis in axes)):
                place = list(index)
                for (i, _), position in zip(axes, at, strict=True):
                    place[i] = position
                if live[tuple(place)]:
                    words = [label_text(axis.labels[position]) for (_, axis), position in zip(axes, at, strict=True)]
                    entries[", ".join(words) or "-"] = tuple(place)
            if entries:
                yield Group(site, decision, entries)


def weights_section(one: Reported) -> Section | None:
    """Nothing without weights; of a space too large for cells the axes alone."""
    if one.space is None or one.weights is None:
        return None
    decisions = one.space.graph.decisions
    figures = [*_heat_maps(one, decisions), *_axes(one, decisions), *_parallels(one, decisions)]
    words = (
        "Fuller colour is heavier, a logarithmic scale around uniform (1 / n in a group of n). Red: in the best one."
    )
    return Section("Weights by axis", (words,), figures=tuple(figures)) if figures else None


# ---------------------------------------------------------------- groups against alternatives


def _heat_maps(one: Reported, decisions: Sequence[Decision]) -> Iterator[Figure]:
    """Groups with the same alternatives stand in one map, beside each other."""
    if sum(decision.reaching().sum() for decision in decisions) > CELLS:
        return
    alike: dict[tuple[str, ...], list[Group]] = {}
    for group in groups_of(decisions):
        alike.setdefault((group.decision.name if len(group.entries) > 24 else "", *group.entries), []).append(group)
    parts = [some[i : i + COLUMNS] for some in alike.values() for i in range(0, len(some), COLUMNS)]
    for place, part in enumerate(parts[: 4 * CHARTS]):
        yield _heat_map(one, part, f" ({place + 1} of {len(parts)})" if len(parts) > 1 else "")


def _heat_map(one: Reported, part: Sequence[Group], which: str) -> Figure:
    assert one.weights is not None and one.space is not None
    masks, keys, moved = one.masks, itertools.count(), list[list[int]]()
    history = {epoch.epoch: arrays_of(one.space, epoch.weights) for epoch in one.history if epoch.weights}
    rows = list(part[0].entries)
    cells = []
    for row in rows:
        line = []
        for group in part:
            at, name = group.entries[row], group.decision.name
            value = float(one.weights[name][at])
            moved.append([_level(arrays[name][at], group.uniform) for arrays in history.values() if name in arrays])
            kept = name in masks and bool(masks[name][at])
            line.append(Heat(value, darkness(value, group.uniform), kept, str(next(keys))))
        cells.append(line)
    heaviest = [max(zip((c[x].value for c in cells), rows, strict=True)) for x in range(len(part))]
    words = joined([f"{g.site}: {row} {short(value)}" for g, (value, row) in zip(part, heaviest, strict=True)], 6)
    figure = heat_map(
        f"Weights of groups{which}",
        rows,
        [g.site for g in part],
        cells,
        f"Heaviest of each group: {words}.",
        "alternative",
    )
    if len(history) < 2 or any(len(line) != len(history) for line in moved):
        return figure
    return replace(figure, data={"epochs": json.dumps(list(history)), "dark": json.dumps(moved, separators=(",", ":"))})


def _level(value: float, uniform: float) -> int:
    return round(99 * darkness(float(value), uniform))


def arrays_of(space: Space, weights: Mapping[str, Sequence[float]]) -> dict[str, np.ndarray]:
    """The arrays that an epoch of the history left; a decision of which it has another number is left out."""
    found = {}
    for decision in space.graph.decisions:
        declared, values = decision.declared(), weights.get(decision.name, ())
        if len(values) == int(declared.sum()):
            array = np.zeros(decision.shape)
            array[declared] = values
            found[decision.name] = array
    return found


# ---------------------------------------------------------------- one axis over epochs


def _axes(one: Reported, decisions: Sequence[Decision]) -> Iterator[Figure]:
    """What the labels of each competing axis weigh, over uniform ones, in every epoch; axes of one name together."""
    assert one.weights is not None and one.space is not None
    history = [(epoch.epoch, arrays_of(one.space, epoch.weights)) for epoch in one.history if epoch.weights]
    history = history or [(0, dict(one.weights))]
    named: dict[tuple[str, ...], list[tuple[Decision, int]]] = {}
    for decision in decisions:
        for i in decision.competing_axes:
            axis = decision.axes[i]
            if len(axis.labels) > 1:
                named.setdefault((axis.name, *map(label_text, axis.labels)), []).append((decision, i))
    for (name, *labels), places in list(named.items())[:CHARTS]:
        columns = [_ratios(arrays, places) for _, arrays in history]
        title, note = f"Axis {name or 'of alternatives'} over epochs", "Weight over uniform weight, mean over groups."
        if len(labels) <= LINES and len(history) > 1:
            pairs = [
                (label, [(e, float(c[y])) for (e, _), c in zip(history, columns, strict=True)])
                for y, label in enumerate(labels)
            ]
            chart = line_chart(title, [Series(label, tuple(points)) for label, points in pairs], note=note)
            assert chart is not None
            yield chart
            continue
        cells = [[Heat(float(c[y]), _ratio_dark(c[y])) for c in columns] for y in range(len(labels))]
        last = sorted(zip(columns[-1], labels, strict=True), reverse=True)
        words = joined([f"{label} {value:.3g}" for value, label in last])
        summary = f"{note} 1 is uniform. At the end: {words}."
        shown = [str(epoch) if epoch else "now" for epoch, _ in history]
        yield heat_map(title, labels, shown, cells, summary, "label", "heat small")


def _ratio_dark(ratio: float) -> float:
    """1 is the middle, ten times more black, ten times less white."""
    return float(np.clip(0.5 + 0.5 * np.log10(max(ratio, 1e-9)), 0, 1))


def _ratios(arrays: Mapping[str, np.ndarray], places: Sequence[tuple[Decision, int]]) -> np.ndarray:
    """Per label its weight in the mean over groups, over what it would be were all alternatives alike."""
    weights, uniform = np.zeros(1), np.zeros(1)
    for decision, axis in places:
        if decision.name not in arrays:
            continue
        live, over = decision.reaching(), decision.competing_axes
        flat = live / np.maximum(live.sum(axis=over, keepdims=True), 1)
        others = tuple(i for i in range(len(decision.axes)) if i != axis)
        weights = weights + np.where(live, arrays[decision.name], 0.0).sum(axis=others)
        uniform = uniform + flat.sum(axis=others)
    found: np.ndarray = weights / np.where(uniform > 0, uniform, 1.0)
    return found


# ---------------------------------------------------------------- parallel coordinates


def _parallels(one: Reported, decisions: Sequence[Decision]) -> Iterator[Figure]:
    """One for each decision with several axes; decisions with one axis together, their names as another."""
    assert one.weights is not None
    wide = [decision for decision in decisions if len(decision.axes) > 1]
    for decision in wide[:CHARTS]:
        axes = [(axis.name, [label_text(label) for label in axis.labels]) for axis in decision.axes]
        yield parallel(f"Parallel coordinates of {decision.name}", axes, _lines(one, decision, axes))
    narrow = list(groups_of([one for one in decisions if len(one.axes) == 1]))
    if len(narrow) > 1:
        labels = list(dict.fromkeys(label for group in narrow for label in group.entries))
        axes = [("site", [group.site for group in narrow]), ("alternative", labels)]
        yield parallel(
            "Parallel coordinates of all decisions", axes, [line for g in narrow for line in _of_group(one, g)]
        )


def _lines(one: Reported, decision: Decision, axes: Sequence[tuple[str, Sequence[str]]]) -> list[Line]:
    assert one.weights is not None
    live, weights, mask = decision.reaching(), one.weights[decision.name], one.masks.get(decision.name)
    counts = np.broadcast_to(np.maximum(live.sum(axis=decision.competing_axes, keepdims=True), 1), live.shape)
    found = []
    for at in zip(*np.nonzero(live), strict=True):
        value, kept = float(weights[at]), mask is not None and bool(mask[at])
        labels = tuple(names[i] for (_, names), i in zip(axes, at, strict=True))
        found.append(Line(labels, value, darkness(value, 1 / float(counts[at])), kept))
    return found


def _of_group(one: Reported, group: Group) -> Iterator[Line]:
    assert one.weights is not None
    mask = one.masks.get(group.decision.name)
    for label, at in group.entries.items():
        value = float(one.weights[group.decision.name][at])
        yield Line((group.site, label), value, darkness(value, group.uniform), mask is not None and bool(mask[at]))
