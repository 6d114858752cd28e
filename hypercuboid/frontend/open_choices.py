"""An open choice: its alternatives, each in a body of its own, and the node that holds them."""

from __future__ import annotations

from typing import Any

from hypercuboid.diagnostics import Span, error
from hypercuboid.frontend import calls, recall_choices
from hypercuboid.frontend.builder import Builder
from hypercuboid.frontend.context import Context
from hypercuboid.frontend.elaborated import Alternative, ChoiceNode, Label, full_name, label_text
from hypercuboid.frontend.options import Option, Site, choice_of_blocks, inside
from hypercuboid.frontend.recall import Finished, Recall
from hypercuboid.frontend.recovery import Mistakes
from hypercuboid.frontend.same_shape import same_types
from hypercuboid.frontend.shown import is_plain, show, type_name
from hypercuboid.frontend.values import BLOCKS, Missing, Tensor
from hypercuboid.frontend.zeros import is_zero
from hypercuboid.ops.base import TensorType

Groups = dict[tuple[Label, ...], list[Option]]
"""The options by what they are called on the open axes."""

_CHOICE, _BODY = 8, 3
"""Steps of evaluation in the time that a choice takes, and a body of its own."""


def open_choice(site: Site, groups: Groups, context: Context) -> Any:
    """The node of an open choice among tensors, or a choice of blocks; known from before where all is alike."""
    context.session.tick(site.span, _CHOICE + _BODY * len(groups))
    every = [option for options in groups.values() for option in options]
    recall = Recall(context.but(origin=full_name(context.origin, site.place)))
    seen = recall_choices.look(recall, site, every) if len(every) == len(groups) else None
    known = recall_choices.known(recall, seen)
    if seen is not None and known is not None:
        positions = [context.builder.position(seen.tensors[number], site.span) for number in known.inputs]
        return _add(site, known.alternatives, positions, known.type, context)
    before = _met(context)
    values = _values(site, groups, recall, context)
    flat = [value for some in values for value in some]
    if all(isinstance(value, BLOCKS) for value in flat):
        return choice_of_blocks(site, every, flat, context.frame.number)
    tensors = iter(tensors_of_options(flat, every, site.span))
    made = [_together([next(tensors) for _ in some], context, site.span) for some in values]
    type = _common_type(site, list(groups), made, context)
    alternatives, positions = _alternatives(site, list(groups), made, context)
    if not alternatives:
        return Missing(type)
    finished = [value for value in made if isinstance(value, Finished)]
    if seen is not None and len(finished) == len(made) and before is not None and _met(context) == before:
        recall_choices.keep(recall, seen, finished, alternatives, type)
    return _add(site, alternatives, positions, type, context)


def _met(context: Context) -> tuple[int, int] | None:
    """What must not change while alternatives are made that are to be known again: decisions met, warnings."""
    return (context.frame.met, len(context.session.warnings)) if context.frame.bounded else None


def _values(site: Site, groups: Groups, recall: Recall, context: Context) -> list[list[Any]]:
    """The values of the options by group; all mistakes in them are raised together."""
    mistakes, values = Mistakes(), [list[Any]() for _ in groups]
    for options, found in zip(groups.values(), values, strict=True):
        inner = recall.context.but(builder=Builder(context.builder))
        for option in options:
            with mistakes:
                found.append(_alternative(site, option, len(options) == 1, recall, inner))
    mistakes.report()
    return values


def _alternative(site: Site, option: Option, alone: bool, recall: Recall, context: Context) -> Any:
    """The value of an option in a body of its own; where it is the only one there, the body, old or new."""
    seen = recall.look(option.expression, option.bound, option.label) if alone and option.expression else None
    known = None if seen is None else recall.known(seen)
    if known is not None:
        return known
    before = _met(context)
    value = inside(site, option, "", context)
    if not alone or not isinstance(value, Tensor):
        return value
    made = _finished(value, context.builder, site.span)
    if seen is not None and before is not None and _met(context) == before:
        recall.keep(seen, made)
    return made


def _finished(value: Tensor, builder: Builder, span: Span) -> Finished:
    body = builder.finish(value, span)
    return Finished(body, tuple(tensor for tensor, _ in builder.captured))


def _together(values: list[Any], context: Context, span: Span) -> Finished | Missing:
    """What an alternative of several options is: their sum, in the body that they share."""
    if len(values) == 1 and isinstance(values[0], Finished):
        return values[0]
    first = next((value for value in values if isinstance(value, Tensor)), None)
    if first is None:
        missing: Missing = values[0]
        return missing
    total = add_up(values, context.but(builder=first.builder, place=""), span)
    assert isinstance(total, Tensor)
    return _finished(total, first.builder, span)


def tensors_of_options(values: list[Any], options: list[Option], span: Span) -> list[Any]:
    """The values, which are all tensors; an error says which is not."""
    if all(is_plain(value) for value in values):
        raise error(
            "HC3104",
            "a choice of values must be the whole right side of a `let`",
            span,
            notes=(f"values: {', '.join(map(show, values))}",),
            help="write `let NAME = choose ...` in the block that needs it, and use the name here",
        )
    kinds: dict[str, str] = {}
    for option, value in zip(options, values, strict=True):
        kind = "a tensor" if isinstance(value, Finished) else type_name(value)
        kinds.setdefault(kind, f"`{', '.join(map(label_text, option.label))}`")
    if len(kinds) > 1:
        shown = ", ".join(f"{name} is {kind}" for kind, name in kinds.items())
        help = "make all of them tensors, all blocks or all values"
        raise error("HC3105", "the alternatives of this choice are of different kinds", span, shown, help=help)
    if "a tensor" not in kinds:
        message = f"an alternative of a choice cannot be {next(iter(kinds))}"
        raise error("HC3105", message, span, help="choose among tensors, blocks or values")
    return values


def add_up(values: list[Tensor | Missing], context: Context, span: Span) -> Tensor | Missing:
    """What is kept side by side: its sum, without what is missing."""
    present = [value for value in values if isinstance(value, Tensor)]
    if len(present) > 1:
        return calls.run_op("sum", {}, present, context, span)
    return present[0] if present else values[0]


# ---------------------------------------------------------------- the node


def _common_type(
    site: Site, labels: list[tuple[Label, ...]], made: list[Finished | Missing], context: Context
) -> TensorType:
    """The type of all alternatives; HC3103 where they have different shapes."""
    shown = [value if isinstance(value, Missing) else value.tensor() for value in made]
    named = [(f"`{', '.join(map(label_text, one))}`", value) for one, value in zip(labels, shown, strict=True)]
    return same_types("HC3103", "the alternatives of this choice have different shapes", named, context, site.span)


def _alternatives(
    site: Site, labels: list[tuple[Label, ...]], made: list[Finished | Missing], context: Context
) -> tuple[tuple[Alternative, ...], list[int]]:
    """The alternatives that are not missing, and the tensors that they read, by position in the body around."""
    inputs: dict[int, int] = {}
    alternatives = []
    for label, value in zip(labels, made, strict=True):
        if isinstance(value, Missing):
            continue
        outer = [context.builder.position(tensor, site.span) for tensor in value.outer]
        slots = tuple(inputs.setdefault(position, len(inputs)) for position in outer)
        zero = is_zero(value.body, (False,) * value.body.arity)
        alternatives.append(Alternative(label, value.body, slots, zero))
    return tuple(alternatives), list(inputs)


def _add(
    site: Site, alternatives: tuple[Alternative, ...], inputs: list[int], type: TensorType, context: Context
) -> Tensor:
    node = ChoiceNode(
        site.name, site.coordinates, site.open_axes, alternatives, tuple(inputs), type, site.place, site.span
    )
    return context.builder.add(node)
