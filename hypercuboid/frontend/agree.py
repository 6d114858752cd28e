"""Ruling 17: the decisions and the output of a space are the same whether `searching` is true or false."""

from __future__ import annotations

from hypercuboid.diagnostics import HypercuboidError, error
from hypercuboid.frontend.elaborated import Elaborated
from hypercuboid.frontend.points import Point, points_of

_HELP = "`searching` may change weights, as in `affine = not searching`, never what is decided or how large a tensor is"


def require_agreement(searching: Elaborated, model: Elaborated) -> None:
    """HC3113 where the two elaborations of a space, `searching` true and false, decide or give different things."""
    if model.definition is searching.definition:
        return
    first, second = points_of(searching.definition), points_of(model.definition)
    if [_decides(one) for one in first] != [_decides(one) for one in second]:
        raise _other_decisions(searching.name, first, second)
    types = [one.body.nodes[one.body.output].type for one in (searching.definition, model.definition)]
    if types[0] != types[1]:
        message = f"the shape of `{searching.name}` depends on `searching`"
        span = searching.definition.body.nodes[searching.definition.body.output].span
        raise error("HC3113", message, span, f"{types[0]} while searching, {types[1]} in a model", help=_HELP)


def _decides(point: Point) -> tuple[object, ...]:
    return point.name, point.coordinates, point.axes, point.labels, point.moves, point.top


def _other_decisions(name: str, first: tuple[Point, ...], second: tuple[Point, ...]) -> HypercuboidError:
    there = {_decides(one) for one in second}
    here = {_decides(one) for one in first}
    different = next(one for one in (*first, *second) if _decides(one) not in there & here)
    message = f"the decisions of `{name}` depend on `searching`"
    return error("HC3113", message, different.span, f"`{different.name}` is not the same in a model", help=_HELP)
