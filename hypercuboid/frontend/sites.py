"""The sites of picks: which decisions they name, and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypercuboid.diagnostics import HypercuboidError, error
from hypercuboid.frontend import ast
from hypercuboid.frontend.elaborated import bracketed, label_text, numbered
from hypercuboid.frontend.points import Point
from hypercuboid.frontend.printer import print_expression
from hypercuboid.records import dataclass
from hypercuboid.registry import near_miss, suggestion

_BRACKETS = 8
"""Brackets in the name of a decision: each can be read in two ways."""


class Index:
    """The points of a space by name, by the axes of several values chosen together, and the moves of steps as sets."""

    def __init__(self, points: tuple[Point, ...]) -> None:
        self.by_name: dict[str, list[Point]] = {}
        for point in points:
            self.by_name.setdefault(point.name, []).append(point)
        self.by_axis: dict[str, tuple[str, int]] = {}
        for name, same in self.by_name.items():
            for position, axis in enumerate(_axes_in_name(same[0])):
                self.by_axis.setdefault(axis, (name, position))
        self._labels: dict[str, dict[object, list[Point]]] = {}
        self._moves: dict[int, frozenset[object]] = {}

    def find(self, name: str) -> tuple[list[Point], int | None]:
        """The points of a decision, or of the one with an axis of that name: `PATH.k` of `PATH.k, mid`."""
        if name in self.by_name:
            return self.by_name[name], None
        whole, axis = self.by_axis.get(name, ("", None))
        return self.by_name.get(whole, []), axis

    def at(self, points: list[Point], wanted: list[ast.Coordinate]) -> list[Point]:
        """Those of the points of one decision that stand at the coordinates."""
        if not wanted:
            return points
        front = tuple(read_label(c.value) for c in wanted if c.name is None)
        named = [(c.name, read_label(c.value)) for c in wanted if c.name is not None]
        axes = [name for name, _ in points[0].coordinates]
        known = [*zip(axes, front, strict=False), *named]
        found = min((self._by_label(points).get(one, []) for one in known), key=len)
        return [p for p in found if p.key[: len(front)] == front and all((n, v) in p.coordinates for n, v in named)]

    def _by_label(self, points: list[Point]) -> dict[object, list[Point]]:
        """The points of one decision by each of their coordinates."""
        name = points[0].name
        if name not in self._labels:
            labels = self._labels[name] = {}
            for point in points:
                for coordinate in dict.fromkeys(point.coordinates):
                    labels.setdefault(coordinate, []).append(point)
        return self._labels[name]

    def moves(self, point: Point) -> frozenset[object]:
        """The moves of a step; equal steps share them."""
        key = id(point.moves)
        if key not in self._moves:
            self._moves[key] = frozenset(point.moves)
        return self._moves[key]


def _axes_in_name(point: Point) -> list[str]:
    """`PATH.k`, `PATH.mid` of the decision `PATH.k, mid`, and `PATH.k@2` of `PATH.k, mid@2`."""
    stem, number = numbered(point.name)
    own = ", ".join(point.axes)
    path = stem.removesuffix(own)
    if len(point.axes) < 2 or path == stem or (path and not path.endswith(".")):
        return []
    return [f"{path}{axis}{number}" for axis in point.axes]


@dataclass(frozen=True)
class Target:
    """The decision that a site names: its points, and the one axis that is decided (None: all)."""

    name: str
    points: tuple[Point, ...]
    axis: int | None


def target_of(site: ast.Site, index: Index) -> Target:
    for name, rest in _readings(site):
        chosen, axis = index.find(name)
        if chosen:
            left = index.at(chosen, rest)
            if not left:
                raise _not_there(name, rest, chosen, site)
            return Target(chosen[0].name, tuple(left), axis)
    names = list(index.by_name)
    text = site.span.text
    near = (near_miss(one, names) or _inside(one, names) for one in (text, _readings(site)[-1][0]))
    raise error(
        "HC5005",
        f"`{text}` is no open decision of this space",
        site.span,
        notes=(f"open: {', '.join(names[:12])}{', ...' if len(names) > 12 else ''}",) if names else (),
        help=next(filter(None, near), "name one that is open" if names else "nothing is left to decide: leave it out"),
    )


def _inside(text: str, names: Sequence[str]) -> str:
    """`did you mean ...?` for the last part of one name alone; empty where none or several end so."""
    found = [name for name in names if name.endswith(f".{text}")]
    return f"did you mean `{found[0]}`?" if len(found) == 1 else ""


def _not_there(name: str, wanted: list[ast.Coordinate], chosen: Sequence[Point], site: ast.Site) -> HypercuboidError:
    """A site of a known decision with coordinates that it does not have."""
    axes = [axis for axis, _ in chosen[0].coordinates]
    unknown = next((one for one in wanted if one.name is not None and one.name not in axes), None)
    if unknown is None:
        message, help = f"`{name}` is not open at this coordinate", "write a coordinate at which it is open"
        return error("HC5005", message, site.span, notes=where_of(chosen), help=help)
    message = f"`{name}` has no coordinate `{unknown.name}`"
    help = suggestion(str(unknown.name), axes) if axes else f"it has none: write `{name}`"
    return error("HC5005", message, unknown.span, help=help)


def _readings(site: ast.Site) -> list[tuple[str, list[ast.Coordinate]]]:
    """How a site can be read: brackets are part of the name, or coordinates; names with most brackets first."""
    readings: list[tuple[str, list[ast.Coordinate]]] = [(site.name, [])]
    if sum(isinstance(step, ast.SiteIndex) for step in site.steps) > _BRACKETS:
        return readings
    for step in site.steps:
        if isinstance(step, ast.SitePart):
            readings = [(f"{name}{step.before}{step.name}", rest) for name, rest in readings]
            continue
        labels = tuple(read_label(c.value) for c in step.coordinates)
        unnamed = all(c.name is None for c in step.coordinates)
        inside = [(name + bracketed(labels), rest) for name, rest in readings] if unnamed else []
        readings = inside + [(name, [*rest, *step.coordinates]) for name, rest in readings]
    return readings


def where_of(points: Sequence[Point]) -> tuple[str, ...]:
    keys = [", ".join(f"{n} = {label_text(v)}" for n, v in point.coordinates) for point in points[:8]]
    return (f"open at: {'; '.join(keys)}{'; ...' if len(points) > 8 else ''}",) if any(keys) else ()


def read_label(expression: ast.Expr) -> Any:
    """A label as it is written: names and calls stand for themselves."""
    if isinstance(expression, ast.Name):
        return expression.id
    if isinstance(expression, ast.Literal):
        return expression.value
    if isinstance(expression, ast.TupleOf):
        return tuple(read_label(item) for item in expression.items)
    if isinstance(expression, ast.Unary) and expression.operator == "-":
        inner = read_label(expression.operand)
        if isinstance(inner, (int, float)):
            return -inner
    return print_expression(expression)
