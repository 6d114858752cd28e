"""Picks: the sites of an `arch` resolved against the open decisions of its space (rulings 9, 11, 18, 19)."""

from __future__ import annotations

from hypercuboid.diagnostics import Label as Place
from hypercuboid.diagnostics import Span, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.elaborated import Decided, Kept, Label, label_text
from hypercuboid.frontend.kept import kept_of
from hypercuboid.frontend.made import completed
from hypercuboid.frontend.points import Point
from hypercuboid.frontend.recovery import Mistakes
from hypercuboid.frontend.sites import Index, Target, target_of


def resolve(picks: tuple[ast.Pick, ...], points: tuple[Point, ...]) -> tuple[Decided, ...]:
    """What the picks decide; unknown, doubled and impossible ones are errors at their place."""
    made: dict[str, dict[tuple[Label, ...], tuple[Kept, ...]]] = {}
    owners: dict[object, Span] = {}
    mistakes = Mistakes()
    index = Index(points)
    for pick in picks:
        with mistakes:
            target = target_of(pick.site, index)
            for point, kept in kept_of(pick, target, index):
                _take_over(pick, target, point, owners)
                slot = made.setdefault(target.name, {})
                slot[point.key] = completed(slot[point.key], kept) if point.key in slot else kept
    mistakes.report()
    return tuple(Decided(name, kept) for name, kept in made.items())


def _take_over(pick: ast.Pick, target: Target, point: Point, owners: dict[object, Span]) -> None:
    """Notes that a pick decides a point; HC5006 where another does already."""
    owner = (target.name, point.key, target.axis)
    if owner in owners:
        where = ", ".join(f"{n} = {label_text(v)}" for n, v in point.coordinates)
        raise error(
            "HC5006",
            f"`{target.name}` is decided twice" + (f" at {where}" if where else ""),
            pick.span,
            secondary=(Place(owners[owner], "first decided here"),),
            help="leave one of them out",
        )
    owners[owner] = pick.span
