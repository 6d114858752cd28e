"""Paths whose parts changed: what is impossible is left out, and what is on no way from the entry to the exit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypercuboid.graph.forest import Group, Move, Path, Segment, Template
from hypercuboid.graph.reach import reach
from hypercuboid.records import replace


def changed_path(path: Path, change: Callable[[Group], Group | None]) -> Path:
    """The path with every group changed, without those that become None; templates stay shared."""
    memo: dict[int, Template] = {}

    def template(old: Template) -> Template:
        if id(old) not in memo:
            moves = ((move, change(move.group)) for move in old.moves)
            memo[id(old)] = Template(tuple(replace(m, group=group) for m, group in moves if group is not None))
        return memo[id(old)]

    return replace(
        path,
        segments=tuple(
            replace(s, layers=tuple(replace(layer, template=template(layer.template)) for layer in s.layers))
            for s in path.segments
        ),
        entry=possible({state: change(group) for state, group in path.entry.items()}),
        bridges=tuple(possible({pair: change(g) for pair, g in bridge.items()}) for bridge in path.bridges),
        exit=possible({state: change(group) for state, group in path.exit.items()}),
        built=(),
    )


def possible(groups: Mapping[Any, Group | None]) -> dict[Any, Group]:
    """What is not None."""
    return {key: group for key, group in groups.items() if group is not None}


def on_a_way(path: Path) -> Path | None:
    """The path with those numbers only that are on a way from its entry to its exit, counted anew; None for no way."""
    reached = reach(path)
    if not reached.gaps[0]:
        return None
    used = [sorted(set().union(*states)) for states in reached.states]
    if all(len(numbers) == s.size for numbers, s in zip(used, path.segments, strict=True)):
        return path
    new = [{number: position for position, number in enumerate(numbers)} for numbers in used]
    bridges = tuple(
        {(before[s], after[t]): group for (s, t), group in bridge.items() if s in before and t in after}
        for bridge, before, after in zip(path.bridges, new, new[1:], strict=False)
    )
    return replace(
        path,
        segments=tuple(_renumbered(segment, numbers) for segment, numbers in zip(path.segments, new, strict=True)),
        entry={new[0][state]: group for state, group in path.entry.items() if state in new[0]},
        bridges=bridges,
        exit={new[-1][state]: group for state, group in path.exit.items() if state in new[-1]},
    )


def _renumbered(segment: Segment, new: Mapping[int, int]) -> Segment:
    memo: dict[int, Template] = {}

    def template(old: Template) -> Template:
        if id(old) not in memo:
            left = (move for move in old.moves if move.source in new and move.target in new)
            moves = (Move(new[move.source], new[move.target], move.label, move.group) for move in left)
            memo[id(old)] = Template(tuple(moves))
        return memo[id(old)]

    layers = tuple(replace(layer, template=template(layer.template)) for layer in segment.layers)
    return replace(segment, layers=layers, numbers=tuple(segment.state(old) for old in new))
