"""Open steps of a cuboid: one folded node, its candidates made once for equal steps."""

from __future__ import annotations

from typing import Any

from hypercuboid.diagnostics import HypercuboidError, Span, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.builder import Builder, StateBuilder
from hypercuboid.frontend.context import Context
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
    label_text,
)
from hypercuboid.frontend.same_shape import narrower, way_out
from hypercuboid.frontend.step_patterns import Made, StepPattern, StepWatch, Types, step_again
from hypercuboid.frontend.trellis import (
    DeadMove,
    Move,
    Trellis,
    broken_path,
    evaluate_move,
    is_let_through,
    is_wanted,
    move_text,
    place_of,
    step_context,
)
from hypercuboid.frontend.values import Family, Missing, Tensor
from hypercuboid.frontend.zeros import is_zero
from hypercuboid.ops.base import UNKNOWN, TensorType


def fold_steps(
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
    patterns: dict[object, list[StepPattern]] = {}
    scope = trellis.scope = StateBuilder(context.builder, len(axes.state_labels))
    for coordinates in coordinates_of_steps:
        step_place = step_context(trellis, coordinates)
        wanted = decided.get(coordinates)
        inside = any(name.startswith(f"{trellis.name}.") for name in context.frame.binding)
        key = (step_key(expressions, step_place, coordinates), types, wanted, never, coordinates if inside else None)
        if key not in templates:
            outside = context.frame.binding
            context.frame.binding = _at_step(trellis, coordinates) if inside else outside
            context.frame.uses = dict(trellis.uses)  # names inside are those of any step, numbered alike
            dead = _dead(trellis, never, step_place) if wanted is None else ()
            like = patterns.setdefault((key[0], *key[2:]), []) if not inside else []
            templates[key] = (*_candidates(trellis, types, step_place, wanted, like), dead)
            context.frame.binding = outside
        before = _states_without(types)
        candidates, types, dead = templates[key]
        if wanted is not None and not candidates:
            broken_path(trellis, coordinates, wanted)
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


def _candidates(
    trellis: Trellis, types: Types, context: Context, wanted: tuple[KeptPath, ...] | None, like: list[StepPattern]
) -> Made:
    """The candidates of a step from states of these types, and the types of the states after it.

    `like` are steps that differ from it in types alone; this one is added where others can be made from it.
    """
    for pattern in like:
        made = step_again(pattern, trellis, types)
        if made is not None:
            return made
    with StepWatch(trellis, types) as watch:
        made = _from_the_start(trellis, types, context, wanted, watch)
        found = watch.pattern(made[0])
    if found is not None:
        like.append(found)
    return made


def _from_the_start(
    trellis: Trellis, types: Types, context: Context, wanted: tuple[KeptPath, ...] | None, watch: StepWatch
) -> Made:
    span = trellis.statement.result.span
    states = {i: Missing(UNKNOWN) if type is None else trellis.scope.state(i, type) for i, type in enumerate(types)}
    found: list[Candidate] = []
    after: list[TensorType | None] = [None] * len(types)
    seen: dict[int, str] = {}
    for move in trellis.moves:
        if types[move.source] is None or not is_wanted(trellis, move, wanted):
            continue
        builder = Builder(trellis.scope)
        value = evaluate_move(trellis, move, states, place_of(trellis, move, context).but(builder=builder, place=""))
        if not isinstance(value, Tensor):
            continue
        body = builder.finish(value, span)
        watch.saw(builder, body)
        slots = tuple(trellis.scope.position(tensor, span) for tensor, _ in builder.captured)
        _only_source(trellis, move, slots, span)
        text = move_text(trellis, move)
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
            declared = is_let_through(trellis, context.bind_all(move.names).bind(name, missing))
        except HypercuboidError:  # the `where` asks for a size of the state, which has none
            continue
        if declared:
            found.append((move.source, move.target, move.label))
    return tuple(found)


def _only_source(trellis: Trellis, move: Move, slots: tuple[int, ...], span: Span) -> None:
    others = [slot for slot in slots if slot < trellis.scope.states and slot != move.source]
    if others:
        read = label_text(trellis.axes.state_labels[others[0]])
        first = trellis.axes.states[0]
        name = trellis.statement.name
        raise error(
            "HC3111",
            f"{move_text(trellis, move)} reads state {read}",
            span,
            help=f"a step reads only the state it starts from: `{name}[{first}]`",
        )
