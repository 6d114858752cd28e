"""What weights say of the alternatives of a choice: weight, rank, and whether a selection keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hypercuboid.frontend.elaborated import Alternative, Decided, Kept, Label, label_text
from hypercuboid.frontend.places import Address
from hypercuboid.graph.decision import Decision
from hypercuboid.targets.diagram_costs import body_cost, cost_text, place_text
from hypercuboid.targets.diagram_groups import group_ranks, group_sizes
from hypercuboid.targets.sheet import Row

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Standing:
    """The arrays of a decision: sizes of competing groups, ranks in them, weights, and which entries are live."""

    decision: Decision
    values: np.ndarray | None
    sizes: np.ndarray
    ranks: np.ndarray | None
    live: np.ndarray


@dataclass
class Ratings:
    """Rows of choices. `labels` collects what gets a hue; `kept` maps decisions to what is kept at each coordinate."""

    standings: Mapping[str, Standing]
    kept: Mapping[str, Mapping[tuple[Label, ...], tuple[Kept, ...]]]
    labels: list[str] = field(default_factory=list)
    costs: dict[int, tuple[int | None, int | None]] = field(default_factory=dict)

    def hue(self, label: str) -> int:
        """The hue of a label: that of its first place in the source."""
        if label not in self.labels:
            self.labels.append(label)
        return self.labels.index(label)

    def row(self, address: Address, one: Alternative, shown: tuple[Label, ...]) -> Row:
        """The row of an alternative under `shown`, a part of its label."""
        name, coordinates = address
        where = tuple(label for _, label in coordinates)
        label = ", ".join(map(label_text, shown)) or "op"
        text = [f"{name}{_coordinates(address)}: {', '.join(map(label_text, one.label))}"]
        weight, uniform, rank, live = self._standing(name, (*where, *one.label))
        if weight is not None:
            of = round(1 / uniform)
            text.append(f"weight {weight:.6g}, rank {rank} of {of}, {weight / uniform:.3g} x uniform")
        text += filter(None, [cost_text(*self._cost(one))])
        kept = one.label in self.kept.get(name, {}).get(where, ())
        text += ["kept"] * kept + ["cannot reach the output"] * (not live)
        text.append(place_text(one.body.nodes[one.body.output].span))
        return Row(label, self.hue(label), "\n".join(text), weight, uniform, rank, kept, live)

    def _cost(self, one: Alternative) -> tuple[int | None, int | None]:
        if id(one.body) not in self.costs:
            self.costs[id(one.body)] = body_cost(one.body)
        return self.costs[id(one.body)]

    def _standing(self, name: str, labels: tuple[Label, ...]) -> tuple[float | None, float, int, bool]:
        found = self.standings.get(name)
        if found is None or len(found.decision.axes) != len(labels):
            return None, 1.0, 0, True
        at = tuple(axis.position(label) for axis, label in zip(found.decision.axes, labels, strict=True))
        weight = None if found.values is None else float(found.values[at])
        rank = 0 if found.ranks is None else int(found.ranks[at])
        return weight, 1 / int(found.sizes[at]), rank, bool(found.live[at])


def _coordinates(address: Address) -> str:
    where = ", ".join(f"{axis} = {label_text(label)}" for axis, label in address[1])
    return f"[{where}]" if where else ""


def ratings(
    decisions: tuple[Decision, ...], weights: Mapping[str, np.ndarray] | None, kept: tuple[Decided, ...]
) -> Ratings:
    """The ratings of all decisions of a graph."""
    standings = {}
    for one in decisions:
        values = None if weights is None else weights.get(one.name)
        standings[one.name] = Standing(one, values, group_sizes(one), group_ranks(one, values), one.reaching())
    return Ratings(standings, {one.name: one.kept for one in kept})
