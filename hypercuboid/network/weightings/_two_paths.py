"""Two paths through each cuboid of two architectures: where they part and meet, and which entries switch them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from hypercuboid.frontend.elaborated import Coordinates, KeptPath
from hypercuboid.graph.changes import groups_of
from hypercuboid.graph.forest import Group, Path, Point, Segment

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph
    from hypercuboid.graph.decision import Decision
    from hypercuboid.graph.numbering import Picks

Entry: TypeAlias = tuple[str, tuple[int, ...]]
"""A decision and an index of its array."""

Pair: TypeAlias = tuple[Entry, Entry]
"""What the first and what the second path keep at one depth coordinate."""


@dataclass
class TwoPaths:
    """Two paths through a cuboid, or through cuboids in a row. `steps` are the pairs of entries that differ.

    `switches` are the pairs on which a gate belongs: where the paths meet in one state, or end in two. What runs
    between there runs whole, so that what arrives at a gate is what its path computes.
    """

    steps: list[Pair] = field(default_factory=list)
    switches: list[Pair] = field(default_factory=list)


@dataclass(frozen=True)
class _Step:
    entries: Pair
    sources: tuple[Any, Any]
    targets: tuple[Any, Any]


def two_paths(graph: Graph, first: Picks, second: Picks) -> list[TwoPaths]:
    """The pairs of paths of two architectures, one for each row of cuboids that both walk and in which they differ.

    `first` must name the steps of a path in its order.
    """
    segments = {one.name: one for one in _segments(graph.forest.outcomes)}
    before = dict(_continued(graph.forest.outcomes))
    known = {one.name: one for one in graph.decisions}
    ended: dict[tuple[str, Coordinates], tuple[TwoPaths, bool]] = {}
    for (name, outer), steps in _cuboids(segments, known, first, second).items():
        row, apart = ended.get((before.get(name, ""), outer), (TwoPaths(), False))
        ended[name, outer] = row, _walk(steps, row, apart)
    rows = {id(row): row for row, _ in ended.values() if row.steps}
    return list(rows.values())


def _cuboids(
    segments: Mapping[str, Segment], known: Mapping[str, Decision], first: Picks, second: Picks
) -> dict[tuple[str, Coordinates], list[_Step]]:
    """The steps of each cuboid that both architectures walk, by its name and the coordinates before its own."""
    found: dict[tuple[str, Coordinates], list[_Step]] = {}
    for (name, coordinates), one in first.items():
        other = second.get((name, coordinates))
        if not isinstance(one, KeptPath) or not isinstance(other, KeptPath):
            continue
        labels = tuple(label for _, label in coordinates)
        pair = (_entry(known[name], labels, one), _entry(known[name], labels, other))
        outer = coordinates[: len(coordinates) - len(segments[name].depth)]
        step = _Step(pair, (one.source, other.source), (one.target, other.target))
        found.setdefault((name, outer), []).append(step)
    return found


def _entry(decision: Decision, labels: tuple[Any, ...], kept: KeptPath) -> Entry:
    whole = (*labels, kept.source, kept.target, *kept.label)
    index = tuple(axis.position(label) for axis, label in zip(decision.axes, whole, strict=True))
    return decision.name, index


def _walk(steps: Sequence[_Step], row: TwoPaths, gated: bool) -> bool:
    """Adds the steps of one cuboid to its row; whether the paths end in two states, a gate on each.

    `gated`: whether those that this one begins in come from states with a gate already.
    """
    for step, after in zip(steps, (*steps[1:], None), strict=True):
        gated = gated and step.sources[0] != step.sources[1]
        if step.entries[0] == step.entries[1]:
            continue
        row.steps.append(step.entries)
        meet = step.targets[0] == step.targets[1]
        if not gated and (meet or after is None or after.sources != step.targets):
            row.switches.append(step.entries)
    last = steps[-1].targets
    return bool(last[0] != last[1])


def _points(group: Group) -> Iterator[Point]:
    """All points below a group."""
    for point in group.points:
        yield point
        for inner in groups_of(point):
            yield from _points(inner)


def _segments(root: Group) -> Iterator[Segment]:
    for point in _points(root):
        if isinstance(point, Path):
            yield from point.segments


def _continued(root: Group) -> Iterator[tuple[str, str]]:
    """Cuboids that go on from another, by name, with that one's."""
    for point in _points(root):
        if isinstance(point, Path):
            names = [one.name for one in point.segments]
            yield from ((one, before) for before, one in itertools.pairwise(names) if one != before)
