"""A cuboid while it is elaborated: its candidates, where they stand, and what each gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from hypercuboid.diagnostics import error
from hypercuboid.frontend import ast
from hypercuboid.frontend.arithmetic import truth
from hypercuboid.frontend.axes import Axes
from hypercuboid.frontend.builder import StateBuilder
from hypercuboid.frontend.context import Context, label_component
from hypercuboid.frontend.elaborated import (
    KeptPath,
    Label,
    label_text,
)
from hypercuboid.frontend.evaluate import evaluate
from hypercuboid.frontend.shown import type_name
from hypercuboid.frontend.values import Family, Missing, Tensor
from hypercuboid.records import dataclass

DeadMove: TypeAlias = tuple[int, int, tuple[Label, ...]]


@dataclass(frozen=True)
class Move:
    """A candidate before it is evaluated: positions of its states, its choice label and the names it binds."""

    source: int
    target: int
    label: tuple[Label, ...]
    names: tuple[tuple[str, Any], ...]


@dataclass(eq=False)
class Trellis:
    """A cuboid while it is elaborated."""

    statement: ast.Cuboid
    axes: Axes
    context: Context
    name: str
    place: str
    moves: list[Move]
    scope: StateBuilder
    uses: Mapping[object, int]
    """Of the frame before the cuboid."""


def step_context(trellis: Trellis, coordinates: tuple[Label, ...]) -> Context:
    values = trellis.axes.depth_values[trellis.axes.depth_index[coordinates]]
    return trellis.context.bind_all(zip(trellis.axes.depth, values, strict=True))


def evaluate_move(trellis: Trellis, move: Move, states: dict[int, Any], context: Context) -> Tensor | Missing | None:
    """The output of a candidate; None where a `where` over choices leaves it out."""
    from hypercuboid.frontend.bodies import bind_let, with_value_choices  # bodies hold choices

    labels = trellis.axes.state_labels
    family = Family(trellis.statement.name, {(labels[i],): tensor for i, tensor in states.items()})
    inner = context.bind_all(move.names).bind(trellis.statement.name, family)
    if not is_let_through(trellis, inner):
        return None

    def run(place: Context) -> Any:
        for let in trellis.statement.lets:
            place = bind_let(let, place)
        return evaluate(trellis.statement.result, place)

    value = with_value_choices(trellis.statement.lets, inner, run)
    if not isinstance(value, (Tensor, Missing)):
        span = trellis.statement.result.span
        help = f"give a tensor: `{trellis.statement.name}[{trellis.axes.states[0]}] -> ...`"
        raise error("HC3016", f"`out` of a cuboid must be a tensor, not {type_name(value)}", span, help=help)
    return value


def is_let_through(trellis: Trellis, context: Context) -> bool:
    """Whether the `where`s over choices leave a candidate in."""
    conditions = [axis.where for axis in trellis.statement.axes if isinstance(axis, ast.ChoiceAxis)]
    return all(truth(evaluate(one, context), one.span) for one in conditions if one is not None)


def place_of(trellis: Trellis, move: Move, context: Context) -> Context:
    """The place of a candidate's inside: its label in the path, its states as coordinates."""
    first, second = trellis.axes.states
    labels = trellis.axes.state_labels
    path = context.path
    if move.label:
        component = label_component(trellis.axes.choices, move.label)
        path = f"{path}.{component}"
    where = (*context.coordinates, (first, labels[move.source]), (second, labels[move.target]))
    return context.but(path=path, coordinates=where, forks=None)


def is_wanted(trellis: Trellis, move: Move, wanted: tuple[KeptPath, ...] | None) -> bool:
    if wanted is None:
        return True
    labels = trellis.axes.state_labels
    return KeptPath(labels[move.source], labels[move.target], move.label) in wanted


def move_text(trellis: Trellis, move: Move) -> str:
    labels = trellis.axes.state_labels
    choice = f": {label_text(move.label if len(move.label) > 1 else move.label[0])}" if move.label else ""
    return f"{label_text(labels[move.source])} -> {label_text(labels[move.target])}{choice}"


def broken_path(trellis: Trellis, coordinates: tuple[Label, ...], wanted: tuple[KeptPath, ...]) -> None:
    where = ", ".join(f"{n} = {label_text(v)}" for n, v in zip(trellis.axes.depth, coordinates, strict=True))
    starts = ", ".join(label_text(one.source) for one in wanted)
    raise error(
        "HC5004",
        f"the path through `{trellis.name}` is broken at {where}",
        trellis.statement.span.first_line,
        f"the step starts from state {starts}, and the step before does not lead there" if starts else "",
        help="start each step where the one before ends",
    )
