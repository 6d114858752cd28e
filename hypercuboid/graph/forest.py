"""The decision forest of a space: constant costs and independent decision points, nested as the space nests them.

A `Group` stands for a part of a network: what it costs whatever is decided, and the decisions in it, each independent
of the others. A point is one of several alternatives (`OneOf`), some of several terms (`Top`), a path through one
cuboid or several in a row (`Path`), or one of several cases that the decisions in them tell apart (`Cases`). Decisions
inside a cuboid's step are held once per template, without the depth coordinates; `placed` puts them in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from hypercuboid.diagnostics import Span
from hypercuboid.frontend.elaborated import Coordinates, KeptPath, Label
from hypercuboid.ops.base import FREE, Cost
from hypercuboid.records import cached_property, dataclass

Address: TypeAlias = tuple[str, Coordinates]
"""A decision at one coordinate: its name and the coordinates in front of its alternatives."""

Rename: TypeAlias = Callable[[str, Coordinates], Address]

Environment: TypeAlias = tuple[tuple[int, Coordinates], ...]
"""Depth coordinates to be put in front, innermost cuboid first: (how many coordinates stay before them, they)."""

Levels: TypeAlias = tuple[bool, ...]
"""For each cuboid around a decision, innermost first, whether its steps have a decision each; if not, they share it.
Cuboids that are not mentioned do."""


NOTHING = FREE


@dataclass(frozen=True)
class Weights:
    """The parameters of an op of a shared instance: several groups have them, and they count once.

    `instance` is what the frame of the group calls the instance, None where the instance is declared deeper; then
    `part` is the full name of the op in the body of the group, else the rest of it behind the instance. `least` and
    `most` parameters: widths may be open. `each_step`: there are some for each step of the cuboid around.
    """

    instance: str | None
    part: str
    least: int
    most: int
    each_step: bool = False


@dataclass(frozen=True, eq=False)
class Group:
    """A part of a network. `optional` costs fall away where no decision keeps what reads them: ranges are bounds.

    Its costs leave out the parameters that it shares with other groups: it surely reads those in `shared`, and
    perhaps those in `perhaps`. `spare` costs are those of a supernet alone: alternatives that no architecture keeps
    beside what `cost` and `optional` count.
    """

    cost: Cost = NOTHING
    optional: Cost = NOTHING
    points: tuple[Point, ...] = ()
    shared: frozenset[Weights] = frozenset()
    perhaps: frozenset[Weights] = frozenset()
    spare: Cost = NOTHING

    @property
    def is_empty(self) -> bool:
        if self.points or self.shared or self.perhaps:
            return False
        return all(cost is NOTHING or cost == NOTHING for cost in (self.cost, self.optional, self.spare))


@dataclass(frozen=True, eq=False)
class Option:
    """An alternative. `excluded` ones cannot be kept (zero under `sum top`, ruling 12)."""

    label: tuple[Label, ...]
    excluded: bool
    group: Group


@dataclass(frozen=True, eq=False)
class OneOf:
    """One alternative is kept. `fixed`: which one is settled by the case that the point stands in; `again`: and another
    point before it settles it, so here is nothing to be chosen or weighed."""

    name: str
    coordinates: Coordinates
    axes: tuple[str, ...]
    options: tuple[Option, ...]
    span: Span
    levels: Levels = ()
    fixed: bool = False
    again: bool = False

    @property
    def address(self) -> Address:
        return self.name, self.coordinates


@dataclass(frozen=True, eq=False)
class Top:
    """`count` of the terms are kept. `terms` hold the coordinates of the fold and what belongs to the term alone."""

    count: int
    axes: tuple[str, ...]
    terms: tuple[tuple[Coordinates, Group], ...]
    span: Span


@dataclass(frozen=True, eq=False)
class Move:
    """A candidate of a cuboid's step, between positions of states."""

    source: int
    target: int
    label: tuple[Label, ...]
    group: Group


@dataclass(frozen=True, eq=False)
class Template:
    """The candidates of a step, shared by all steps that are equal."""

    moves: tuple[Move, ...]

    @cached_property
    def pairs(self) -> frozenset[tuple[int, int]]:
        """From where to where its candidates lead."""
        return frozenset((move.source, move.target) for move in self.moves)

    @cached_property
    def deciding(self) -> tuple[int, ...]:
        """The numbers of the candidates in which something is decided."""
        return tuple(number for number, move in enumerate(self.moves) if move.group.points)


@dataclass(frozen=True, eq=False)
class Layer:
    """One step: its depth labels and its template; a decided one has no weights.

    `dead` candidates have weights and are never kept (see `Step`).
    """

    coordinates: tuple[Label, ...]
    template: Template
    decided: bool
    dead: tuple[tuple[int, int, tuple[Label, ...]], ...] = ()


@dataclass(frozen=True, eq=False)
class Segment:
    """One cuboid of a path, with its axes as in `TrellisNode`.

    Moves lead between numbers. Number i is state `numbers[i]`, a position in `state_labels`, and i itself where they
    are not given: a state has several numbers where what was met on the way to it is told apart.
    """

    name: str
    coordinates: Coordinates
    depth: tuple[str, ...]
    states: tuple[str, str]
    choices: tuple[str, ...]
    depth_labels: tuple[tuple[Label, ...], ...]
    state_labels: tuple[Label, ...]
    choice_labels: tuple[tuple[Label, ...], ...]
    compete: tuple[str, ...]
    axis_order: tuple[str, ...]
    layers: tuple[Layer, ...]
    span: Span
    levels: Levels = ()
    numbers: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return len(self.numbers or self.state_labels)

    def state(self, number: int) -> int:
        """The state of a number."""
        return self.numbers[number] if self.numbers else number

    def kept(self, move: Move) -> KeptPath:
        """What a move keeps."""
        labels = self.state_labels
        return KeptPath(labels[self.state(move.source)], labels[self.state(move.target)], move.label)

    def move(self, template: Template, kept: KeptPath) -> Move:
        """The first candidate of a step of this cuboid that keeps a path; KeyError where there is none."""
        moves = self._moves.get(id(template))
        if moves is None:
            moves = {self.kept(move): move for move in reversed(template.moves)}
            self._moves[id(template)] = moves
        return moves[kept]

    @cached_property
    def _moves(self) -> dict[int, dict[KeptPath, Move]]:
        """By the ids of its templates."""
        return {}

    @property
    def address(self) -> Address:
        """Of its first step: a cuboid whose steps are partly decided may be several segments."""
        return self.name, (*self.coordinates, *zip(self.depth, self.layers[0].coordinates, strict=True))

    def step_address(self, layer: Layer, environment: Environment) -> Address:
        """The decision that a step makes, given the steps around the cuboid."""
        _, depth = self.environment(layer)
        return placed((self.name, (*self.coordinates, *depth)), environment, self.levels)

    def environment(self, layer: Layer) -> tuple[int, Coordinates]:
        """What a layer puts into the coordinates of decisions inside its candidates."""
        return len(self.coordinates), tuple(zip(self.depth, layer.coordinates, strict=True))


@dataclass(frozen=True, eq=False)
class Built:
    """What is built between cuboids: where (see `Path.gap`), and for which states or pairs; none where it is dead."""

    place: int
    keys: frozenset[int | tuple[int, int]]
    group: Group


@dataclass(frozen=True, eq=False)
class Path:
    """A connected path through cuboids in a row.

    `entry[s]` is what lives only where the path starts in state s, `exit[s]` where it ends in s, and `bridges[i][s, t]`
    where it leaves segment i in s and enters the next in t; what is not a key is impossible. `built` are the groups
    that those are made of, each once.
    """

    segments: tuple[Segment, ...]
    entry: Mapping[int, Group]
    bridges: tuple[Mapping[tuple[int, int], Group], ...]
    exit: Mapping[int, Group]
    built: tuple[Built, ...]
    span: Span

    def gap(self, place: int) -> Mapping[Any, Group]:
        """What stands at a place: 0 the entry, then the bridges, at last the exit."""
        gaps: list[Mapping[Any, Group]] = [self.entry, *self.bridges, self.exit]
        return gaps[place]


@dataclass(frozen=True, eq=False)
class Cases:
    """Exactly one of `options` is there; no two of them make the same decisions. `whole` is what is built for all."""

    options: tuple[Group, ...]
    whole: Group
    span: Span


Point: TypeAlias = OneOf | Top | Path | Cases


def placed(address: Address, environment: Environment, levels: Levels = ()) -> Address:
    """The address with the depth coordinates of the steps around it."""
    name, coordinates = address
    for position, (before, depth) in enumerate(environment):
        if position >= len(levels) or levels[position]:
            coordinates = (*coordinates[:before], *depth, *coordinates[before:])
    return name, coordinates
