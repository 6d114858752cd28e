"""What weights say of the alternatives of a choice: weight, rank, and whether a selection keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from hypercuboid.frontend.elaborated import Alternative, Body, Decided, Kept, Label, TrellisNode, label_text
from hypercuboid.frontend.places import Address, Place
from hypercuboid.graph.decision import Decision
from hypercuboid.targets.diagram_costs import body_cost, cost_text, place_text
from hypercuboid.targets.diagram_data import Drawing, entry_shapes, from_trellis, path_of, weight_text
from hypercuboid.targets.diagram_groups import FREE, Standing
from hypercuboid.targets.hues import Palette, kept_text, named_text, standard, written
from hypercuboid.targets.sheet import Row

if TYPE_CHECKING:
    import numpy as np

Offered: TypeAlias = tuple[tuple[tuple[str, ...], tuple[Label, ...]], ...]
"""As in `Elaborated`."""


@dataclass
class Ratings:
    """Rows of choices. `labels` collects what gets a hue; `kept` maps decisions to what is kept at each coordinate."""

    standings: Mapping[str, Standing]
    decided: tuple[Decided, ...]
    kept: Mapping[str, Mapping[tuple[Label, ...], tuple[Kept, ...]]]
    palette: Palette
    names: Mapping[str, str]
    """What a decided network may keep, by how names of nodes have it: what the legend calls it."""
    labels: dict[str, int] = field(default_factory=dict)
    costs: dict[int, tuple[int | None, int | None]] = field(default_factory=dict)

    def hue(self, label: str) -> int:
        """The hue of a label, which the legend then has."""
        return self.labels.setdefault(label, self.palette.hue(label))

    def hue_of_kept(self, texts: Iterable[str]) -> int | None:
        """The hue of what a node of a decided network was kept as, one of the texts; None where it was no choice."""
        found = next((self.names[one] for one in texts if one in self.names), None)
        return None if found is None else self.hue(found)

    def row(self, address: Address, one: Alternative, shown: tuple[Label, ...], axes: tuple[str, ...] = ()) -> Row:
        """The row of an alternative under `shown`, a part of its label; `axes` are those of the whole label."""
        name, coordinates = address
        where = tuple(label for _, label in coordinates)
        label = ", ".join(map(label_text, shown)) or "op"
        text = [f"{name}{_coordinates(address)}: {', '.join(map(label_text, one.label))}"]
        rated = self.standings[name].of((*where, *one.label)) if name in self.standings else FREE
        text += filter(None, [weight_text(rated.weight, rated.uniform, rated.rank)])
        text += filter(None, [cost_text(*self._cost(one))])
        kept = one.label in self.kept.get(name, {}).get(where, ())
        text += ["kept"] * kept + ["cannot reach the output"] * (not rated.live)
        text.append(place_text(one.body.nodes[one.body.output].span))
        title = "\n".join(text)
        return Row(
            label,
            self.hue(named_text(axes, shown) if len(axes) == len(shown) else label),
            title,
            rated.weight,
            rated.uniform,
            rated.rank,
            kept,
            rated.live,
        )

    def cuboid(self, node: TrellisNode, body: Body, place: Place) -> Drawing:
        """The drawing of a cuboid in a body; one without choices has the hue of its own name."""
        name, coordinates = place.decision(node.decision, node.coordinates)
        found = from_trellis(node, self.standings.get(name), coordinates, path_of(self.decided, name))
        own = node.decision.rsplit(".", 1)[-1]
        hues = tuple(self.hue(own if one == "op" else one) for one in found.names)
        return replace(found, title=f"cuboid {own}", shapes=entry_shapes(node, body), hues=hues)

    def _cost(self, one: Alternative) -> tuple[int | None, int | None]:
        if id(one.body) not in self.costs:
            self.costs[id(one.body)] = body_cost(one.body)
        return self.costs[id(one.body)]


def _coordinates(address: Address) -> str:
    where = ", ".join(f"{axis} = {label_text(label)}" for axis, label in address[1])
    return f"[{where}]" if where else ""


def ratings(
    decisions: tuple[Decision, ...],
    weights: Mapping[str, np.ndarray] | None,
    kept: tuple[Decided, ...],
    offered: Offered = (),
) -> Ratings:
    """The ratings of all decisions of a graph; `offered` is what the space of an architecture chooses among."""
    standings = {
        one.name: Standing.of_decision(one, None if weights is None else weights.get(one.name)) for one in decisions
    }
    names = {written(label): kept_text(axes, label) for axes, label in offered}
    expected = (
        *standard(map(label_text, chain(*(axis.labels for one in decisions for axis in one.axes)))),
        *names.values(),
    )
    return Ratings(standings, kept, {one.name: one.kept for one in kept}, Palette(expected), names)
