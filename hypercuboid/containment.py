"""Whether a space contains an architecture, and if not, why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from hypercuboid.containment_reasons import NETWORK, Pair
from hypercuboid.diagnostics import Diagnostic, HypercuboidError
from hypercuboid.frontend.elaborated import Decided, Kept, KeptPath, Label
from hypercuboid.frontend.made import completed
from hypercuboid.frontend.points import Point, points_of
from hypercuboid.graph.identity import network
from hypercuboid.graph.selection.uniform import architecture
from hypercuboid.pipeline import Space

_SAMPLES = 8
"""Architectures of an open one that are looked at one by one."""

_COMPLETIONS = 64
"""Ways to decide what is left open that are tried."""

Key: TypeAlias = tuple[str, tuple[Label, ...]]
"""A decision at one coordinate: its name and the labels of its leading axes."""

_Decisions: TypeAlias = Mapping[Key, tuple[Kept, ...]]
_Points: TypeAlias = Mapping[Key, Point]


@dataclass(frozen=True)
class Containment:
    """`reasons` say why not, with places in the files of both; empty where the space contains the architecture."""

    contained: bool
    reasons: tuple[Diagnostic, ...] = ()


def containment(space: Space, other: Space) -> Containment:
    """Whether deciding `space` as `other` is decided gives the same network.

    The two may be different spaces whose decisions have equal names, or one space under different arguments. Of an
    `other` with open decisions every alternative must be open in `space` too; that the networks are then the same is
    seen on architectures drawn from it.
    """
    pair = Pair(space, other)
    reasons = tuple(_reasons(pair, _points(space), _made(space), _made(other)))
    if not reasons:
        return Containment(True)
    causes = (*pair.arguments(), *pair.inputs(), *(one for one in reasons if one.code != NETWORK))
    return Containment(False, causes or reasons)


def _reasons(pair: Pair, points: _Points, own: _Decisions, wanted: _Decisions) -> Iterator[Diagnostic]:
    """What is in the way, apart from arguments and shapes; a decision that the space has not may not be."""
    parts = {key: part for key in wanted if key in points and (part := _open_part(own.get(key, ()), wanted[key]))}
    own, wanted = {key: kept for key, kept in own.items() if key not in parts}, {**wanted, **parts}
    strangers = [pair.stranger(*key, points) for key in wanted if key not in points and key not in own]
    if refused := list(_refused(pair, points, own, wanted)):
        yield from (*refused, *strangers)
        return
    try:
        decided = _decided(pair.space, points, wanted)
        unlike = _unlike_open(pair, decided) if pair.other.is_open else _unlike(pair, decided)
    except HypercuboidError as problem:
        unlike = list(problem.diagnostics)
    if unlike:  # of several that the space keeps side by side, those that are not reached do not matter
        more = [pair.settled(*key, own[key]) for key, kept in wanted.items() if set(own.get(key, kept)) != set(kept)]
        yield from (*strangers, *(more or unlike))


def _unlike(pair: Pair, decided: Space) -> list[Diagnostic]:
    """In what the decided space is not the architecture: what it leaves open, where no way to decide that helps, else
    the network."""
    theirs = network(pair.other.elaborated)
    if not decided.is_open:
        mine = network(decided.elaborated)
        return [] if mine == theirs else [pair.network(mine, theirs)]
    count = decided.counts().architectures
    for number in range(count if count is not None and count <= _COMPLETIONS else 0):
        whole = replace(decided.request, binding=(*decided.request.binding, *architecture(decided.graph, number)))
        if network(Space(whole).elaborated) == theirs:
            return []
    return [pair.undecided(list(_points(decided).values()))]


def _unlike_open(pair: Pair, decided: Space) -> list[Diagnostic]:
    """What an open architecture leaves open and the space has not, else what is wrong with one drawn from it."""
    left, found = _points(decided), list[Diagnostic]()
    for key, point in _points(pair.other).items():
        if key not in left:
            found.append(pair.stranger(*key, left))
            continue
        offered: list[Kept] = [*(KeptPath(*move) for move in point.moves), *point.labels]
        missing = next((one for one in offered if not _is_possible(one, left[key])), None)
        found += [] if missing is None else [pair.alternative(left[key], missing)]
    return found or _drawn(pair)


def _drawn(pair: Pair) -> list[Diagnostic]:
    """What is in the way of the first architecture of an open one that is not in the space."""
    for one in pair.other.sample(_SAMPLES):
        note = f"`{one.name}` was drawn from the architectures of `{pair.other.name}`"
        inner = Pair(pair.space, one)
        if found := list(_reasons(inner, _points(pair.space), _made(pair.space), _made(one))):
            return [replace(reason, notes=(*reason.notes, note)) for reason in found]
    return []


def _points(space: Space) -> _Points:
    return {(one.name, one.key): one for one in points_of(space.elaborated.definition)}


def _made(space: Space) -> _Decisions:
    return {(one.name, key): kept for one in space.elaborated.decided for key, kept in one.kept.items()}


def _refused(pair: Pair, points: _Points, own: _Decisions, wanted: _Decisions) -> Iterator[Diagnostic]:
    """What the architecture keeps and the space cannot keep."""
    for key, kept in wanted.items():
        if key in own and not set(own[key]) >= set(kept):
            yield pair.settled(*key, own[key])
        for one in kept if key in points else ():
            if not _is_possible(one, points[key]):
                yield pair.alternative(points[key], one)


def _open_part(own: tuple[Kept, ...], kept: tuple[Kept, ...]) -> tuple[Kept, ...]:
    """What is kept on the axes that the space leaves open; nothing where there are none, or others are not alike."""
    first = own[0] if own else ()
    if isinstance(first, KeptPath) or None not in first:
        return ()
    free = [place for place, label in enumerate(first) if label is None]
    rest = dict.fromkeys(
        tuple(one[place] for place in free) for one in kept if isinstance(one, tuple) and len(one) == len(first)
    )
    return tuple(rest) if set(completed(own, tuple(rest))) == set(kept) else ()


def _is_possible(kept: Kept, point: Point) -> bool:
    if isinstance(kept, KeptPath):
        return (kept.source, kept.target, kept.label) in point.moves
    return any(
        len(kept) == len(label)
        and all(a is None or (a == b and type(a) is type(b)) for a, b in zip(kept, label, strict=True))
        for label in point.labels
    )


def _decided(space: Space, points: _Points, wanted: _Decisions) -> Space:
    """The space with what the architecture decides of it."""
    made = tuple(Decided(name, {key: kept}) for (name, key), kept in wanted.items() if (name, key) in points)
    return Space(replace(space.request, binding=(*space.request.binding, *made)))
