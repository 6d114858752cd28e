"""What becomes of a choice: open its alternatives side by side, decided what is kept of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from hypercuboid.diagnostics import Span, error
from hypercuboid.frontend import calls
from hypercuboid.frontend.context import Context, Dropped, joined
from hypercuboid.frontend.elaborated import KeptPath, Label, label_text
from hypercuboid.frontend.open_choices import add_up, open_choice, tensors_of_options
from hypercuboid.frontend.options import Option, Site, choice_of_blocks, inside, refuse_equal_labels
from hypercuboid.frontend.uses import local_name
from hypercuboid.frontend.values import BLOCKS, BlockValue, ChoiceBlock, Missing, Tensor

Labels = Sequence[tuple[Label, ...]]


def decide(
    own: str, axes: tuple[str, ...], labels: Labels, option: Callable[[int], Option], context: Context, span: Span
) -> Any:
    """The choice among options: open, decided, or none where one is left (rulings 8 to 10).

    `labels` are those of the options, `option` gives one by its number.
    """
    if not labels:
        raise error("HC5003", "no alternative is left", span, help="widen the list or the `where`")
    if context.frame.is_outside:
        help = "write it in the block that needs it, or hand it to blocks as an argument"
        raise error("HC3114", "a choice stands in a block; outside there are only constants", span, help=help)
    name, path = context.term, context.path
    context = context.but(term=None)
    place = context.instance(own)
    if len(labels) == 1:
        return _settled(Site("", own, axes, (), context.coordinates, path, place, span), [option(0)], context)
    refuse_equal_labels(labels, span)
    full = context.frame.declare(name or joined(path, own), (span, own))
    left, open_axes = _kept(full, axes, labels, _without(labels, context, span), context, span)
    site = Site(full, own, axes, open_axes if len(left) > 1 else (), context.coordinates, path, place, span)
    return _settled(site, list(map(option, left)), context)


def _without(labels: Labels, context: Context, span: Span) -> Sequence[int]:
    """The numbers of the options but for those with a label that the request leaves out."""
    without = context.session.without
    if not without:
        return range(len(labels))
    left = [number for number, label in enumerate(labels) if without.isdisjoint(map(label_text, label))]
    if not left:
        listed = ", ".join(f"`{one}`" for one in sorted(without))
        message = f"no alternative is left without {listed}"
        raise error("HC5003", message, span, help="leave out fewer labels, or take this choice out of the space")
    return left


def _kept(
    name: str, axes: tuple[str, ...], labels: Labels, options: Sequence[int], context: Context, span: Span
) -> tuple[Sequence[int], tuple[int, ...]]:
    """The options that the decisions keep here, and the axes still open.

    Raises Dropped where the term of a `sum top` is left out.
    """
    decided = context.frame.binding.get(name)
    here = tuple(label for _, label in context.coordinates)
    if decided is None or here not in decided.kept:
        return options, tuple(range(len(axes)))
    if not decided.kept[here]:
        raise Dropped
    wanted = [label for label in decided.kept[here] if not isinstance(label, KeptPath)]
    whole = {label for label in wanted if None not in label}
    parts = [label for label in wanted if None in label]
    left = [n for n in options if labels[n] in whole or any(_matches(one, labels[n]) for one in parts)]
    if not left:
        raise error("HC5003", f"nothing that `{name}` keeps is left here", span, help="keep another alternative")
    return left, tuple(i for i in range(len(axes)) if any(label[i] is None for label in wanted))


def _matches(wanted: tuple[Any, ...], label: tuple[Label, ...]) -> bool:
    return all(one is None or one == other for one, other in zip(wanted, label, strict=True))


def _settled(site: Site, options: list[Option], context: Context) -> Any:
    """The value of a choice among what is left. Options that agree on all open axes are kept side by side."""
    groups: dict[tuple[Label, ...], list[Option]] = {}
    whole = len(site.open) == len(site.axes)
    for option in options:
        groups.setdefault(option.label if whole else tuple(option.label[i] for i in site.open), []).append(option)
    if len(groups) > 1:
        return open_choice(site, groups, context)
    values = [inside(site, option, site.place, context) for option in options]
    if all(isinstance(value, BLOCKS) for value in values):
        return choice_of_blocks(site, options, values, context.frame.number)
    if len(values) == 1:
        return values[0]
    return add_up(tensors_of_options(values, options, site.span), context, site.span)


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
