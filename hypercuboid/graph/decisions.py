"""All decisions of a space as labelled arrays, from its forest."""

from __future__ import annotations

from dataclasses import field
from functools import reduce
from typing import TYPE_CHECKING

from hypercuboid.diagnostics import Span, error
from hypercuboid.frontend.elaborated import Label
from hypercuboid.graph.decision import Axis, Decision, distinct, label_key
from hypercuboid.graph.forest import Cases, Environment, Group, OneOf, Path, Point, Segment, Template, Top, placed
from hypercuboid.graph.reach import reach
from hypercuboid.records import dataclass

if TYPE_CHECKING:
    import numpy as np

MASK_LIMIT = 200_000_000
"""Entries of one array that masks are made for."""


@dataclass(eq=False)
class _Layer:
    """An open step of a cuboid: its leading labels, its segment and template, and the live states around it."""

    labels: tuple[Label, ...]
    segment: Segment
    template: Template
    before: frozenset[int]
    after: frozenset[int]
    live: bool
    dead: tuple[tuple[int, int, tuple[Label, ...]], ...]


@dataclass(eq=False)
class _Entry:
    """A decision in the making: `rows` of alternatives by leading labels, or `layers` of a cuboid."""

    leading: tuple[str, ...]
    axes: tuple[str, ...]
    compete: tuple[str, ...]
    kind: str
    span: Span
    rows: dict[tuple[object, ...], tuple[tuple[Label, ...], tuple[tuple[Label, ...], ...], bool]] = field(
        default_factory=dict
    )
    layers: list[_Layer] = field(default_factory=list)


def collect(root: Group) -> tuple[Decision, ...]:
    """Every open decision, in the order of the source; HC3095 where one name has different axes."""
    return tuple(_decision(name, entry) for name, entry in require_equal_axes(root).items())


def require_equal_axes(root: Group) -> dict[str, _Entry]:
    """The decisions before their arrays are made; HC3095 where one name has different axes."""
    found: dict[str, _Entry] = {}
    _group(root, (), True, "one", found)
    return found


def _group(group: Group, environment: Environment, live: bool, kind: str, found: dict[str, _Entry]) -> None:
    for point in group.points:
        _point(point, environment, live, kind, found)


def _point(point: Point, environment: Environment, live: bool, kind: str, found: dict[str, _Entry]) -> None:
    if isinstance(point, Top):
        for _, group in point.terms:
            _group(group, environment, live, "top", found)
    elif isinstance(point, OneOf):
        _one_of(point, environment, live, kind, found)
        for option in point.options:
            _group(option.group, environment, live, "one", found)
    elif isinstance(point, Cases):
        _group(point.whole, environment, live, kind, found)
    else:
        _path(point, environment, live, found)


def _one_of(point: OneOf, environment: Environment, live: bool, kind: str, found: dict[str, _Entry]) -> None:
    name, coordinates = placed(point.address, environment, point.levels)
    names = distinct((*(n for n, _ in coordinates), *point.axes))
    leading = names[: len(coordinates)]
    entry = found.setdefault(name, _Entry(leading, names[len(coordinates) :], leading, kind, point.span))
    if entry.leading != leading or entry.axes != names[len(coordinates) :] or entry.layers:
        raise error(
            "HC3095",
            f"the decision `{name}` has different axes at different places",
            point.span,
            help="give the two choices names of their own",
        )
    labels = tuple(label for _, label in coordinates)
    key = tuple(map(label_key, labels))
    alive = live or (key in entry.rows and entry.rows[key][2])
    entry.rows[key] = (labels, tuple(option.label for option in point.options), alive)


def _path(point: Path, environment: Environment, live: bool, found: dict[str, _Entry]) -> None:
    reached = reach(point)
    for place in range(len(point.segments) + 1):
        for built in point.built:
            if built.place == place:
                alive = live and bool(built.keys & reached.gaps[place])
                _group(built.group, environment, alive, "one", found)
        if place < len(point.segments):
            _segment(point.segments[place], reached.states[place], environment, live, found)


def _segment(
    segment: Segment,
    states: tuple[frozenset[int], ...],
    environment: Environment,
    live: bool,
    found: dict[str, _Entry],
) -> None:
    name, coordinates = placed((segment.name, segment.coordinates), environment, segment.levels)
    own = (*segment.depth, *segment.states, *segment.choices)
    names = distinct((*(n for n, _ in coordinates), *own))
    count = len(coordinates) + len(segment.depth)
    compete = tuple(n for n, plain in zip(names[len(coordinates) :], own, strict=True) if plain in segment.compete)
    compete = (*names[: len(coordinates)], *compete)
    entry = _Entry(names[:count], names[count:], compete, "path", segment.span)
    front = tuple(label for _, label in coordinates)
    for layer, before, after in zip(segment.layers, states, states[1:], strict=False):
        if not layer.decided:
            entry = found.setdefault(name, entry)
            if entry.leading != names[:count] or entry.axes != names[count:]:
                raise error(
                    "HC3095",
                    f"the decision `{name}` has different axes at different places",
                    segment.span,
                    help="give the two choices names of their own",
                )
            entry.layers.append(
                _Layer((*front, *layer.coordinates), segment, layer.template, before, after, live, layer.dead)
            )
        inner = (segment.environment(layer), *environment)
        for move in map(layer.template.moves.__getitem__, layer.template.deciding):
            alive = live and move.source in before and move.target in after
            _group(move.group, inner, alive, "one", found)


# ---------------------------------------------------------------- arrays


def _decision(name: str, entry: _Entry) -> Decision:
    return _path_decision(name, entry) if entry.kind == "path" else _choice_decision(name, entry)


def _axes(names: tuple[str, ...], labels: list[tuple[Label, ...]]) -> tuple[Axis, ...]:
    """An axis per position of the label tuples, labels in order of first appearance."""
    return tuple(
        Axis(name, tuple({label_key(one[i]): one[i] for one in labels}.values())) for i, name in enumerate(names)
    )


def _masks(shape: tuple[int, ...], name: str, span: Span) -> tuple[np.ndarray, np.ndarray]:
    import numpy as np

    entries = reduce(lambda a, b: a * b, shape, 1)
    if entries > MASK_LIMIT:
        raise error(
            "HC4001", f"the weights of `{name}` are {entries} numbers, too many to handle", span, help="make it smaller"
        )
    return np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)


def _choice_decision(name: str, entry: _Entry) -> Decision:
    rows = list(entry.rows.values())
    leading = _axes(entry.leading, [labels for labels, _, _ in rows])
    own = _axes(entry.axes, [option for _, options, _ in rows for option in options])
    axes = (*leading, *own)
    mask, live = _masks(tuple(len(axis.labels) for axis in axes), name, entry.span)
    for labels, options, alive in rows:
        front = tuple(axis.position(label) for axis, label in zip(leading, labels, strict=True))
        for option in options:
            place = (*front, *(axis.position(label) for axis, label in zip(own, option, strict=True)))
            mask[place] = True
            live[place] = alive
    return _finished(name, axes, entry, mask, live)


def _path_decision(name: str, entry: _Entry) -> Decision:
    import numpy as np

    first = entry.layers[0].segment
    leading = _axes(entry.leading, [layer.labels for layer in entry.layers])
    own_labels = (first.state_labels, first.state_labels, *first.choice_labels)
    own = tuple(Axis(axis, tuple(labels)) for axis, labels in zip(entry.axes, own_labels, strict=True))
    axes = (*leading, *own)
    mask, live = _masks(tuple(len(axis.labels) for axis in axes), name, entry.span)
    places: dict[int, tuple[np.ndarray, ...]] = {}
    alive: dict[object, np.ndarray] = {}
    for layer in entry.layers:
        front = tuple(axis.position(label) for axis, label in zip(leading, layer.labels, strict=True))
        if id(layer.template) not in places:
            places[id(layer.template)] = move_positions(layer.segment, layer.template, own)
        where = places[id(layer.template)]
        key = (id(layer.template), layer.before, layer.after)
        if key not in alive:
            states = np.arange(len(first.state_labels))
            alive[key] = np.isin(states, list(layer.before))[where[0]] & np.isin(states, list(layer.after))[where[1]]
        mask[front][where] = True
        for source, target, label in layer.dead:
            mask[front][(source, target, *(axis.position(one) for axis, one in zip(own[2:], label, strict=True)))] = (
                True
            )
        live[front][where] = layer.live & alive[key]
    return _finished(name, axes, entry, mask, live)


def move_positions(segment: Segment, template: Template, axes: tuple[Axis, ...]) -> tuple[np.ndarray, ...]:
    """Where the candidates of a template stand in the array of a step: one index array per axis (states, choices)."""
    import numpy as np

    moves = template.moves
    columns = [[segment.state(move.source) for move in moves], [segment.state(move.target) for move in moves]]
    for i, axis in enumerate(axes[2:]):
        columns.append([axis.position(move.label[i]) for move in moves])
    return tuple(np.array(column, dtype=np.intp) for column in columns)


def _finished(name: str, axes: tuple[Axis, ...], entry: _Entry, mask: np.ndarray, live: np.ndarray) -> Decision:
    all_live = bool((live == mask).all())
    return Decision(
        name,
        axes,
        entry.compete,
        None if mask.all() else mask,
        None if all_live else live,
        entry.kind,
        entry.span,
    )
