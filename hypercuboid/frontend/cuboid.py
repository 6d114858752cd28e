"""Cuboids: the paper's n-tuple as a trellis over states, one step per depth coordinate, equal steps folded."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

from hypercuboid.diagnostics import error
from hypercuboid.frontend import ast
from hypercuboid.frontend.arithmetic import truth
from hypercuboid.frontend.axes import Axes, read_axes
from hypercuboid.frontend.builder import StateBuilder
from hypercuboid.frontend.choices import nothing_left
from hypercuboid.frontend.context import Context
from hypercuboid.frontend.decided_steps import walk_steps
from hypercuboid.frontend.elaborated import (
    Decided,
    KeptPath,
    Label,
    label_text,
)
from hypercuboid.frontend.evaluate import evaluate
from hypercuboid.frontend.folds import coordinate
from hypercuboid.frontend.open_steps import fold_steps
from hypercuboid.frontend.shown import type_name
from hypercuboid.frontend.trellis import Move, Trellis
from hypercuboid.frontend.values import Family, Missing, Tensor

CANDIDATE_LIMIT = 20_000

STEP_LIMIT = 10_000


def run_cuboid(statement: ast.Cuboid, context: Context) -> Family:
    """The family of final states: of an open cuboid those of one folded node, of a decided one the kept path's."""
    inner = context.named(statement.name)
    place = context.builder.unique(inner.place)
    axes = read_axes(statement, context)
    _refuse_giants(statement, axes)
    name = context.frame.declare(inner.path, statement.span)
    start = _start(statement, axes, context)
    moves = _moves(statement, axes, context)
    scope = StateBuilder(context.builder, len(axes.state_labels))
    trellis = Trellis(statement, axes, inner, name, place, moves, scope, dict(context.frame.uses))
    decided = _decided(trellis, context.frame.binding.get(name))
    states = start
    for is_folded, steps in _runs(axes, decided):
        states = (fold_steps if is_folded else walk_steps)(trellis, states, steps, decided)
    return Family(statement.name, {(label,): state for label, state in zip(axes.state_labels, states, strict=True)})


def _runs(
    axes: Axes, decided: Mapping[tuple[Label, ...], tuple[KeptPath, ...]]
) -> list[tuple[bool, list[tuple[Label, ...]]]]:
    """The steps in a row that are folded or not. Of an open cuboid a step that keeps several stands in the body."""
    steps = axes.depth_labels
    if axes.alone or all(step in decided for step in steps):
        return [(False, list(steps))]
    return [(k, list(run)) for k, run in itertools.groupby(steps, lambda step: len(decided.get(step, ())) < 2)]


def _refuse_giants(statement: ast.Cuboid, axes: Axes) -> None:
    per_step = len(axes.state_labels) ** 2 * math.prod(len(labels) for labels in axes.choice_labels)
    steps = axes.step_count
    if per_step <= CANDIDATE_LIMIT and steps <= STEP_LIMIT:
        return
    worst, size = max(axes.sizes, key=lambda axis: axis[1])
    restricted = any(isinstance(axis, (ast.StateAxis, ast.ChoiceAxis)) and axis.where for axis in statement.axes)
    weights = "up to " * restricted + f"{per_step * steps}"
    raise error(
        "HC4001",
        f"cuboid `{statement.name}` is too large to elaborate",
        axes.spans[worst],
        f"this axis has {size} coordinates",
        notes=(f"it has {weights} weights: {per_step} alternatives in each of {steps} steps",),
        help=f"make `{worst}` smaller",
    )


def _start(statement: ast.Cuboid, axes: Axes, context: Context) -> list[Tensor | Missing]:
    """The member of each state: by its label, or where that is a tuple by its position, as families count them."""
    family = evaluate(statement.source, context)
    if not isinstance(family, Family) or family.holds_blocks:
        raise error(
            "HC3019",
            f"`from` needs a family with a member per state, not {type_name(family)}",
            statement.source.span,
            help=f"write `node stem[{axes.states[0]} in ...] = ...` and `from stem`",
        )
    found = []
    for position, (label, value) in enumerate(zip(axes.state_labels, axes.state_values, strict=True)):
        keys = [(label,), (coordinate(value, position),)]
        key = next((key for key in keys if key in family.members), None)
        if key is None:
            raise error(
                "HC3019",
                f"`{family.name}` has no member for state {label_text(label)}",
                statement.source.span,
                notes=(f"states: {', '.join(map(label_text, axes.state_labels[:12]))}",),
                help=f"define `node {family.name}[s in ...]` over all states",
            )
        found.append(family.members[key])
    return found


def _moves(statement: ast.Cuboid, axes: Axes, context: Context) -> list[Move]:
    """All candidates of a step in declared order that `where` lets through on the states alone."""
    first, second = axes.states
    states = list(enumerate(zip(axes.state_labels, axes.state_values, strict=True)))
    choices = list(
        itertools.product(
            *(zip(a, b, strict=True) for a, b in zip(axes.choice_labels, axes.choice_values, strict=True))
        )
    )
    where = next((axis.where for axis in statement.axes if isinstance(axis, ast.StateAxis)), None)
    moves = []
    for (i, (_, a)), (j, (_, b)) in itertools.product(states, states):
        pair = ((first, a), (second, b))
        if where is not None and not truth(evaluate(where, context.bind_all(pair)), where.span):
            continue
        for choice in choices:
            names = tuple((name, value) for name, (_, value) in zip(axes.choices, choice, strict=True))
            moves.append(Move(i, j, tuple(label for label, _ in choice), (*pair, *names)))
    if not moves and where is not None:
        message = f"no alternative of cuboid `{statement.name}` is left"
        raise nothing_left("HC5003", message, where, context, statement.span.first_line)
    if not moves:
        help = "widen its axes or its `where`"
        raise error(
            "HC5003", f"no alternative of cuboid `{statement.name}` is left", statement.span.first_line, help=help
        )
    return moves


def _decided(trellis: Trellis, decided: Decided | None) -> dict[tuple[Label, ...], tuple[KeptPath, ...]]:
    """What is kept at each decided depth coordinate."""
    if decided is None:
        return {}
    prefix = tuple(label for _, label in trellis.context.coordinates)
    found: dict[tuple[Label, ...], tuple[KeptPath, ...]] = {}
    for key, kept in decided.kept.items():
        if key[: len(prefix)] == prefix:
            found[key[len(prefix) :]] = tuple(one for one in kept if isinstance(one, KeptPath))
    return found
