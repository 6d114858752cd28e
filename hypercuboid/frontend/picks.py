"""Picks: the sites of an `arch` resolved against the open decisions of its space (rulings 9, 11, 18, 19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypercuboid.diagnostics import HypercuboidError, Span, error
from hypercuboid.diagnostics import Label as Place
from hypercuboid.frontend import ast
from hypercuboid.frontend.elaborated import Decided, Kept, KeptPath, Label, bracketed, label_text, numbered
from hypercuboid.frontend.made import completed
from hypercuboid.frontend.points import Point
from hypercuboid.frontend.printer import print_expression
from hypercuboid.frontend.recovery import Mistakes
from hypercuboid.registry import near_miss, suggestion

_BRACKETS = 8
"""Brackets in the name of a decision: each can be read in two ways."""


class _Index:
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


def resolve(picks: tuple[ast.Pick, ...], points: tuple[Point, ...]) -> tuple[Decided, ...]:
    """What the picks decide; unknown, doubled and impossible ones are errors at their place."""
    made: dict[str, dict[tuple[Label, ...], tuple[Kept, ...]]] = {}
    owners: dict[object, Span] = {}
    mistakes = Mistakes()
    index = _Index(points)
    for pick in picks:
        with mistakes:
            target = _target(pick.site, index)
            for point, kept in _kept(pick, target, index):
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


# ---------------------------------------------------------------- sites


def _target(site: ast.Site, index: _Index) -> Target:
    for name, rest in _readings(site):
        chosen, axis = index.find(name)
        if chosen:
            left = index.at(chosen, rest)
            if not left:
                raise _not_there(name, rest, chosen, site)
            return Target(chosen[0].name, tuple(left), axis)
    names = list(index.by_name)
    text = site.span.text
    near = (near_miss(one, names) for one in (text, _readings(site)[-1][0]))
    raise error(
        "HC5005",
        f"`{text}` is no open decision of this space",
        site.span,
        notes=(f"open: {', '.join(names[:12])}{', ...' if len(names) > 12 else ''}",) if names else (),
        help=next(filter(None, near), "name one that is open" if names else "nothing is left to decide: leave it out"),
    )


def _not_there(name: str, wanted: list[ast.Coordinate], chosen: Sequence[Point], site: ast.Site) -> HypercuboidError:
    """A site of a known decision with coordinates that it does not have."""
    axes = [axis for axis, _ in chosen[0].coordinates]
    unknown = next((one for one in wanted if one.name is not None and one.name not in axes), None)
    if unknown is None:
        message, help = f"`{name}` is not open at this coordinate", "write a coordinate at which it is open"
        return error("HC5005", message, site.span, notes=_where(chosen), help=help)
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


def _where(points: Sequence[Point]) -> tuple[str, ...]:
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


# ---------------------------------------------------------------- what is kept


def _kept(pick: ast.Pick, target: Target, index: _Index) -> list[tuple[Point, tuple[Kept, ...]]]:
    first = target.points[0]
    if first.moves:
        kept = tuple(_path(one, pick) for one in pick.kept)
        return [(point, _possible_path(kept, point, pick, index)) for point in target.points]
    if first.top:
        return _top_terms(pick, target)
    if pick.is_list and not pick.keeps:
        return _per_coordinate(pick, target)
    kept_labels = tuple(_label(one, first, target.axis) for one in pick.kept)
    return [(point, _possible(kept_labels, point, pick)) for point in target.points]


def _path(one: ast.Kept, pick: ast.Pick) -> KeptPath:
    move = one.key if one.key is not None else one.value
    if not isinstance(move, ast.Pipe) or len(move.stages) != 2:
        help = "write the two states and the choice: `8 -> 16: conv`"
        raise error("HC5010", "a step of a cuboid is picked as `FROM -> TO: CHOICE`", one.span, help=help)
    source, target = (read_label(stage) for stage in move.stages)
    if one.key is None:
        return KeptPath(source, target, ())
    label = read_label(one.value)
    return KeptPath(source, target, label if isinstance(label, tuple) else (label,))


def _possible_path(kept: tuple[KeptPath, ...], point: Point, pick: ast.Pick, index: _Index) -> tuple[Kept, ...]:
    if len(kept) > 1 and not pick.keeps:
        raise error("HC5010", "`pick` decides one alternative", pick.span, help="`keep` keeps several")
    moves = index.moves(point)
    for one, written in zip(kept, pick.kept, strict=True):
        if (one.source, one.target, one.label) not in moves:
            text = f"{label_text(one.source)} -> {label_text(one.target)}"
            labels = [m[2] for m in point.moves if m[:2] == (one.source, one.target)]
            known = ", ".join(label_text(x if len(x) > 1 else x[0]) for x in labels if x)
            note = f"{text} has: {known}" if known else f"no step leads {text}"
            help = _step_help(one, point, [label_text(x if len(x) > 1 else x[0]) for x in labels if x])
            raise error(
                "HC5007", f"`{written.span.text}` is no alternative here", written.span, notes=(note,), help=help
            )
    return kept


def _step_help(one: KeptPath, point: Point, labels: list[str]) -> str:
    """The step that may be meant: a near label, or the states that can be reached."""
    if labels:
        label = label_text(one.label if len(one.label) != 1 else one.label[0])
        return near_miss(label, labels) or "write one of these"
    targets = dict.fromkeys(label_text(target) for source, target, _ in point.moves if source == one.source)
    if targets:
        return f"from {label_text(one.source)} a step leads to {', '.join(list(targets)[:12])}"
    states = dict.fromkeys(label_text(source) for source, _, _ in point.moves)
    return f"a step starts from {', '.join(list(states)[:12])}"


def _label(one: ast.Kept, point: Point, axis: int | None) -> tuple[Any, ...]:
    """The label that is kept, with None for axes that stay open."""
    value = read_label(one.value)
    if axis is not None:
        return tuple(value if i == axis else None for i in range(len(point.axes)))
    if one.key is None:
        return value if isinstance(value, tuple) and len(point.axes) > 1 else (value,)
    key = read_label(one.key)
    readings = [(*front, *back) for front in _spread(key) for back in _spread(value)]
    return next((one for one in readings if len(one) == len(point.axes)), readings[0])


def _spread(label: Any) -> list[tuple[Any, ...]]:
    """A label alone, and the labels that it may list: `(3, 1)` is one of an axis of tuples, or two of two axes."""
    return [(label,), label] if isinstance(label, tuple) else [(label,)]


def _possible(kept: tuple[tuple[Any, ...], ...], point: Point, pick: ast.Pick) -> tuple[Kept, ...]:
    if len(kept) > 1 and not pick.keeps:
        raise error("HC5010", "`pick` decides one alternative", pick.span, help="`keep` keeps several")
    for label, written in zip(kept, pick.kept, strict=False):
        if len(label) != len(point.axes) or not any(_fits(label, known) for known in point.labels):
            known = [", ".join(map(label_text, one)) for one in point.labels]
            text = written.span.text
            raise error(
                "HC5007",
                f"`{text}` is no alternative of `{point.name}`",
                written.span,
                notes=(f"alternatives: {'; '.join(known[:12])}{'; ...' if len(known) > 12 else ''}",),
                help=near_miss(text, known) or "write one of these",
            )
    return kept


def _fits(label: tuple[Any, ...], known: tuple[Label, ...]) -> bool:
    return all(
        one is None or (one == other and type(one) is type(other)) for one, other in zip(label, known, strict=True)
    )


def _per_coordinate(pick: ast.Pick, target: Target) -> list[tuple[Point, tuple[Kept, ...]]]:
    """A list has one entry per coordinate, in declared order (ruling 11)."""
    if len(pick.kept) != len(target.points):
        raise error(
            "HC5011",
            f"`{target.name}` has {len(target.points)} coordinates, and {len(pick.kept)} are given",
            pick.span,
            notes=_where(list(target.points)),
            help="write one entry for each coordinate, in this order",
        )
    found = []
    for one, point in zip(pick.kept, target.points, strict=True):
        single = ast.Pick(one.span, False, pick.site, (one,), False)
        found.append((point, _possible((_label(one, point, target.axis),), point, single)))
    return found


def _top_terms(pick: ast.Pick, target: Target) -> list[tuple[Point, tuple[Kept, ...]]]:
    """`[j: label, ...]`: a set keyed by the binder, its order kept; terms that are not named are left out.

    `keep` may name a term several times: these alternatives of it are kept side by side.
    """
    count, fold = target.points[0].top, len(target.points[0].fold)
    chosen: dict[tuple[Label, ...], dict[tuple[Any, ...], ast.Kept]] = {}
    for one in pick.kept:
        term, label = _term(one, target)
        again = chosen.setdefault(term, {})
        if again and (label in again or not pick.keeps):
            help = "leave one of them out" if label in again else "`keep` keeps several alternatives of a term"
            raise error("HC5006", f"term {label_text(term[0])} is picked twice", one.span, help=help)
        again[label] = one
    found: list[tuple[Point, tuple[Kept, ...]]] = []
    for points in _fronts(target, fold):
        wanted = min(count, len(points))
        if len(chosen) != wanted and not pick.keeps:
            raise error(
                "HC5011",
                f"`{target.name}` keeps {wanted} terms, and {len(chosen)} are given",
                pick.span,
                help=f"pick {wanted} of its terms, or `keep` another number of them",
            )
        for term, labels in chosen.items():
            if term not in points:
                there = ", ".join(label_text(one[0]) for one in list(points)[:12])
                message = f"`{target.name}` has no term {label_text(term[0])}"
                raise error("HC5007", message, next(iter(labels.values())).span, help=f"its terms are {there}")
            kept = [_possible_term(label, points[term], pick, written) for label, written in labels.items()]
            found.append((points[term], tuple(kept)))
        found += [(point, ()) for term, point in points.items() if term not in chosen]
    return found


def _term(one: ast.Kept, target: Target) -> tuple[tuple[Label, ...], tuple[Any, ...]]:
    """The coordinates of a term and the label that is kept of it, as they are written."""
    if one.key is None:
        raise error(
            "HC5010",
            "terms of `sum top` are picked as `[TERM: LABEL, ...]`",
            one.span,
            help=f"say which term: `{label_text(target.points[0].key[-1])}: {one.span.text}`",
        )
    key, value = read_label(one.key), read_label(one.value)
    return (key if isinstance(key, tuple) else (key,)), (value if isinstance(value, tuple) else (value,))


def _possible_term(label: tuple[Any, ...], point: Point, pick: ast.Pick, written: ast.Kept) -> Kept:
    single = ast.Pick(written.span, False, pick.site, (written,), False)
    (kept,) = _possible((label,), point, single)
    return kept


def _fronts(target: Target, fold: int) -> list[dict[tuple[Label, ...], Point]]:
    """For each coordinate in front of a `sum top`, its terms."""
    found: dict[tuple[Label, ...], dict[tuple[Label, ...], Point]] = {}
    for point in target.points:
        cut = len(point.key) - fold
        found.setdefault(point.key[:cut], {})[point.key[cut:]] = point
    return list(found.values())
