"""The way to a mistake inside a block: which uses of blocks led there."""

from __future__ import annotations

from dataclasses import replace

from hypercuboid.diagnostics import Diagnostic, HypercuboidError, Label, Span
from hypercuboid.frontend.shown import block_name
from hypercuboid.frontend.values import UserBlock


def used_at(problem: HypercuboidError, block: UserBlock, span: Span) -> HypercuboidError:
    """The mistakes of a block with the place of its use; one that stands in the arguments of the use needs none.

    A mistake that shows inside the standard library is one of the program that uses it: it is shown at the use. One
    in another file is shown in both.
    """
    return HypercuboidError(*(_used(one, block, span) for one in problem.diagnostics))


def _used(one: Diagnostic, block: UserBlock, span: Span) -> Diagnostic:
    definition = block.definition.span
    if one.span is None or _inside(one.span, span) or not (one.trail or _led_here(one, definition)):
        return one
    if one.span.source.is_library and not span.source.is_library:
        there = Label(one.span, one.label or one.message)
        label = f"in this use of `{block_name(block)}`"
        return replace(one, span=span, label=label, secondary=(there, *one.secondary))
    if one.span.source is definition.source is not span.source and not one.trail:
        return replace(one, secondary=(*one.secondary, Label(span, f"in this use of `{block_name(block)}`")))
    return replace(one, trail=(*one.trail, Label(span, f"in the use of `{block_name(block)}`")))


def _led_here(one: Diagnostic, definition: Span) -> bool:
    """Whether a mistake, or a use that is shown with it, stands in a definition."""
    return any(_inside(span, definition) for span in (one.span, *(label.span for label in one.secondary)) if span)


def _inside(span: Span, outer: Span) -> bool:
    return span.source is outer.source and outer.start <= span.start and span.end <= outer.end
