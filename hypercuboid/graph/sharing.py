"""Decisions that several places share: joined to one point, or refused where that is not possible."""

from __future__ import annotations

from hypercuboid.diagnostics import error
from hypercuboid.frontend.elaborated import Label
from hypercuboid.graph.forest import (
    NOTHING,
    Cases,
    Group,
    OneOf,
    Option,
    Path,
    Point,
    Template,
    Top,
    Weights,
)
from hypercuboid.records import replace


def joined(groups: list[Group]) -> Group:
    """Independent parts together: costs add up, decisions that are shared become one point (ruling 16)."""
    groups = [group for group in groups if not group.is_empty] or groups[:1]
    if len(groups) == 1:
        return groups[0]
    cost, optional, spare = NOTHING, NOTHING, NOTHING
    shared: frozenset[Weights] = frozenset()
    perhaps: frozenset[Weights] = frozenset()
    points: dict[object, Point] = {}
    for group in groups:
        cost, optional, spare = cost + group.cost, optional + group.optional, spare + group.spare
        shared, perhaps = shared | group.shared, perhaps | group.perhaps
        for point in group.points:
            key = point_key(point)
            points[key] = _merged(points[key], point) if key in points else point
    return Group(cost, optional, tuple(points.values()), shared, perhaps, spare)


def point_key(point: Point) -> object:
    """Equal for two places of one decision."""
    if isinstance(point, OneOf):
        return point.address
    if isinstance(point, Top):
        return ("top", point.axes, tuple((w, tuple(point_key(p) for p in g.points)) for w, g in point.terms))
    if isinstance(point, Cases):
        return ("cases", tuple(map(point_key, point.whole.points)))
    return tuple(segment.address for segment in point.segments)


def _merged(first: Point, second: Point) -> Point:
    """Two places of one decision: the costs of each candidate add up."""
    if isinstance(first, OneOf) and isinstance(second, OneOf) and _labels(first) == _labels(second):
        options = tuple(
            Option(a.label, a.excluded or b.excluded, joined([a.group, b.group]))
            for a, b in zip(first.options, second.options, strict=True)
        )
        return replace(first, options=options)
    if isinstance(first, Top) and isinstance(second, Top) and first.count == second.count:
        terms = tuple((w, joined([a, b])) for (w, a), (_, b) in zip(first.terms, second.terms, strict=True))
        return replace(first, terms=terms)
    if isinstance(first, Cases) and isinstance(second, Cases) and len(first.options) == len(second.options):
        cases = tuple(joined([a, b]) for a, b in zip(first.options, second.options, strict=True))
        return Cases(cases, joined([first.whole, second.whole]), first.span)
    if isinstance(first, Path) and isinstance(second, Path):
        return _merged_paths(first, second)
    raise unequal(first, second)


def _labels(point: OneOf) -> list[tuple[Label, ...]]:
    return [option.label for option in point.options]


def unequal(first: Point, second: Point) -> Exception:
    name = first.name if isinstance(first, OneOf) else "sum top"
    return error(
        "HC5021",
        f"two uses share the decision `{name}` and have different alternatives",
        second.span,
        help="give uses of one cell equal alternatives, or use the block itself",
    )


def _merged_paths(first: Path, second: Path) -> Path:
    memo: dict[tuple[int, int], Template] = {}

    def template(a: Template, b: Template) -> Template:
        if (id(a), id(b)) not in memo:
            if [(m.source, m.target, m.label) for m in a.moves] != [(m.source, m.target, m.label) for m in b.moves]:
                raise unequal(first, second)
            moves = [replace(x, group=joined([x.group, y.group])) for x, y in zip(a.moves, b.moves, strict=True)]
            memo[id(a), id(b)] = Template(tuple(moves))
        return memo[id(a), id(b)]

    segments = []
    for one, other in zip(first.segments, second.segments, strict=True):
        if [a.coordinates for a in one.layers] != [b.coordinates for b in other.layers]:
            raise unequal(first, second)
        pairs = zip(one.layers, other.layers, strict=True)
        layers = tuple(replace(a, template=template(a.template, b.template)) for a, b in pairs)
        segments.append(replace(one, layers=layers))
    bridges = tuple(
        {pair: joined([group, b[pair]]) for pair, group in a.items() if pair in b}
        for a, b in zip(first.bridges, second.bridges, strict=True)
    )
    entry = {
        state: joined([group, second.entry[state]]) for state, group in first.entry.items() if state in second.entry
    }
    final = {state: joined([group, second.exit[state]]) for state, group in first.exit.items() if state in second.exit}
    return Path(tuple(segments), entry, bridges, final, first.built + second.built, first.span)
