"""Choices that were open before: the same alternatives over alike values are the same node, over the tensors of now.

The edges of a cell choose among the same primitives, and most of them read tensors of one type. What all alternatives
of a choice depend on is looked at once, not once for each of them. See `recall` for single alternatives, whose rules
hold here for all of them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.frontend import ast
from hypercuboid.frontend.elaborated import Alternative
from hypercuboid.frontend.options import Option, Site
from hypercuboid.frontend.recall import Finished, Recall, Seen, numbered, numbers_among
from hypercuboid.frontend.shown import is_plain
from hypercuboid.frontend.values import BLOCKS, Tensor, memo_key
from hypercuboid.ops.base import TensorType
from hypercuboid.records import dataclass


@dataclass(frozen=True, eq=False)
class KnownChoice:
    """The alternatives of an open choice, their common type, and the tensors that they read, as `Seen` numbers them."""

    alternatives: tuple[Alternative, ...]
    type: TensorType
    inputs: tuple[int, ...]


def look(recall: Recall, site: Site, options: Sequence[Option]) -> Seen | None:
    """What all alternatives depend on; None where that cannot be said of them together."""
    by_expression: dict[int, list[Option]] = {}
    for option in options:
        if option.expression is None or not all(map(_is_told_by_itself, option.bound.values())):
            return None
        by_expression.setdefault(id(option.expression), []).append(option)
    session, tensors = recall.context.session, list[Tensor]()
    failed = set(session.failed)
    try:
        alike = tuple(_alike(recall, some, tensors) for some in by_expression.values())
    except HypercuboidError:
        session.failed = failed
        return None
    if None in alike:
        return None
    bound = tuple((one.label, id(one.expression), *map(memo_key, one.bound.values())) for one in options)
    return Seen((site.open, session.loose, bound, alike), tuple(tensors))


def _is_told_by_itself(value: Any) -> bool:
    return is_plain(value) or isinstance(value, BLOCKS)


def _alike(recall: Recall, options: Sequence[Option], tensors: list[Tensor]) -> tuple[object, ...] | None:
    """The values of the parts of an expression: one where a part names no binder, else one for each option."""
    expression = options[0].expression
    parts = None if expression is None else recall.parts(expression)
    if parts is None:
        return None
    found: list[object] = []
    for part, names in parts:
        if options[0].bound.keys().isdisjoint(names):
            found.append(_told(recall.value(part, names, {}), tensors))
        elif not isinstance(part, ast.Name):
            found += [_told(recall.value(part, names, one.bound), tensors) for one in options]
    return None if None in found else tuple(found)


def _told(value: object, tensors: list[Tensor]) -> object:
    return numbered(value, tensors) if isinstance(value, Tensor) else value


def known(recall: Recall, seen: Seen | None) -> KnownChoice | None:
    """The choice as it was made before."""
    return None if seen is None else recall.context.session.choices.get(seen.key)


def keep(
    recall: Recall,
    seen: Seen,
    made: Sequence[Finished],
    alternatives: tuple[Alternative, ...],
    type: TensorType,
) -> None:
    """Remembers a choice whose alternatives met no decision."""
    outer = dict.fromkeys(number for one in made for number in numbers_among(seen.tensors, one.outer))
    if None in outer or any(one.body.instances for one in made):
        return
    inputs = tuple(number for number in outer if number is not None)
    recall.context.session.choices[seen.key] = KnownChoice(alternatives, type, inputs)
