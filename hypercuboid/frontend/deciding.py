"""What becomes of a choice: open it is a node or a block that holds its alternatives, decided what is kept of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from hypercuboid.diagnostics import Span, error
from hypercuboid.frontend import ast, calls
from hypercuboid.frontend.builder import Builder
from hypercuboid.frontend.context import Context, Dropped, joined, label_component
from hypercuboid.frontend.elaborated import (
    Alternative,
    ChoiceNode,
    Coordinates,
    KeptPath,
    Label,
    bracketed,
    full_name,
    label_text,
)
from hypercuboid.frontend.recall import Finished, Recall
from hypercuboid.frontend.recovery import Mistakes
from hypercuboid.frontend.same_shape import same_types
from hypercuboid.frontend.uses import local_name
from hypercuboid.frontend.values import BLOCKS, BlockValue, ChoiceBlock, Missing, Tensor, is_plain, show, type_name
from hypercuboid.frontend.zeros import is_zero

Thunk = Callable[[Context], Any]


@dataclass(frozen=True)
class Option:
    """An alternative that has not been evaluated: its label, how, and where it is written, over which bound names."""

    label: tuple[Label, ...]
    thunk: Thunk
    expression: ast.Expr | None = None
    bound: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Site:
    """A choice at its place: how decision and instances are called, and which of its axes are open."""

    name: str
    own: str
    axes: tuple[str, ...]
    open: tuple[int, ...]
    coordinates: Coordinates
    path: str
    place: str
    span: Span

    @property
    def open_axes(self) -> tuple[str, ...]:
        return tuple(self.axes[i] for i in self.open)


def decide(own: str, axes: tuple[str, ...], options: list[Option], context: Context, span: Span) -> Any:
    """The choice among options: open, decided, or none where one option is left (rulings 8 to 10)."""
    if not options:
        raise error("HC5003", "no alternative is left", span, help="widen the list or the `where`")
    if context.frame.is_outside:
        help = "write it in the block that needs it, or hand it to blocks as an argument"
        raise error("HC3114", "a choice stands in a block; outside there are only constants", span, help=help)
    name, path = context.term, context.path
    context = context.but(term=None)
    place = context.instance(own)
    if len(options) == 1:
        return _settled(Site("", own, axes, (), context.coordinates, path, place, span), options, context)
    refuse_equal_labels(options, span)
    full = context.frame.declare(name or joined(path, own), (span, own))
    left, open_axes = _kept(full, axes, _without(options, context, span), context, span)
    open_axes = open_axes if len(left) > 1 else ()
    return _settled(Site(full, own, axes, open_axes, context.coordinates, path, place, span), left, context)


def _without(options: list[Option], context: Context, span: Span) -> list[Option]:
    """The options but for those with a label that the request leaves out."""
    without = context.session.without
    left = [option for option in options if without.isdisjoint(map(label_text, option.label))]
    if not left:
        listed = ", ".join(f"`{one}`" for one in sorted(without))
        message = f"no alternative is left without {listed}"
        raise error("HC5003", message, span, help="leave out fewer labels, or take this choice out of the space")
    return left


def _kept(
    name: str, axes: tuple[str, ...], options: list[Option], context: Context, span: Span
) -> tuple[list[Option], tuple[int, ...]]:
    """The options that the decisions keep here, and the axes still open.

    Raises Dropped where the term of a `sum top` is left out.
    """
    decided = context.frame.binding.get(name)
    here = tuple(label for _, label in context.coordinates)
    if decided is None or here not in decided.kept:
        return options, tuple(range(len(axes)))
    if not decided.kept[here]:
        raise Dropped
    labels = [label for label in decided.kept[here] if not isinstance(label, KeptPath)]
    left = [option for option in options if any(_matches(label, option.label) for label in labels)]
    if not left:
        raise error("HC5003", f"nothing that `{name}` keeps is left here", span, help="keep another alternative")
    return left, tuple(i for i in range(len(axes)) if any(label[i] is None for label in labels))


def _matches(wanted: tuple[Any, ...], label: tuple[Label, ...]) -> bool:
    return all(one is None or one == other for one, other in zip(wanted, label, strict=True))


def refuse_equal_labels(options: list[Option], span: Span) -> None:
    """HC2011 where two options have one label."""
    seen: set[tuple[Label, ...]] = set()
    for option in options:
        if option.label in seen:
            text = ", ".join(map(label_text, option.label))
            raise error("HC2011", f"two alternatives are called `{text}`", span, help="give them labels: `NAME: ...`")
        seen.add(option.label)


# ---------------------------------------------------------------- open or settled


_BODY = 3
"""Steps of evaluation in the time that a body of its own takes."""


def _settled(site: Site, options: list[Option], context: Context) -> Any:
    """The value of a choice among what is left. Options that agree on all open axes are kept side by side."""
    groups: dict[tuple[Label, ...], list[Option]] = {}
    for option in options:
        groups.setdefault(tuple(option.label[i] for i in site.open), []).append(option)
    if len(groups) > 1:
        return _open(site, groups, context)
    values = [_inside(site, option, site.place, context) for option in options]
    if all(isinstance(value, BLOCKS) for value in values):
        return _block(site, options, values, context)
    return values[0] if len(values) == 1 else add_up(_tensors(values, options, site.span), context, site.span)


def _inside(site: Site, option: Option, place: str, context: Context) -> Any:
    """Evaluates an option under its name in the body of `context`."""
    path = joined(site.path, label_component(site.axes, option.label))
    return option.thunk(context.but(path=path, place=place + bracketed(option.label), forks=None))


def _open(site: Site, groups: dict[tuple[Label, ...], list[Option]], context: Context) -> Any:
    context.session.tick(site.span, _BODY * len(groups))
    inner = context.but(origin=full_name(context.origin, site.place))
    recall, mistakes, values = Recall(inner), Mistakes(), [list[Any]() for _ in groups]
    for options, found in zip(groups.values(), values, strict=True):
        builder = Builder(context.builder)
        for option in options:
            with mistakes:
                found.append(_alternative(site, option, len(options) == 1, recall, inner.but(builder=builder)))
    mistakes.report()
    flat, every = [one for some in values for one in some], [one for some in groups.values() for one in some]
    if all(isinstance(value, BLOCKS) for value in flat):
        return _block(site, every, flat, context)
    tensors = iter(_tensors(flat, every, site.span))
    made = [_together([next(tensors) for _ in some], context, site.span) for some in values]
    return _node(site, list(groups), made, context)


def _alternative(site: Site, option: Option, alone: bool, recall: Recall, context: Context) -> Any:
    """The value of an option in a body of its own; where it is the only one there, the body, old or new."""
    seen = recall.look(option.expression, option.bound, option.label) if alone and option.expression else None
    known = None if seen is None else recall.known(seen)
    if known is not None:
        return known
    met, warnings = context.frame.met, len(context.session.warnings)
    value = _inside(site, option, "", context)
    if not alone or not isinstance(value, Tensor):
        return value
    made = _finished(value, context.builder, site.span)
    if seen and context.frame.bounded and (context.frame.met, len(context.session.warnings)) == (met, warnings):
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


def _tensors(values: list[Any], options: list[Option], span: Span) -> list[Any]:
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


def _node(
    site: Site,
    labels: list[tuple[Label, ...]],
    made: list[Finished | Missing],
    context: Context,
) -> Tensor | Missing:
    shown = [value if isinstance(value, Missing) else value.tensor() for value in made]
    named = [(f"`{', '.join(map(label_text, one))}`", value) for one, value in zip(labels, shown, strict=True)]
    type = same_types("HC3103", "the alternatives of this choice have different shapes", named, context, site.span)
    inputs: dict[int, int] = {}
    alternatives = []
    for label, value in zip(labels, made, strict=True):
        if isinstance(value, Missing):
            continue
        outer = [context.builder.position(tensor, site.span) for tensor in value.outer]
        slots = tuple(inputs.setdefault(position, len(inputs)) for position in outer)
        zero = is_zero(value.body, (False,) * value.body.arity)
        alternatives.append(Alternative(label, value.body, slots, zero))
    if not alternatives:
        return Missing(type)
    kept, axes = tuple(alternatives), site.open_axes
    node = ChoiceNode(site.name, site.coordinates, axes, kept, tuple(inputs), type, site.place, site.span)
    return context.builder.add(node)


# ---------------------------------------------------------------- choices of blocks


def _block(site: Site, options: list[Option], blocks: list[BlockValue], context: Context) -> ChoiceBlock:
    labels = tuple(option.label for option in options)
    number, own = context.frame.number, site.own
    return ChoiceBlock(site.name, site.coordinates, site.axes, labels, tuple(blocks), own, site.open, number, site.span)


def run_choice(
    block: ChoiceBlock, tensors: Sequence[Tensor | Missing], context: Context, span: Span
) -> Tensor | Missing:
    """A choice of blocks on tensors: each alternative runs on them."""
    place = context.instance(block.own)

    def runner(one: BlockValue, inner: Context) -> Any:
        return calls.run(one, list(tensors), inner, span)

    pairs = zip(block.labels, block.alternatives, strict=True)
    options = [Option(label, partial(runner, one)) for label, one in pairs]
    name = local_name(f"^{block.frame}/{block.decision}", context.frame.number)
    if block.open and name.startswith("^"):
        context.frame.mention(name)
    site = Site(name, block.own, block.axes, block.open, block.coordinates, context.path, place, span)
    value = _settled(site, options, context)
    assert isinstance(value, (Tensor, Missing))
    return value
