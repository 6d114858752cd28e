"""A number for each architecture: the exact count, read backwards. Independent points are digits in mixed radix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod
from typing import Any, TypeAlias

from hypercuboid.graph.forest import (
    Address,
    Cases,
    Environment,
    Group,
    Layer,
    Move,
    OneOf,
    Path,
    Point,
    Segment,
    Template,
    Top,
    placed,
)
from hypercuboid.records import dataclass

Picks = dict[Address, Any]
"""What an architecture keeps: address -> KeptPath or label."""


@dataclass(frozen=True)
class Link:
    """A way from one state to another: a candidate of a step, or the gap between two cuboids (no `move`)."""

    source: int
    target: int
    group: Group
    ways: int
    move: Move | None = None


Stage: TypeAlias = tuple[Mapping[int, list[Link]], Segment, Layer | None]
"""The links of a step by the state that they leave; or of a gap (no layer) behind the segment."""


@dataclass(frozen=True)
class Trellis:
    """A path as stages, steps and gaps alike: the links of each by the state they leave.

    `onward[i]` counts the ways from each state before stage i to the end.
    """

    stages: tuple[Stage, ...]
    onward: tuple[Mapping[int, int], ...]


class Numbering:
    """Numbers from 0 to `count` - 1 for the architectures of a forest (ruling 16: outcomes of its decisions)."""

    def __init__(self, root: Group) -> None:
        self.root = root
        self._counts: dict[int, int] = {}
        self.tables: dict[int, list[list[int]]] = {}
        """By the id of a `Top`, [i][k]: the ways to keep k of its first i terms."""
        self.trellises: dict[int, Trellis] = {}
        """By the id of a `Path`."""
        self.count = self.ways(root)

    def picks(self, number: int) -> Picks:
        """What the architecture of that number keeps."""
        assert 0 <= number < self.count
        found: Picks = {}
        self._read(self.root, (), number, found)
        return found

    def number(self, picks: Picks) -> int:
        """The number of the architecture that keeps them; KeyError where they do not decide all."""
        from hypercuboid.graph.numbered import number_of

        return number_of(self, picks)

    # ------------------------------------------------------------ counts

    def ways(self, group: Group) -> int:
        """The ways to decide all that is in a group."""
        if id(group) not in self._counts:
            self._counts[id(group)] = prod(map(self.point_ways, group.points))
        return self._counts[id(group)]

    def point_ways(self, point: Point) -> int:
        """The ways to decide a point and all inside."""
        if id(point) not in self._counts:
            self._counts[id(point)] = self._counted(point)
        return self._counts[id(point)]

    def _counted(self, point: Point) -> int:
        if isinstance(point, OneOf):
            return sum(self.ways(option.group) for option in point.options if not option.excluded)
        if isinstance(point, Top):
            table = self.tables[id(point)] = self._table(point)
            return table[-1][point.count]
        if isinstance(point, Cases):
            return sum(map(self.ways, point.options))
        trellis = self.trellises[id(point)] = self._trellis(point)
        return sum(self.ways(group) * trellis.onward[0].get(state, 0) for state, group in point.entry.items())

    def _table(self, point: Top) -> list[list[int]]:
        rows = [[1] + [0] * point.count]
        for _, group in point.terms:
            term, last = self.ways(group), rows[-1]
            rows.append([1] + [last[k] + last[k - 1] * term for k in range(1, point.count + 1)])
        return rows

    def _trellis(self, point: Path) -> Trellis:
        stages: list[Stage] = []
        templates: dict[int, Mapping[int, list[Link]]] = {}
        for place, segment in enumerate(point.segments):
            for layer in segment.layers:
                key = id(layer.template)
                if key not in templates:
                    templates[key] = self._links(layer.template)
                stages.append((templates[key], segment, layer))
            if place < len(point.bridges):
                pairs = point.bridges[place].items()
                stages.append((_by_source(Link(s, t, g, self.ways(g)) for (s, t), g in pairs), segment, None))
        onward = [{state: self.ways(group) for state, group in point.exit.items()}]
        for links, _, _ in reversed(stages):
            onward.append({s: sum(k.ways * onward[-1].get(k.target, 0) for k in some) for s, some in links.items()})
        return Trellis(tuple(stages), tuple(reversed(onward)))

    def _links(self, template: Template) -> Mapping[int, list[Link]]:
        return _by_source(Link(m.source, m.target, m.group, self.ways(m.group), m) for m in template.moves)

    # ------------------------------------------------------------ reading a number

    def _read(self, group: Group, environment: Environment, number: int, found: Picks) -> None:
        for point in group.points:
            number, own = divmod(number, self.point_ways(point))
            if isinstance(point, OneOf):
                self._read_one_of(point, environment, own, found)
            elif isinstance(point, Top):
                self._read_top(point, environment, own, found)
            elif isinstance(point, Cases):
                position, own = _split(own, list(map(self.ways, point.options)))
                self._read(point.options[position], environment, own, found)
            else:
                self._read_path(point, environment, own, found)

    def _read_one_of(self, point: OneOf, environment: Environment, number: int, found: Picks) -> None:
        options = [option for option in point.options if not option.excluded]
        position, number = _split(number, [self.ways(option.group) for option in options])
        found[placed(point.address, environment, point.levels)] = options[position].label
        self._read(options[position].group, environment, number, found)

    def _read_top(self, point: Top, environment: Environment, number: int, found: Picks) -> None:
        table, left = self.tables[id(point)], point.count
        for position in reversed(range(len(point.terms))):
            without = table[position][left]
            if number >= without:
                _, group = point.terms[position]
                number, own = divmod(number - without, self.ways(group))
                self._read(group, environment, own, found)
                left -= 1

    def _read_path(self, point: Path, environment: Environment, number: int, found: Picks) -> None:
        trellis = self.trellises[id(point)]
        entries = list(point.entry.items())
        position, number = _split(number, [self.ways(g) * trellis.onward[0].get(s, 0) for s, g in entries])
        state, group = entries[position]
        number, own = divmod(number, self.ways(group))
        self._read(group, environment, own, found)
        for (links, segment, layer), onward in zip(trellis.stages, trellis.onward[1:], strict=True):
            position, number = _split(number, [k.ways * onward.get(k.target, 0) for k in links[state]])
            link = links[state][position]
            number, own = divmod(number, link.ways)
            inner = environment if layer is None else (segment.environment(layer), *environment)
            if layer is not None and not layer.decided and link.move is not None:
                found[segment.step_address(layer, environment)] = segment.kept(link.move)
            self._read(link.group, inner, own, found)
            state = link.target
        self._read(point.exit[state], environment, number, found)


def _by_source(links: Iterable[Link]) -> Mapping[int, list[Link]]:
    found: dict[int, list[Link]] = {}
    for link in links:
        found.setdefault(link.source, []).append(link)
    return found


def _split(number: int, sizes: list[int]) -> tuple[int, int]:
    """The part that a number falls into, parts laid end to end, and its place in it."""
    for position, size in enumerate(sizes):
        if number < size:
            return position, number
        number -= size
    raise AssertionError("a number beyond the count")
