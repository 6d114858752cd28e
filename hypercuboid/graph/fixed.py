"""A part of a forest in which a shared decision is not met, or is met and has one outcome."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from hypercuboid.frontend.elaborated import Coordinates, Label
from hypercuboid.graph.changes import groups_of
from hypercuboid.graph.forest import Address, Cases, Group, Move, OneOf, Path, Point, Segment, Template, Top
from hypercuboid.graph.ways import changed_path, on_a_way, possible
from hypercuboid.records import replace

Change: TypeAlias = Callable[[Group], Group | None]


class Fixing:
    """The parts of a group by whether they meet a decision, and its outcome `label` where they do.

    All of them are None where there is no such part.
    """

    def __init__(self, address: Address, label: tuple[Label, ...] | None) -> None:
        self.address = address
        self.label = label
        self._memo: dict[tuple[str, int], tuple[Group, Group | None]] = {}
        self._holds: dict[int, tuple[Group, bool]] = {}

    def holds(self, group: Group) -> bool:
        """Whether something in a group may meet the decision."""
        if id(group) not in self._holds:
            self._holds[id(group)] = group, any(map(self._point_holds, group.points))
        return self._holds[id(group)][1]

    def _point_holds(self, point: Point) -> bool:
        if isinstance(point, OneOf) and point.address == self.address:
            return True
        return any(map(self.holds, groups_of(point)))

    def without(self, group: Group) -> Group | None:
        """Where the decision is not met."""
        return self._remembered("without", group, lambda one: _all(one, [self._without(p) for p in one.points]))

    def free(self, group: Group) -> Group | None:
        """Where the decision has the outcome if it is met."""
        return self._remembered("free", group, lambda one: _all(one, [self._free(p) for p in one.points]))

    def met(self, group: Group) -> Group | None:
        """Where the decision is met and has the outcome."""
        return self._remembered("met", group, self._met)

    def _remembered(self, what: str, group: Group, make: Change) -> Group | None:
        if not self.holds(group):
            return None if what == "met" else group
        key = (what, id(group))
        if key not in self._memo:
            self._memo[key] = group, make(group)
        return self._memo[key][1]

    def _met(self, group: Group) -> Group | None:
        """The first point that meets it in each case; those before do not, those after may."""
        cases = []
        for position in range(len(group.points)):
            before = [self._without(point) for point in group.points[:position]]
            after = [self._free(point) for point in group.points[position + 1 :]]
            case = _all(Group(), [*before, self._met_point(group.points[position]), *after])
            if case is not None:
                cases.append(case)
        return _one_of(cases, group)

    # ------------------------------------------------------------ points

    def _without(self, point: Point) -> Point | None:
        if isinstance(point, OneOf) and point.address == self.address:
            return None
        return self._changed(point, self.without)

    def _free(self, point: Point) -> Point | None:
        if isinstance(point, OneOf) and point.address == self.address:
            return self._fixed(point, again=True)
        return self._changed(point, self.free)

    def _met_point(self, point: Point) -> Point | None:
        if isinstance(point, OneOf) and point.address == self.address:
            return self._fixed(point)
        if isinstance(point, Path):
            return on_a_way(self._path(point))
        return self._met_top(point) if isinstance(point, Top) else self._changed(point, self.met)

    def _fixed(self, point: OneOf, again: bool = False) -> OneOf | None:
        options = tuple(o for o in point.options if o.label == self.label and not o.excluded)
        return replace(point, options=options, fixed=True, again=again) if options else None

    def _changed(self, point: Point, change: Change) -> Point | None:
        """The point with every group changed, without what is impossible."""
        if isinstance(point, OneOf):
            options = tuple((o, change(o.group)) for o in point.options)
            left = tuple(replace(o, group=group) for o, group in options if group is not None)
            return replace(point, options=left) if left else None
        if isinstance(point, Cases):
            cases = tuple(group for group in map(change, point.options) if group is not None)
            return replace(point, options=cases) if cases else None
        if isinstance(point, Top):
            return _top(point, [(where, change(group)) for where, group in point.terms], point.count)
        return on_a_way(changed_path(point, change))

    def _met_top(self, point: Top) -> Cases | None:
        """The first term that is kept and meets it in each case; kept ones before it do not, those after it may."""
        cases = []
        for position, (_, group) in enumerate(point.terms):
            met = self.met(group)
            before = [(where, self.without(one)) for where, one in point.terms[:position]]
            after = [(where, self.free(one)) for where, one in point.terms[position + 1 :]]
            others = _top(point, [*before, *after], point.count - 1)
            if met is not None and others is not None:
                cases.append(replace(met, points=(*([others] if others.count else []), *met.points)))
        return Cases(tuple(cases), Group(points=(point,)), point.span) if cases else None

    # ------------------------------------------------------------ cuboids

    def _path(self, path: Path) -> Path:
        """The path with two numbers for each: the first while the decision was not met, the second from there on."""
        memo: dict[int, Template] = {}
        sizes = [segment.size for segment in path.segments]

        def template(old: Template, size: int) -> Template:
            if id(old) not in memo:
                memo[id(old)] = Template(tuple(one for move in old.moves for one in self._moves(move, size)))
            return memo[id(old)]

        def segment(old: Segment) -> Segment:
            layers = tuple(replace(one, template=template(one.template, old.size)) for one in old.layers)
            return replace(old, layers=layers, numbers=2 * tuple(map(old.state, range(old.size))))

        entry = {state: self.without(group) for state, group in path.entry.items()}
        entry |= {state + sizes[0]: self.met(group) for state, group in path.entry.items()}
        bridges = []
        for bridge, before, after in zip(path.bridges, sizes, sizes[1:], strict=False):
            pairs = {(s, t): self.without(group) for (s, t), group in bridge.items()}
            pairs |= {(s, t + after): self.met(group) for (s, t), group in bridge.items()}
            pairs |= {(s + before, t + after): self.free(group) for (s, t), group in bridge.items()}
            bridges.append(possible(pairs))
        final = {state: self.met(group) for state, group in path.exit.items()}
        final |= {state + sizes[-1]: self.free(group) for state, group in path.exit.items()}
        segments = tuple(map(segment, path.segments))
        return replace(
            path, segments=segments, entry=possible(entry), bridges=tuple(bridges), exit=possible(final), built=()
        )

    def _moves(self, move: Move, size: int) -> list[Move]:
        source, target = move.source, move.target
        found = [
            (source, target, self.without(move.group)),
            (source, target + size, self.met(move.group)),
            (source + size, target + size, self.free(move.group)),
        ]
        return [Move(s, t, move.label, group) for s, t, group in found if group is not None]


def _top(point: Top, terms: list[tuple[Coordinates, Group | None]], count: int) -> Top | None:
    """`count` of those terms that are possible; None where there are fewer."""
    left = tuple((where, group) for where, group in terms if group is not None)
    return replace(point, count=count, terms=left) if len(left) >= count else None


def _all(group: Group, points: list[Point | None]) -> Group | None:
    """The group with other points; None where one of them is impossible."""
    left = tuple(point for point in points if point is not None)
    if len(left) < len(points):
        return None
    return replace(group, points=left)


def _one_of(cases: list[Group], whole: Group) -> Group | None:
    if not cases:
        return None
    if len(cases) == 1:
        return replace(whole, points=cases[0].points)
    span = whole.points[0].span
    return replace(whole, points=(Cases(tuple(cases), Group(points=whole.points), span),))
