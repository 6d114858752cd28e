"""What of a path can be on a way from its entry to its exit."""

from __future__ import annotations

from hypercuboid.graph.forest import Path
from hypercuboid.records import dataclass


@dataclass(frozen=True)
class Reach:
    """`states[i][j]` are the states of segment i before its layer j (after the last at the end) on some whole path;
    `gaps[p]` the keys of `Path.gap(p)` that are."""

    states: tuple[tuple[frozenset[int], ...], ...]
    gaps: tuple[frozenset[int | tuple[int, int]], ...]


def reach(point: Path) -> Reach:
    """Forward from the entry, then backward from the exit; steps alike lead on alike, and are looked at once."""
    ahead: dict[object, frozenset[int]] = {}
    back: dict[object, frozenset[int]] = {}
    forward: list[list[frozenset[int]]] = []
    current = frozenset(point.entry)
    for position, segment in enumerate(point.segments):
        states = [current]
        for layer in segment.layers:
            key = (id(layer.template), current)
            if key not in ahead:
                ahead[key] = frozenset(t for s, t in layer.template.pairs if s in current)
            current = ahead[key]
            states.append(current)
        forward.append(states)
        if position < len(point.bridges):
            current = frozenset(t for s, t in point.bridges[position] if s in current)
    current = current & frozenset(point.exit)
    gaps: list[frozenset[int | tuple[int, int]]] = [current]
    backward: list[tuple[frozenset[int], ...]] = []
    for position in range(len(point.segments) - 1, -1, -1):
        states = [current]
        layers = point.segments[position].layers
        for layer, before in zip(reversed(layers), reversed(forward[position][:-1]), strict=True):
            way = (id(layer.template), current, before)
            if way not in back:
                back[way] = frozenset(s for s, t in layer.template.pairs if t in current and s in before)
            current = back[way]
            states.append(current)
        backward.append(tuple(reversed(states)))
        if position:
            pairs = point.bridges[position - 1]
            ends = forward[position - 1][-1]
            gaps.append(frozenset((s, t) for s, t in pairs if t in current and s in ends))
            current = frozenset(s for s, t in pairs if t in current and s in ends)
    gaps.append(current)
    return Reach(tuple(reversed(backward)), tuple(reversed(gaps)))
