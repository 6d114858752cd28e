"""Shared parameters among the costs of a forest: counted once in each architecture that reads them.

A sum over what decisions keep cannot count something once that several of them may keep. Where it is sure that an
architecture has the parameters, or where only one of the parts that read them is ever kept, they are a cost of that
place. Elsewhere they are optional, so ranges are bounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hypercuboid.graph.changes import groups_of
from hypercuboid.graph.forest import Cases, Group, OneOf, Path, Point, Template, Top, Weights
from hypercuboid.graph.reach import reach
from hypercuboid.ops.base import Cost
from hypercuboid.records import replace


def settled(root: Group) -> Group:
    """The forest without shared parameters, which have become costs."""
    uses = Uses()
    return _Settling(uses).group(root, uses.inside(root))


class Uses:
    """Where in a forest shared parameters are read."""

    def __init__(self) -> None:
        self._inside: dict[int, frozenset[Weights]] = {}
        self._sure: dict[tuple[int, Weights], bool] = {}
        self._kept: list[object] = []

    def inside(self, group: Group) -> frozenset[Weights]:
        """All shared parameters that a group may read."""
        if id(group) not in self._inside:
            self._kept.append(group)  # an id is a key only while its object lives
            self._inside[id(group)] = (group.shared | group.perhaps).union(*map(self.inside_point, group.points))
        return self._inside[id(group)]

    def inside_point(self, point: Point) -> frozenset[Weights]:
        """All shared parameters that a point may read; those of the steps of a cuboid are its own."""
        found = frozenset[Weights]().union(*map(self.inside, groups_of(point)))
        return frozenset(one for one in found if not one.each_step) if isinstance(point, Path) else found

    def sure(self, group: Group, weights: Weights) -> bool:
        """Whether every architecture that has the group has the parameters."""
        key = (id(group), weights)
        if key not in self._sure:
            self._sure[key] = weights in self.inside(group) and (
                weights in group.shared or any(self._sure_point(point, weights) for point in group.points)
            )
        return self._sure[key]

    def _sure_point(self, point: Point, weights: Weights) -> bool:
        if isinstance(point, OneOf):
            return self._all((option.group for option in point.options if not option.excluded), weights)
        if isinstance(point, Cases):
            return self._all(point.options, weights)
        if isinstance(point, Top):
            without = sum(not self.sure(group, weights) for _, group in point.terms)
            return without < point.count
        return weights in self.inside_point(point) and any(self._all(one, weights) for one in _places(point))

    def _all(self, groups: Iterable[Group], weights: Weights) -> bool:
        each = [self.sure(group, weights) for group in groups]
        return bool(each) and all(each)

    def exclusive(self, point: Point, weights: Weights) -> bool:
        """Whether at most one of the groups right inside a point that read the parameters is kept."""
        if isinstance(point, (OneOf, Cases)):
            return True
        if isinstance(point, Top):
            return point.count == 1 or sum(weights in self.inside(group) for _, group in point.terms) == 1
        return sum(any(weights in self.inside(group) for group in place) for place in _places(point)) == 1


def _name(weights: Weights) -> tuple[str, str]:
    return weights.instance or "", weights.part


def _places(path: Path) -> Iterator[list[Group]]:
    """Along a path: of each list an architecture keeps exactly one group."""
    reached = reach(path)
    for place in range(len(path.segments) + 1):
        yield [group for key, group in path.gap(place).items() if key in reached.gaps[place]]
        if place < len(path.segments):
            states = reached.states[place]
            for layer, before, after in zip(path.segments[place].layers, states, states[1:], strict=False):
                yield [m.group for m in layer.template.moves if m.source in before and m.target in after]


class _Settling:
    """Puts parameters where they belong. `group(g, weights)`: nothing outside of g reads the weights."""

    def __init__(self, uses: Uses) -> None:
        self.uses = uses

    def group(self, group: Group, weights: frozenset[Weights]) -> Group:
        cost, optional = group.cost, group.optional
        pushed: list[set[Weights]] = [set() for _ in group.points]
        for one in sorted(weights & self.uses.inside(group), key=_name):
            holders = [i for i, point in enumerate(group.points) if one in self.uses.inside_point(point)]
            if self.uses.sure(group, one):
                cost, optional = cost + Cost(one.least), optional + Cost(one.most - one.least)
            elif one not in group.perhaps and len(holders) == 1 and self.uses.exclusive(group.points[holders[0]], one):
                pushed[holders[0]].add(one)
            else:
                optional = optional + Cost(one.most)
        points = (self._point(point, frozenset(some)) for point, some in zip(group.points, pushed, strict=True))
        return Group(cost, optional, tuple(points))

    def _point(self, point: Point, weights: frozenset[Weights]) -> Point:
        if isinstance(point, OneOf):
            return replace(point, options=tuple(replace(o, group=self.group(o.group, weights)) for o in point.options))
        if isinstance(point, Top):
            return replace(point, terms=tuple((where, self.group(group, weights)) for where, group in point.terms))
        if isinstance(point, Cases):
            return replace(point, options=tuple(self.group(option, weights) for option in point.options))
        return self._path(point, weights)

    def _path(self, path: Path, weights: frozenset[Weights]) -> Path:
        """Each template once; parameters that each step has are settled in its own candidates."""
        memo: dict[int, Template] = {}

        def template(old: Template) -> Template:
            if id(old) not in memo:
                moves = tuple(
                    replace(m, group=self.group(m.group, weights | self._of_steps(m.group))) for m in old.moves
                )
                memo[id(old)] = Template(moves)
            return memo[id(old)]

        return replace(
            path,
            segments=tuple(
                replace(s, layers=tuple(replace(layer, template=template(layer.template)) for layer in s.layers))
                for s in path.segments
            ),
            entry={state: self.group(group, weights) for state, group in path.entry.items()},
            bridges=tuple({pair: self.group(g, weights) for pair, g in bridge.items()} for bridge in path.bridges),
            exit={state: self.group(group, weights) for state, group in path.exit.items()},
        )

    def _of_steps(self, group: Group) -> frozenset[Weights]:
        return frozenset(one for one in self.uses.inside(group) if one.each_step)
