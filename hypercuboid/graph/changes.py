"""Changes of a decision forest: what stands right inside a point, and groups with everything in them changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from hypercuboid.graph.forest import (
    NOTHING,
    Cases,
    Group,
    Levels,
    Move,
    OneOf,
    Option,
    Path,
    Point,
    Rename,
    Segment,
    Template,
    Top,
    Weights,
)
from hypercuboid.records import replace


def groups_of(point: Point) -> Iterator[Group]:
    """All groups right inside a point, those of a template once; of cases the cases, not what is built."""
    if isinstance(point, OneOf):
        yield from (option.group for option in point.options)
    elif isinstance(point, Top):
        yield from (group for _, group in point.terms)
    elif isinstance(point, Cases):
        yield from point.options
    else:
        yield from point.entry.values()
        for position, segment in enumerate(point.segments):
            templates = {id(layer.template): layer.template for layer in segment.layers}
            for template in templates.values():
                yield from (move.group for move in template.moves)
            if position < len(point.bridges):
                yield from point.bridges[position].values()
        yield from point.exit.values()


Holder = TypeVar("Holder", Option, Move)


def _changed(holder: Holder, change: Callable[[Group], Group]) -> Holder:
    """An option or a move with its group changed; itself where that changes nothing, as in most."""
    group = change(holder.group)
    return holder if group is holder.group else replace(holder, group=group)


def map_groups(point: Point, change: Callable[[Group], Group]) -> Point:
    """The point with every group inside changed; templates stay shared."""
    if isinstance(point, OneOf):
        return replace(point, options=tuple([_changed(one, change) for one in point.options]))
    if isinstance(point, Top):
        return replace(point, terms=tuple((where, change(group)) for where, group in point.terms))
    if isinstance(point, Cases):
        return replace(point, options=tuple(map(change, point.options)), whole=change(point.whole))
    memo: dict[int, Template] = {}

    def template(old: Template) -> Template:
        if id(old) not in memo:
            memo[id(old)] = Template(tuple([_changed(move, change) for move in old.moves]))
        return memo[id(old)]

    segments = tuple(
        replace(s, layers=tuple(replace(layer, template=template(layer.template)) for layer in s.layers))
        for s in point.segments
    )
    return replace(
        point,
        segments=segments,
        entry={state: change(group) for state, group in point.entry.items()},
        bridges=tuple({pair: change(group) for pair, group in bridge.items()} for bridge in point.bridges),
        exit={state: change(group) for state, group in point.exit.items()},
        built=tuple(replace(built, group=change(built.group)) for built in point.built),
    )


def renamed(group: Group, rename: Rename) -> Group:
    """The group with every decision in it called as a use calls it."""
    if not group.points:
        return group
    return replace(group, points=tuple(_renamed(point, rename) for point in group.points))


def _renamed(point: Point, rename: Rename) -> Point:
    point = map_groups(point, lambda group: renamed(group, rename))
    if isinstance(point, OneOf):
        name, coordinates = rename(point.name, point.coordinates)
        return replace(point, name=name, coordinates=coordinates)
    if isinstance(point, Path):
        segments = []
        for segment in point.segments:
            name, coordinates = rename(segment.name, segment.coordinates)
            segments.append(replace(segment, name=name, coordinates=coordinates))
        return replace(point, segments=tuple(segments))
    return point


def reweighed(group: Group, change: Callable[[Weights], Weights]) -> Group:
    """The group with every mention of shared parameters in it changed."""
    if not group.points and not group.shared and not group.perhaps:
        return group
    return replace(
        group,
        points=tuple(map_groups(point, lambda inner: reweighed(inner, change)) for point in group.points),
        shared=frozenset(map(change, group.shared)),
        perhaps=frozenset(map(change, group.perhaps)),
    )


def repeated(group: Group, times: int) -> Group:
    """The group of what runs several times with the same weights and decisions."""
    points = tuple(map_groups(point, lambda inner: repeated(inner, times)) for point in group.points)
    cost, optional, spare = (one.times(times) for one in (group.cost, group.optional, group.spare))
    return replace(group, cost=cost, optional=optional, spare=spare, points=points)


def weakened(group: Group) -> Group:
    """The group where nothing is sure to be read: all its costs are optional."""
    points = tuple(map_groups(point, weakened) for point in group.points)
    return Group(NOTHING, group.optional + group.cost, points, frozenset(), group.perhaps | group.shared, group.spare)


def costless(group: Group) -> Group:
    """The group of what decides and is not read: it costs nothing."""
    return Group(points=tuple(map_groups(point, costless) for point in group.points))


def of_candidates(segment: Segment, change: Callable[[Group], Group]) -> Segment:
    """The cuboid with the groups of its candidates changed; templates stay shared."""
    memo: dict[int, Template] = {}
    for layer in segment.layers:
        if id(layer.template) not in memo:
            memo[id(layer.template)] = Template(tuple([_changed(move, change) for move in layer.template.moves]))
    return replace(segment, layers=tuple(replace(one, template=memo[id(one.template)]) for one in segment.layers))


def divided(group: Group, owns: Callable[[str], bool], depth: int = 0) -> Group:
    """The group of a candidate of a cuboid that has each decision at each step if it `owns` it, else one for all steps.

    `depth` counts the cuboids inside the candidate that stand around the group.
    """

    def levels(name: str, before: Levels) -> Levels:
        return before if owns(name) else (*before, *(True,) * (depth - len(before)), False)

    def point(one: Point) -> Point:
        if isinstance(one, OneOf):
            one = replace(one, levels=levels(one.name, one.levels))
        here = map_groups(one, lambda inner: divided(inner, owns, depth))
        if not isinstance(one, Path):
            return here
        inside = map_groups(one, lambda inner: divided(inner, owns, depth + 1))
        assert isinstance(here, Path)
        assert isinstance(inside, Path)
        segments = tuple(replace(s, levels=levels(s.name, s.levels)) for s in inside.segments)
        return replace(here, segments=segments)

    return replace(group, points=tuple(map(point, group.points))) if group.points else group
