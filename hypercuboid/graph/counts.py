"""What a space is, in numbers: weights, groups, architectures, costs. Exact, and never by walking architectures."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from hypercuboid.frontend.elaborated import Label
from hypercuboid.graph.changes import groups_of
from hypercuboid.graph.dynamic import evaluate
from hypercuboid.graph.forest import Address, Cases, Group, Levels, OneOf, Path, Point, Segment
from hypercuboid.graph.grown import Forest
from hypercuboid.graph.numbers import Numbers, cheapest, counting, dearest, log_counting, total
from hypercuboid.ops.base import MEASURES
from hypercuboid.records import dataclass

LARGEST_DIGITS = 4000
"""Decimal digits up to which the number of architectures is given exactly."""


@dataclass(frozen=True)
class Counts:
    """Numbers of a space. Costs are of its supernet, or of the model where nothing is open, without auxiliary heads.

    `architectures` is None above 10^4000; costs are None where input shapes are unknown. Ranges are over all
    architectures, the auxiliary head left out; where `additive` is false they are bounds, or None where there are none.
    """

    weights: int
    groups: int
    architectures: int | None
    architectures_log10: float
    additive: bool
    params: int | None
    macs: int | None
    add_mult: int | None
    activations: int | None
    params_range: tuple[int, int] | None
    macs_range: tuple[int, int] | None
    tuple: str | None


def count(searching: Forest, model: Forest) -> Counts:
    """The numbers of a space from its forests: of the supernet, and of what architectures cost."""
    log = evaluate(searching.outcomes, log_counting()) / math.log(10)
    exact = evaluate(searching.outcomes, counting()) if log <= LARGEST_DIGITS else None
    weights, groups = weights_and_groups(searching.root)
    log10 = math.log10(exact) if exact else log
    params, macs, add_mult, activations = (
        total(searching.root, what) if searching.known else None for what in MEASURES[:4]
    )
    return Counts(
        weights,
        groups,
        exact,
        log10 if exact != 0 else -math.inf,
        is_additive(model),
        params,
        macs,
        add_mult,
        activations,
        _range(model, "params"),
        _range(model, "macs"),
        tuple_text(searching.root),
    )


def is_additive(forest: Forest) -> bool:
    """Whether the cost of an architecture is a sum over what its decisions keep."""
    return follows(forest) and not any(
        isinstance(point, Cases) for g in _groups_in(forest.settled) for point in g.points
    )


def follows(forest: Forest) -> bool:
    """Whether what is decided settles the cost of an architecture in the forest, so that nothing in it is a bound."""
    return forest.exact and not any(any(group.optional.numbers) for group in _groups_in(forest.settled))


def _groups_in(root: Group) -> Iterator[Group]:
    """All groups of a forest, each once."""
    seen, waiting = {id(root)}, [root]
    while waiting:
        group = waiting.pop()
        yield group
        inside = (inner for point in group.points for inner in groups_of(point))
        fresh = {id(inner): inner for inner in inside if id(inner) not in seen}
        seen |= fresh.keys()
        waiting += fresh.values()


def _range(forest: Forest, what: str) -> tuple[int, int] | None:
    if not forest.known or not forest.exact:
        return None
    low: Numbers = cheapest(lambda group: getattr(group.cost, what))
    high: Numbers = dearest(lambda group: getattr(group.cost, what) + getattr(group.optional, what))
    least, most = evaluate(forest.settled, low), evaluate(forest.settled, high)
    return None if least == math.inf else (int(least), int(most))


# ---------------------------------------------------------------- weights


def weights_and_groups(root: Group) -> tuple[int, int]:
    """How many architecture weights are declared, in how many softmax groups; shared decisions count once."""
    memo: dict[int, _Declared] = {}

    def of_group(group: Group) -> _Declared:
        if id(group) not in memo:
            memo[id(group)] = _united(of_point(point) for point in group.points)
        return memo[id(group)]

    def of_point(point: Point) -> _Declared:
        if isinstance(point, Path):
            return of_path(point)
        if isinstance(point, Cases):
            return of_group(point.whole)
        found = _united(of_group(group) for group in groups_of(point))
        if isinstance(point, OneOf):
            found[point.address, point.levels] = len(point.options), 1, _NONE
        return found

    def of_path(point: Path) -> _Declared:
        found = _united(of_group(built.group) for built in point.built)
        for segment in point.segments:
            inside: dict[int, tuple[int, int]] = {}
            weights = groups = 0
            for layer in segment.layers:
                key = id(layer.template)
                if key not in inside:
                    declared = _united(of_group(move.group) for move in layer.template.moves)
                    inside[key] = _total({k: counted for k, counted in declared.items() if not k[1] or k[1][0]})
                    found |= {(a, levels[1:]): c for (a, levels), c in declared.items() if levels and not levels[0]}
                weights += inside[key][0] + (0 if layer.decided else len(layer.template.moves) + len(layer.dead))
                groups += inside[key][1]
            found[segment.address, segment.levels] = weights, groups, _segment_groups(segment)
        return found

    return _total(of_group(root))


_Groups: TypeAlias = frozenset[tuple[object, ...]]
_Declared: TypeAlias = dict[tuple[Address, Levels], tuple[int, int, _Groups]]
"""Of each decision, or run of steps of a cuboid: weights, groups, and groups that it may share with other runs."""

_NONE: _Groups = frozenset()


def _united(parts: Iterable[_Declared]) -> _Declared:
    return {address: counted for part in parts for address, counted in part.items()}


def _total(declared: _Declared) -> tuple[int, int]:
    values = list(declared.values())
    shared = _NONE.union(*(own for _, _, own in values))
    return sum(weights for weights, _, _ in values), sum(groups for _, groups, _ in values) + len(shared)


def _segment_groups(segment: Segment) -> _Groups:
    """The softmax groups of a cuboid: the coordinates of its competing axes at which something is declared."""
    kept = [i for i, name in enumerate(segment.depth) if name in segment.compete]
    memo: dict[int, frozenset[tuple[Label, ...]]] = {}
    found: set[tuple[object, ...]] = set()
    for layer in segment.layers:
        if layer.decided:
            continue
        key = id(layer.template)
        if key not in memo:
            memo[key] = frozenset(_competing(segment, m.source, m.target, m.label) for m in layer.template.moves)
        front = (segment.name, segment.coordinates, tuple(layer.coordinates[i] for i in kept))
        found.update((front, own) for own in memo[key])
        found.update((front, _competing(segment, *dead)) for dead in layer.dead)
    return frozenset(found)


def _competing(segment: Segment, source: int, target: int, label: tuple[Label, ...]) -> tuple[Label, ...]:
    names = (*segment.states, *segment.choices)
    values = (segment.state_labels[source], segment.state_labels[target], *label)
    return tuple(value for name, value in zip(names, values, strict=True) if name in segment.compete)


# ---------------------------------------------------------------- the tuple


def tuple_text(root: Group) -> str | None:
    """`((4 x 4) x 3 x 3 x 2)` where the space is one cuboid, sizes in the order of declaration."""
    if len(root.points) != 1 or not isinstance(root.points[0], Path) or len(root.points[0].segments) != 1:
        return None
    path = root.points[0]
    segment = path.segments[0]
    if any(inner.points for inner in groups_of(path)):
        return None
    if any(layer.decided for layer in segment.layers):
        return None
    size = {segment.states[0]: f"({len(segment.state_labels)} x {len(segment.state_labels)})"}
    size |= {name: str(len(labels)) for name, labels in zip(segment.depth, segment.depth_labels, strict=True)}
    size |= {name: str(len(labels)) for name, labels in zip(segment.choices, segment.choice_labels, strict=True)}
    order = segment.axis_order or (*segment.states, *segment.depth, *segment.choices)
    return f"({' x '.join(size[name] for name in order if name in size)})"
