"""Choices: over tensors they become nodes, over blocks they are blocks, over values they copy the body around them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from hypercuboid.diagnostics import Span, error
from hypercuboid.frontend import ast, calls
from hypercuboid.frontend.binders import bound_values
from hypercuboid.frontend.builder import Builder
from hypercuboid.frontend.context import Context, Dropped, Forks, joined, label_component
from hypercuboid.frontend.elaborated import (
    Alternative,
    Body,
    ChoiceNode,
    KeptPath,
    Label,
    alternative_component,
    label_text,
)
from hypercuboid.frontend.labels import element_labels
from hypercuboid.frontend.recovery import Mistakes
from hypercuboid.frontend.uses import local_name
from hypercuboid.frontend.values import (
    BLOCKS,
    BlockValue,
    ChoiceBlock,
    Missing,
    Tensor,
    is_plain,
    show,
    type_name,
)
from hypercuboid.frontend.zeros import is_zero

Thunk = Callable[[Context], Any]
COMBINATION_LIMIT = 10_000


@dataclass(frozen=True)
class Option:
    """An alternative that has not been evaluated: its label, and how."""

    label: tuple[Label, ...]
    thunk: Thunk


def choose(expression: ast.Choose, context: Context) -> Any:
    options = _written_options(expression, context)
    own = expression.name or "choice"
    return decide(own, (own,), options, context, expression.span)


def choose_in(expression: ast.ChooseIn, context: Context) -> Any:
    options = _listed_options(expression, context)
    axes = tuple(binder.name for binder in expression.binders)
    return decide(", ".join(axes), axes, options, context, expression.span)


def options_of(expression: ast.Choose | ast.ChooseIn, context: Context) -> list[Option]:
    if isinstance(expression, ast.Choose):
        return _written_options(expression, context)
    return _listed_options(expression, context)


def _written_options(expression: ast.Choose, context: Context) -> list[Option]:
    from hypercuboid.frontend.evaluate import evaluate  # evaluation meets choices

    options = []
    for alternative in expression.alternatives:
        label: Label
        if alternative.label is not None:
            label = alternative.label
        elif isinstance(alternative.value, ast.Name):
            label = alternative.value.id
        else:
            label = _derived_label(alternative, context)
        options.append(Option((label,), partial(evaluate, alternative.value)))
    return options


def _derived_label(alternative: ast.Alternative, context: Context) -> Label:
    from hypercuboid.frontend.evaluate import evaluate  # see `_written_options`

    before = context.frame.snapshot()
    value = evaluate(alternative.value, context.but(builder=Builder(context.builder), place=""))
    context.frame.restore(before)
    if isinstance(value, BLOCKS) or is_plain(value):
        return element_labels([value], alternative.span)[0]
    raise error("HC2010", "this alternative needs a label", alternative.span, help="write `choose { NAME: ... }`")


def _listed_options(expression: ast.ChooseIn, context: Context) -> list[Option]:
    from hypercuboid.frontend.bodies import run_body  # bodies hold choices

    def body(values: tuple[tuple[str, Any], ...], inner: Context) -> Any:
        return run_body(expression.body, inner.bind_all(values))

    found = _combinations(expression.binders, expression.where, context)
    return [Option(label, partial(body, values)) for label, values in found]


def _combinations(
    binders: tuple[ast.Binder, ...], where: ast.Expr | None, context: Context
) -> list[tuple[tuple[Label, ...], tuple[tuple[str, Any], ...]]]:
    """Label and bound values per combination, in declared order, the last binder fastest."""
    from hypercuboid.frontend.evaluate import evaluate, evaluate_items  # see `_written_options`

    found: list[tuple[tuple[Label, ...], tuple[tuple[str, Any], ...]]] = [((), ())]
    for binder in binders:
        longer = []
        for label, values in found:
            items = evaluate_items(binder.iterable, context.bind_all(values), "what a choice goes through")
            labels = element_labels(items, binder.iterable.span)
            longer += [
                ((*label, own), (*values, *bound_values(binder, item))) for own, item in zip(labels, items, strict=True)
            ]
        found = longer
    if where is None:
        return found
    from hypercuboid.frontend.arithmetic import truth  # only here

    return [(label, values) for label, values in found if truth(evaluate(where, context.bind_all(values)), where.span)]


# ---------------------------------------------------------------- decisions


def decide(own: str, axes: tuple[str, ...], options: list[Option], context: Context, span: Span) -> Any:
    """The choice among options: open, decided, or none where one option is left (rulings 8 to 10)."""
    if not options:
        raise error("HC5003", "no alternative is left", span, help="widen the list or the `where`")
    if context.frame.is_outside:
        help = "write it in the block that needs it, or hand it to blocks as an argument"
        raise error("HC3112", "a choice stands in a block; outside there are only constants", span, help=help)
    name, path = context.term, context.path
    context = context.but(term=None)
    place = context.instance(own)
    if len(options) == 1:
        return _inline(options[0], own, axes, place, path, context, span)
    _distinct(options, span)
    full = context.frame.declare(name or joined(path, own), (span, own))
    kept = kept_options(full, axes, options, context)
    if kept is None:
        return _open(full, own, axes, options, place, path, context, span)
    left, narrowed = kept
    if not narrowed and len(left) == 1:
        return _inline(left[0], own, axes, place, path, context, span)
    if not narrowed:
        return _several(full, own, axes, left, place, path, context, span)
    if len(left) == 1:
        return _inline(left[0], own, axes, place, path, context, span)
    open_axes = tuple(axes[i] for i in narrowed)
    short = [Option(tuple(option.label[i] for i in narrowed), option.thunk) for option in left]
    return _open(full, own, open_axes, short, place, path, context, span)


def kept_options(
    name: str, axes: tuple[str, ...], options: list[Option], context: Context
) -> tuple[list[Option], tuple[int, ...]] | None:
    """The options that the decisions keep here, and the axes still open; None where all is open.

    Raises Dropped where the term of a `sum top` is left out.
    """
    decided = context.frame.binding.get(name)
    here = tuple(label for _, label in context.coordinates)
    if decided is None or here not in decided.kept:
        return None
    kept = decided.kept[here]
    if not kept:
        raise Dropped
    labels = [label for label in kept if not isinstance(label, KeptPath)]
    left = [option for option in options if any(_matches(label, option.label) for label in labels)]
    narrowed = tuple(i for i in range(len(axes)) if any(label[i] is None for label in labels))
    return left, narrowed


def _matches(wanted: tuple[Any, ...], label: tuple[Label, ...]) -> bool:
    return all(one is None or one == other for one, other in zip(wanted, label, strict=True))


def _distinct(options: list[Option], span: Span) -> None:
    seen: set[tuple[Label, ...]] = set()
    for option in options:
        if option.label in seen:
            text = ", ".join(map(label_text, option.label))
            raise error("HC2011", f"two alternatives are called `{text}`", span, help="give them labels: `NAME: ...`")
        seen.add(option.label)


def _inside(
    option: Option, axes: tuple[str, ...], place: str, path: str, context: Context, builder: Builder | None
) -> Any:
    """Evaluates an option: in a body of its own (`builder`), or in the body around it under the option's name."""
    inner = context.but(path=joined(path, label_component(axes, option.label)), forks=None)
    if builder is not None:
        return option.thunk(inner.but(builder=builder, place=""))
    return option.thunk(inner.but(place=alternative_component(place, option.label)))


def _inline(
    option: Option, own: str, axes: tuple[str, ...], place: str, path: str, context: Context, span: Span
) -> Any:
    value = _inside(option, axes, place, path, context, None)
    if isinstance(value, BLOCKS):
        return _choice_block("", own, axes, [option], [value], False, context, span)
    return value


def _choice_block(
    name: str,
    own: str,
    axes: tuple[str, ...],
    options: list[Option],
    blocks: list[Any],
    is_open: bool,
    context: Context,
    span: Span,
) -> ChoiceBlock:
    labels = tuple(option.label for option in options)
    frame = context.frame.number
    return ChoiceBlock(name, context.coordinates, axes, labels, tuple(blocks), own, is_open, frame, span)


def _several(
    name: str,
    own: str,
    axes: tuple[str, ...],
    options: list[Option],
    place: str,
    path: str,
    context: Context,
    span: Span,
) -> Any:
    """Several alternatives kept side by side: their sum."""
    values = [_inside(option, axes, place, path, context, None) for option in options]
    if all(isinstance(value, BLOCKS) for value in values):
        return _choice_block(name, own, axes, options, values, False, context, span)
    return add_up(values, context, span)


def add_up(values: list[Any], context: Context, span: Span) -> Tensor | Missing:
    present = [value for value in values if isinstance(value, Tensor)]
    if not present:
        missing = values[0]
        assert isinstance(missing, Missing)
        return missing
    return present[0] if len(present) == 1 else calls.run_op("sum", {}, present, context, span)


def _open(
    name: str,
    own: str,
    axes: tuple[str, ...],
    options: list[Option],
    place: str,
    path: str,
    context: Context,
    span: Span,
) -> Any:
    builders = [Builder(context.builder) for _ in options]
    mistakes, values = Mistakes(), []
    for option, builder in zip(options, builders, strict=True):
        with mistakes:
            values.append(_inside(option, axes, place, path, context, builder))
    mistakes.report()
    if all(isinstance(value, BLOCKS) for value in values):
        return _choice_block(name, own, axes, options, values, True, context, span)
    if all(is_plain(value) for value in values):
        raise error(
            "HC3104",
            "a choice of values must be the whole right side of a `let`",
            span,
            notes=(f"values: {', '.join(map(show, values))}",),
            help="write `let NAME = choose ...` in the block that needs it, and use the name here",
        )
    for option, value in zip(options, values, strict=True):
        if not isinstance(value, (Tensor, Missing)):
            text = ", ".join(map(label_text, option.label))
            raise error(
                "HC3105", f"alternative `{text}` is {type_name(value)}, others are tensors", span, help="make all alike"
            )
    return _node(name, axes, options, builders, values, place, context, span)


def _node(
    name: str,
    axes: tuple[str, ...],
    options: list[Option],
    builders: list[Builder],
    values: list[Tensor | Missing],
    place: str,
    context: Context,
    span: Span,
    coordinates: Any = None,
) -> Tensor | Missing:
    typed = [(f"`{', '.join(map(label_text, o.label))}`", v.type) for o, v in zip(options, values, strict=True)]
    type = calls.same_types("the alternatives of this choice", typed, span, "HC3103")
    inputs: list[int] = []
    alternatives = []
    for option, builder, value in zip(options, builders, values, strict=True):
        if isinstance(value, Missing):
            continue
        body = builder.finish(value, span)
        outer = [context.builder.position(tensor, span) for tensor, _ in builder.captured]
        inputs += [position for position in outer if position not in inputs]
        slots = tuple(inputs.index(position) for position in outer)
        alternatives.append(Alternative(option.label, body, slots, _zero(body)))
    if not alternatives:
        return Missing(type)
    where = context.coordinates if coordinates is None else coordinates
    node = ChoiceNode(name, where, axes, tuple(alternatives), tuple(inputs), type, place, span)
    return context.builder.add(node)


def _zero(body: Body) -> bool:
    return is_zero(body, (False,) * body.arity)


def run_choice(block: ChoiceBlock, tensors: list[Tensor | Missing], context: Context, span: Span) -> Tensor | Missing:
    """A choice of blocks on tensors: each alternative runs on them."""
    place = context.instance(block.own)

    def runner(one: BlockValue, inner: Context) -> Any:
        return calls.run(one, tensors, inner, span)

    pairs = zip(block.labels, block.alternatives, strict=True)
    options = [Option(label, partial(runner, one)) for label, one in pairs]
    if not block.open:
        values = [_inside(option, block.axes, place, context.path, context, None) for option in options]
        return add_up(values, context, span)
    name = local_name(f"^{block.frame}/{block.decision}", context.frame.number)
    if name.startswith("^"):
        context.frame.mention(name)
    builders = [Builder(context.builder) for _ in options]
    values = [
        _inside(option, block.axes, place, context.path, context, builder)
        for option, builder in zip(options, builders, strict=True)
    ]
    return _node(name, block.axes, options, builders, values, place, context, span, block.coordinates)


# ---------------------------------------------------------------- choices of values


def value_let(let: ast.Let, forks: Forks, context: Context) -> tuple[bool, Any]:
    """Whether `let NAME = choose ...` chooses among values, and the value that the current copy of the body takes."""
    assert isinstance(let.value, (ast.Choose, ast.ChooseIn))
    options = options_of(let.value, context)
    before = context.frame.snapshot()
    values = [option.thunk(context.but(builder=Builder(context.builder), place="", forks=None)) for option in options]
    if not values or not all(map(is_plain, values)):
        context.frame.restore(before)
        return False, None
    if len(values) == 1:
        return True, values[0]
    _distinct(options, let.value.span)
    labels = tuple(option.label[0] if len(option.label) == 1 else option.label for option in options)
    position = len(forks.axes)
    forks.axes.append((let.name, labels, let.span))
    return True, values[forks.taken[position] if position < len(forks.taken) else 0]


def value_forks(context: Context, run: Thunk) -> Any:
    """Runs a body that may choose values: once where it does not, else one copy per combination, as one decision."""
    before = context.frame.snapshot()
    probe = Forks(())
    run(context.but(builder=Builder(context.builder), place="", forks=probe))
    context.frame.restore(before)
    if not probe.axes:
        return run(context.but(forks=Forks(())))
    count = 1
    for _, labels, _ in probe.axes:
        count *= len(labels)
    span = probe.axes[0][2]
    if count > COMBINATION_LIMIT:
        raise error("HC4002", f"these values have {count} combinations; at most {COMBINATION_LIMIT}", span)
    names = tuple(name for name, _, _ in probe.axes)
    options = [
        Option(
            tuple(labels[i] for i, (_, labels, _) in zip(taken, probe.axes, strict=True)),
            _copy(run, taken, probe),
        )
        for taken in itertools.product(*(range(len(labels)) for _, labels, _ in probe.axes))
    ]
    return decide(", ".join(names), names, options, context.but(forks=None, term=None), span)


def _copy(run: Thunk, taken: tuple[int, ...], probe: Forks) -> Thunk:
    def thunk(inner: Context) -> Any:
        forks = Forks(taken)
        value = run(inner.but(forks=forks))
        if [axis[:2] for axis in forks.axes] != [axis[:2] for axis in probe.axes]:
            raise error(
                "HC3106",
                "the values to choose from depend on another choice of the same body",
                probe.axes[-1][2],
                help="give every `let ... = choose` of one body the same labels whatever the others take",
            )
        return value

    return thunk
