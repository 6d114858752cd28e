"""Decided steps of a cuboid: only what is kept, in the body around it."""

from __future__ import annotations

from hypercuboid.frontend.builder import Builder
from hypercuboid.frontend.context import Context
from hypercuboid.frontend.elaborated import (
    KeptPath,
    Label,
    bracketed,
    instance_component,
)
from hypercuboid.frontend.open_choices import add_up
from hypercuboid.frontend.trellis import Trellis, broken_path, evaluate_move, is_wanted, place_of, step_context
from hypercuboid.frontend.values import Missing, Tensor
from hypercuboid.ops.base import UNKNOWN


def walk_steps(
    trellis: Trellis,
    start: list[Tensor | Missing],
    coordinates_of_steps: list[tuple[Label, ...]],
    decided: dict[tuple[Label, ...], tuple[KeptPath, ...]],
) -> list[Tensor | Missing]:
    """Decided steps: only what is kept, in the body around the cuboid."""
    axes = trellis.axes
    labels = axes.state_labels
    states: dict[int, Tensor | Missing] = dict(enumerate(start))
    for coordinates in coordinates_of_steps:
        step_place = step_context(trellis, coordinates)
        depth = tuple(zip(axes.depth, coordinates, strict=True))
        step_place = step_place.but(coordinates=(*step_place.coordinates, *depth))
        wanted = decided.get(coordinates)
        gained: dict[int, list[Tensor | Missing]] = {}
        for move in trellis.moves:
            if not is_wanted(trellis, move, wanted) or isinstance(states[move.source], Missing):
                continue
            component = instance_component(
                trellis.place, coordinates, labels[move.source], labels[move.target], move.label
            )
            place = place_of(trellis, move, step_place).but(place=component)
            value = evaluate_move(trellis, move, states, place)
            if isinstance(value, Tensor):
                gained.setdefault(move.target, []).append(value)
        if not gained:
            broken_path(trellis, coordinates, wanted or ())
        span = trellis.statement.result.span
        place = step_place.but(place=trellis.place + bracketed(coordinates))
        states = {
            **_unvisited(trellis, states, set(gained), step_place),
            **{i: add_up(list(values), place, span) for i, values in gained.items()},
        }
    return [states[i] for i in range(len(labels))]


def _unvisited(
    trellis: Trellis, states: dict[int, Tensor | Missing], visited: set[int], step_place: Context
) -> dict[int, Missing]:
    """The states that the path does not visit: missing, and of the shape that a step into them gives."""
    before = {i: Missing(state.type) for i, state in states.items()}
    frame = step_place.frame
    found: dict[int, Missing] = {}
    names = frame.snapshot()
    for target in sorted(before.keys() - visited):
        moves = (one for one in trellis.moves if one.target == target and before[one.source].type.known)
        places = ((one, place_of(trellis, one, step_place)) for one in moves)
        scratch = Builder(trellis.context.builder)
        values = (evaluate_move(trellis, one, before, place.but(builder=scratch, place="")) for one, place in places)
        found[target] = Missing(next((value.type for value in values if value is not None), UNKNOWN))
    frame.restore(names)
    return found
