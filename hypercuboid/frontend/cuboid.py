"""Cuboids: the paper's n-tuple as a trellis over states, one step per depth coordinate, equal steps folded."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from hypercuboid.diagnostics import HypercuboidError, Span, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.arithmetic import truth
from hypercuboid.frontend.axes import Axes, read_axes
from hypercuboid.frontend.builder import Builder, StateBuilder
from hypercuboid.frontend.choices import nothing_left
from hypercuboid.frontend.context import Context, label_component
from hypercuboid.frontend.deciding import add_up
from hypercuboid.frontend.depths import depth_expressions, step_key
from hypercuboid.frontend.elaborated import (
    Candidate,
    Decided,
    KeptPath,
    Label,
    StateNode,
    Step,
    TrellisNode,
    bracketed,
    instance_component,
    label_text,
)
from hypercuboid.frontend.evaluate import evaluate
from hypercuboid.frontend.folds import coordinate
from hypercuboid.frontend.same_shape import narrower, way_out
from hypercuboid.frontend.values import Family, Missing, Tensor, type_name
from hypercuboid.frontend.zeros import is_zero
from hypercuboid.ops.base import UNKNOWN, TensorType

CANDIDATE_LIMIT = 20_000
STEP_LIMIT = 10_000


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
        states = (_fold if is_folded else _walk)(trellis, states, steps, decided)
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


# ---------------------------------------------------------------- one step


def _step_context(trellis: Trellis, coordinates: tuple[Label, ...]) -> Context:
    values = trellis.axes.depth_values[trellis.axes.depth_index[coordinates]]
    return trellis.context.bind_all(zip(trellis.axes.depth, values, strict=True))


def _evaluate_move(trellis: Trellis, move: Move, states: dict[int, Any], context: Context) -> Tensor | Missing | None:
    """The output of a candidate; None where a `where` over choices leaves it out."""
    from hypercuboid.frontend.bodies import bind_let, with_value_choices  # bodies hold choices

    labels = trellis.axes.state_labels
    family = Family(trellis.statement.name, {(labels[i],): tensor for i, tensor in states.items()})
    inner = context.bind_all(move.names).bind(trellis.statement.name, family)
    if not _is_let_through(trellis, inner):
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


def _is_let_through(trellis: Trellis, context: Context) -> bool:
    """Whether the `where`s over choices leave a candidate in."""
    conditions = [axis.where for axis in trellis.statement.axes if isinstance(axis, ast.ChoiceAxis)]
    return all(truth(evaluate(one, context), one.span) for one in conditions if one is not None)


def _places(trellis: Trellis, move: Move, context: Context) -> Context:
    """The place of a candidate's inside: its label in the path, its states as coordinates."""
    first, second = trellis.axes.states
    labels = trellis.axes.state_labels
    path = context.path
    if move.label:
        component = label_component(trellis.axes.choices, move.label)
        path = f"{path}.{component}"
    where = (*context.coordinates, (first, labels[move.source]), (second, labels[move.target]))
    return context.but(path=path, coordinates=where, forks=None)


def _candidates(
    trellis: Trellis, types: tuple[TensorType | None, ...], context: Context, wanted: tuple[KeptPath, ...] | None
) -> tuple[tuple[Candidate, ...], tuple[TensorType | None, ...]]:
    """The candidates of a step from states of these types, and the types of the states after it."""
    span = trellis.statement.result.span
    states = {i: Missing(UNKNOWN) if type is None else trellis.scope.state(i, type) for i, type in enumerate(types)}
    found: list[Candidate] = []
    after: list[TensorType | None] = [None] * len(types)
    seen: dict[int, str] = {}
    for move in trellis.moves:
        if types[move.source] is None or not _is_wanted(trellis, move, wanted):
            continue
        builder = Builder(trellis.scope)
        value = _evaluate_move(trellis, move, states, _places(trellis, move, context).but(builder=builder, place=""))
        if not isinstance(value, Tensor):
            continue
        body = builder.finish(value, span)
        slots = tuple(trellis.scope.position(tensor, span) for tensor, _ in builder.captured)
        _only_source(trellis, move, slots, span)
        text = _move_text(trellis, move)
        known = after[move.target]
        if known is not None and known.known and value.type.known and known.widest != value.type.widest:
            raise error(
                "HC3102",
                f"state {label_text(trellis.axes.state_labels[move.target])} gets different shapes",
                span,
                f"{seen[move.target]} gives {known}, {text} gives {value.type}",
                help=way_out(known, value.type),
            )
        after[move.target] = value.type if known is None else narrower(known, value.type)
        seen.setdefault(move.target, text)
        found.append(Candidate(move.source, move.target, move.label, body, slots, is_zero(body, (False,) * body.arity)))
    return tuple(found), tuple(after)


def _dead(trellis: Trellis, never: frozenset[int], context: Context) -> tuple[DeadMove, ...]:
    """The candidates of a step that are declared (ruling 15) and start in a state to which nothing leads."""
    name, labels = trellis.statement.name, trellis.axes.state_labels
    missing = Family(name, {(labels[i],): Missing(UNKNOWN) for i in never})
    found = []
    for move in trellis.moves:
        if move.source not in never:
            continue
        try:
            declared = _is_let_through(trellis, context.bind_all(move.names).bind(name, missing))
        except HypercuboidError:  # the `where` asks for a size of the state, which has none
            continue
        if declared:
            found.append((move.source, move.target, move.label))
    return tuple(found)


def _move_text(trellis: Trellis, move: Move) -> str:
    labels = trellis.axes.state_labels
    choice = f": {label_text(move.label if len(move.label) > 1 else move.label[0])}" if move.label else ""
    return f"{label_text(labels[move.source])} -> {label_text(labels[move.target])}{choice}"


def _only_source(trellis: Trellis, move: Move, slots: tuple[int, ...], span: Span) -> None:
    others = [slot for slot in slots if slot < trellis.scope.states and slot != move.source]
    if others:
        read = label_text(trellis.axes.state_labels[others[0]])
        first = trellis.axes.states[0]
        name = trellis.statement.name
        raise error(
            "HC3111",
            f"{_move_text(trellis, move)} reads state {read}",
            span,
            help=f"a step reads only the state it starts from: `{name}[{first}]`",
        )


def _is_wanted(trellis: Trellis, move: Move, wanted: tuple[KeptPath, ...] | None) -> bool:
    if wanted is None:
        return True
    labels = trellis.axes.state_labels
    return KeptPath(labels[move.source], labels[move.target], move.label) in wanted


# ---------------------------------------------------------------- open and decided


def _fold(
    trellis: Trellis,
    start: list[Tensor | Missing],
    coordinates_of_steps: list[tuple[Label, ...]],
    decided: dict[tuple[Label, ...], tuple[KeptPath, ...]],
) -> list[Tensor | Missing]:
    """Open steps and those between them that keep one alternative: one folded node, and a node per final state."""
    axes, statement, context = trellis.axes, trellis.statement, trellis.context
    varying = {statement.name, *axes.states, *axes.choices, *(let.name for let in statement.lets)}
    parts: list[Any] = [
        statement.result,
        statement.lets,
        *(a.where for a in statement.axes if isinstance(a, ast.ChoiceAxis)),
    ]
    expressions = depth_expressions(parts, set(axes.depth), varying)
    types: tuple[TensorType | None, ...] = tuple(None if isinstance(t, Missing) else t.type for t in start)
    never = frozenset(i for i, t in enumerate(start) if isinstance(t, Missing) and not t.type.known)
    steps = []
    templates: dict[object, tuple[tuple[Candidate, ...], tuple[TensorType | None, ...], tuple[DeadMove, ...]]] = {}
    scope = trellis.scope = StateBuilder(context.builder, len(axes.state_labels))
    for coordinates in coordinates_of_steps:
        step_place = _step_context(trellis, coordinates)
        wanted = decided.get(coordinates)
        inside = any(name.startswith(f"{trellis.name}.") for name in context.frame.binding)
        key = (step_key(expressions, step_place, coordinates), types, wanted, never, coordinates if inside else None)
        if key not in templates:
            outside = context.frame.binding
            context.frame.binding = _at_step(trellis, coordinates) if inside else outside
            context.frame.uses = dict(trellis.uses)  # names inside are those of any step, numbered alike
            dead = _dead(trellis, never, step_place) if wanted is None else ()
            templates[key] = (*_candidates(trellis, types, step_place, wanted), dead)
            context.frame.binding = outside
        before = _states_without(types)
        candidates, types, dead = templates[key]
        if wanted is not None and not candidates:
            _broken(trellis, coordinates, wanted)
        steps.append(Step(coordinates, candidates, types, wanted is not None, dead))
        never = _states_without(types) if wanted is None and never == before else frozenset()
    inputs = [-1 if isinstance(t, Missing) else context.builder.position(t, statement.source.span) for t in start]
    inputs += [context.builder.position(t, statement.span) for t in scope.outer]
    node = TrellisNode(
        trellis.name,
        context.coordinates,
        axes.depth,
        axes.states,
        axes.choices,
        axes.depth_domains,
        axes.state_labels,
        axes.choice_labels,
        axes.compete,
        tuple(steps),
        tuple(inputs),
        UNKNOWN,
        trellis.place,
        statement.span,
        axes.order,
    )
    tensor = context.builder.add(node)
    found: list[Tensor | Missing] = []
    for number, (label, type) in enumerate(zip(axes.state_labels, types, strict=True)):
        name = trellis.place + bracketed((label,))
        state = None if type is None else StateNode(number, (tensor.index,), type, name, statement.span)
        found.append(Missing(UNKNOWN) if state is None else context.builder.add(state))
    return found


def _states_without(types: tuple[TensorType | None, ...]) -> frozenset[int]:
    return frozenset(i for i, type in enumerate(types) if type is None)


def _at_step(trellis: Trellis, coordinates: tuple[Label, ...]) -> dict[str, Decided]:
    """The decisions made inside the alternatives of a step, without the coordinates that steps put in front."""
    cut = (*(label for _, label in trellis.context.coordinates), *coordinates)
    outer = cut[: len(cut) - len(coordinates)]
    binding: dict[str, Decided] = {}
    for name, decided in trellis.context.frame.binding.items():
        if not name.startswith(f"{trellis.name}."):
            binding[name] = decided
            continue
        kept = {(*outer, *key[len(cut) :]): value for key, value in decided.kept.items() if key[: len(cut)] == cut}
        binding[name] = Decided(name, kept)
    return binding


def _walk(
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
        step_place = _step_context(trellis, coordinates)
        depth = tuple(zip(axes.depth, coordinates, strict=True))
        step_place = step_place.but(coordinates=(*step_place.coordinates, *depth))
        wanted = decided.get(coordinates)
        gained: dict[int, list[Tensor | Missing]] = {}
        for move in trellis.moves:
            if not _is_wanted(trellis, move, wanted) or isinstance(states[move.source], Missing):
                continue
            component = instance_component(
                trellis.place, coordinates, labels[move.source], labels[move.target], move.label
            )
            place = _places(trellis, move, step_place).but(place=component)
            value = _evaluate_move(trellis, move, states, place)
            if isinstance(value, Tensor):
                gained.setdefault(move.target, []).append(value)
        if not gained:
            _broken(trellis, coordinates, wanted or ())
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
        places = ((one, _places(trellis, one, step_place)) for one in moves)
        scratch = Builder(trellis.context.builder)
        values = (_evaluate_move(trellis, one, before, place.but(builder=scratch, place="")) for one, place in places)
        found[target] = Missing(next((value.type for value in values if value is not None), UNKNOWN))
    frame.restore(names)
    return found


def _broken(trellis: Trellis, coordinates: tuple[Label, ...], wanted: tuple[KeptPath, ...]) -> None:
    where = ", ".join(f"{n} = {label_text(v)}" for n, v in zip(trellis.axes.depth, coordinates, strict=True))
    starts = ", ".join(label_text(one.source) for one in wanted)
    raise error(
        "HC5004",
        f"the path through `{trellis.name}` is broken at {where}",
        trellis.statement.span.first_line,
        f"the step starts from state {starts}, and the step before does not lead there" if starts else "",
        help="start each step where the one before ends",
    )
