"""What a selection found: the kept alternatives as sites and labels of the language, and as decisions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any, TypeAlias

from hypercuboid.frontend.elaborated import Decided, Kept, KeptPath, Label
from hypercuboid.graph.forest import Address, Cases, Environment, Group, Layer, Move, OneOf, Path, Segment, Top, placed
from hypercuboid.graph.notation import kept_text, path_text, single_sites, site_text, term_text
from hypercuboid.graph.numbering import Picks
from hypercuboid.records import dataclass

Strength: TypeAlias = Callable[[Address, Any], float]
"""The architecture weight of what is kept at an address."""


@dataclass(frozen=True)
class Selection:
    """One architecture, as a rule found it. `second` is the score of the next best one, None where there is none.

    `picks` maps sites to what they keep, in the language's notation and the order of the source. `margin` is
    (score - second) / score. `entropy` maps competing groups to H / ln n. `uniform` is what the same architecture
    scores under uniform weights. `doubts` say why the result is not decided, each a number against its threshold.
    """

    score: float
    second: float | None
    margin: float | None
    picks: Mapping[str, list[str]]
    decided: tuple[Decided, ...]
    entropy: Mapping[str, float]
    uniform: float | None = None
    doubts: tuple[str, ...] = ()


@dataclass(eq=False)
class Record:
    """The decisions of one architecture while its forest is walked, in the order of the source."""

    strength: Strength
    kept: dict[str, dict[tuple[Label, ...], tuple[Kept, ...]]] = field(default_factory=dict)
    sites: dict[str, list[str]] = field(default_factory=dict)

    def keep(self, name: str, labels: tuple[Label, ...], kept: tuple[Kept, ...]) -> None:
        self.kept.setdefault(name, {})[labels] = kept

    @property
    def decided(self) -> tuple[Decided, ...]:
        return tuple(Decided(name, kept) for name, kept in self.kept.items())


def _equal(address: Address, kept: Any) -> float:
    """The strength of what nothing weighs."""
    return 0.0


def record(root: Group, picks: Picks, strength: Strength = _equal) -> Record:
    """The decisions that `picks` makes, those inside what is kept only; terms of `sum top` that are dropped too.

    The kept terms of a `sum top` stand strongest first, the earlier one first where two are equal.
    """
    found = Record(strength)
    _group(root, (), picks, found)
    return found


def _group(group: Group, environment: Environment, picks: Picks, found: Record) -> None:
    for point in group.points:
        if isinstance(point, OneOf):
            _one_of(point, environment, picks, found)
        elif isinstance(point, Top):
            _top(point, environment, picks, found)
        elif isinstance(point, Cases):
            _group(point.whole, environment, picks, found)
        elif _is_kept(point, environment, picks) or all(layer.decided for s in point.segments for layer in s.layers):
            _path(point, environment, picks, found)


def _one_of(point: OneOf, environment: Environment, picks: Picks, found: Record, sites: bool = True) -> None:
    address = placed(point.address, environment, point.levels)
    if address not in picks:
        return
    label = picks[address]
    found.keep(address[0], tuple(value for _, value in address[1]), (label,))
    if sites:
        for site, value in single_sites(address, point.axes, label):
            found.sites[site] = [value]
    for option in point.options:
        if option.label == label:
            _group(option.group, environment, picks, found)


def _top(point: Top, environment: Environment, picks: Picks, found: Record) -> None:
    """A term is kept where all its own decisions are made; where none is, the sum is not there and nothing is said."""
    if not _is_kept(point, environment, picks):
        return
    for where, group in sorted(point.terms, key=lambda term: -_strength(term[1], environment, picks, found.strength)):
        for inner in group.points:
            if not isinstance(inner, OneOf):
                _group(Group(points=(inner,)), environment, picks, found) if _is_kept(
                    inner, environment, picks
                ) else None
                continue
            name, coordinates = placed(inner.address, environment, inner.levels)
            site = site_text(name, coordinates[: len(coordinates) - len(where)])
            kept = found.sites.setdefault(site, [])
            if (name, coordinates) not in picks:
                found.keep(name, tuple(value for _, value in coordinates), ())
                continue
            kept.append(f"{term_text(where)}: {kept_text(picks[name, coordinates])}")
            _one_of(inner, environment, picks, found, sites=False)


def _strength(group: Group, environment: Environment, picks: Picks, strength: Strength) -> float:
    """The weight of what a term keeps in its first decision; minus infinity where it is not kept."""
    for point in group.points:
        if isinstance(point, OneOf):
            address = placed(point.address, environment, point.levels)
            return strength(address, picks[address]) if address in picks else -math.inf
    return -math.inf


def _is_kept(point: object, environment: Environment, picks: Picks) -> bool:
    if isinstance(point, OneOf):
        return placed(point.address, environment, point.levels) in picks
    if isinstance(point, Top):
        return any(_is_kept(inner, environment, picks) for _, group in point.terms for inner in group.points)
    if isinstance(point, Cases):
        return any(_is_kept(inner, environment, picks) for inner in point.whole.points)
    assert isinstance(point, Path)
    segment = point.segments[0]
    return any(segment.step_address(layer, environment) in picks for layer in segment.layers if not layer.decided)


def _path(point: Path, environment: Environment, picks: Picks, found: Record) -> None:
    end = -1
    for position, segment in enumerate(point.segments):
        start, after = _ends(segment, environment, picks)
        gap = point.entry[start] if position == 0 else point.bridges[position - 1][end, start]
        _group(gap, environment, picks, found)
        _segment(segment, environment, picks, found)
        end = after
    _group(point.exit[end], environment, picks, found)


def _ends(segment: Segment, environment: Environment, picks: Picks) -> tuple[int, int]:
    """The states where the path enters and leaves."""
    first, last = segment.layers[0], segment.layers[-1]
    return _move(segment, first, environment, picks).source, _move(segment, last, environment, picks).target


def _move(segment: Segment, layer: Layer, environment: Environment, picks: Picks) -> Move:
    """The move of the path at a step; a decided step has one alone."""
    if layer.decided:
        return layer.template.moves[0]
    return segment.move(layer.template, picks[segment.step_address(layer, environment)])


def _segment(segment: Segment, environment: Environment, picks: Picks, found: Record) -> None:
    for layer in segment.layers:
        move = layer.template.moves[0]
        if not layer.decided:
            address = segment.step_address(layer, environment)
            kept: KeptPath = picks[address]
            move = segment.move(layer.template, kept)
            found.keep(address[0], tuple(value for _, value in address[1]), (kept,))
            found.sites[site_text(*address)] = [path_text(kept)]
        if move.group.points:
            _group(move.group, (segment.environment(layer), *environment), picks, found)
