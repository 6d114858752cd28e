"""Greedy rules: one decision after the other, from the outside in or from the inside out, and never taken back.

Top-down, an alternative is as strong as its own weight, a path starts at the input, and what stands inside is decided
after it. Bottom-up, what stands inside is decided first and an alternative is as strong as its score, weight times the
mean score inside; a path starts at the output. A term of `sum top` is as strong as its decisions together, a case as
well. Alternatives behind which nothing reaches the output are left out. Ties go to what the source declares first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from hypercuboid.graph.forest import Address, Cases, Environment, Group, Layer, OneOf, Path, Point, Segment, Top, placed
from hypercuboid.graph.selection.asked import Asked, Found, Weights
from hypercuboid.graph.selection.max_score import kept_weight
from hypercuboid.records import dataclass

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph


def top_down(graph: Graph, weights: Weights, asked: Asked) -> Found:
    """One architecture, decided from the outside in."""
    return _decided(graph, weights, downwards=True)


def bottom_up(graph: Graph, weights: Weights, asked: Asked) -> Found:
    """One architecture, decided from the inside out."""
    return _decided(graph, weights, downwards=False)


def _decided(graph: Graph, weights: Weights, downwards: bool) -> Found:
    made = _Greedy(graph, weights, downwards).group(graph.forest.outcomes, ())
    return [] if made is None else [(made.score, dict(made.picks))]


@dataclass(frozen=True)
class _Made:
    """What was decided: how many outermost decisions, the sum of their own weights, that of their scores, and picks."""

    count: int = 0
    own: float = 0.0
    score: float = 0.0
    picks: tuple[tuple[Address, Any], ...] = ()


@dataclass(frozen=True)
class _Link:
    """A way of a stage, between numbers, and what keeping it decides and is worth."""

    source: int
    target: int
    strength: float
    made: _Made


class _Greedy:
    def __init__(self, graph: Graph, weights: Weights, downwards: bool) -> None:
        self.downwards = downwards
        self._decisions = {decision.name: decision for decision in graph.decisions}
        self._weights = weights
        self._memo: dict[tuple[int, Environment], _Made | None] = {}

    def group(self, group: Group, environment: Environment) -> _Made | None:
        """None where nothing reaches the output."""
        if not group.points:
            return _Made()
        key = id(group), environment
        if key not in self._memo:
            self._memo[key] = _joined(self._point(point, environment) for point in group.points)
        return self._memo[key]

    def _point(self, point: Point, environment: Environment) -> _Made | None:
        if isinstance(point, OneOf):
            return self._one_of(point, environment)
        if isinstance(point, Top):
            return self._top(point, environment)
        if isinstance(point, Cases):
            return self._strongest(self.group(group, environment) for group in point.options)
        return self._path(point, environment)

    def _strength(self, made: _Made) -> float:
        return made.own if self.downwards else made.score

    def _strongest(self, some: Iterable[_Made | None]) -> _Made | None:
        return max((made for made in some if made is not None), key=self._strength, default=None)

    def _one_of(self, point: OneOf, environment: Environment) -> _Made | None:
        address = placed(point.address, environment, point.levels)
        options = [option for option in point.options if not option.excluded]
        return self._strongest(self._kept(address, o.label, self.group(o.group, environment)) for o in options)

    def _kept(self, address: Address, kept: Any, inside: _Made | None) -> _Made | None:
        """Keeping an alternative in which `inside` was decided."""
        if inside is None:
            return None
        own = kept_weight(self._decisions, self._weights, address, kept)
        mean = inside.score / inside.count if inside.count else 1.0
        return _Made(1, own, own * mean, ((address, kept), *inside.picks))

    def _top(self, point: Top, environment: Environment) -> _Made | None:
        terms = [self.group(group, environment) for _, group in point.terms]
        possible = [number for number, made in enumerate(terms) if made is not None]
        if len(possible) < point.count:
            return None
        strongest = sorted(possible, key=lambda number: -self._strength(terms[number] or _Made()))[: point.count]
        return _joined(terms[number] for number in sorted(strongest))

    # ------------------------------------------------------------ paths

    def _path(self, point: Path, environment: Environment) -> _Made | None:
        """From one end to the other, each time the strongest link of those from which the other end is reached."""
        stages = list(self._stages(point, environment))
        if not self.downwards:
            stages = [[_Link(k.target, k.source, k.strength, k.made) for k in links] for links in reversed(stages)]
        alive: list[set[int]] = [{link.target for link in stages[-1]}]
        for links in reversed(stages):
            alive.append({link.source for link in links if link.target in alive[-1]})
        alive.reverse()
        here, chosen = alive[0], []
        for links, onward in zip(stages, alive[1:], strict=True):
            open_links = [link for link in links if link.source in here and link.target in onward]
            if not open_links:
                return None
            chosen.append(open_links)
            best = max(open_links, key=lambda link: link.strength)
            here = {best.target} if best.strength > 0 else {link.target for link in open_links}
        return self._traced(chosen, here)

    def _traced(self, chosen: list[list[_Link]], here: set[int]) -> _Made | None:
        """Back along the links: at a stage without weights, the one that what follows took."""
        taken: list[_Link] = []
        for links in reversed(chosen):
            link = max((link for link in links if link.target in here), key=lambda link: link.strength)
            taken.append(link)
            here = {link.source}
        order = reversed(taken) if self.downwards else taken
        return _joined(link.made for link in order)

    def _stages(self, point: Path, environment: Environment) -> Iterator[list[_Link]]:
        """All stages: from -1 into the path, its steps and gaps, and out of it to -1."""
        yield [
            _Link(-1, state, 0.0, made)
            for state, group in point.entry.items()
            if (made := self.group(group, environment)) is not None
        ]
        for position, segment in enumerate(point.segments):
            for layer in segment.layers:
                yield list(self._step(segment, layer, environment))
            if position < len(point.bridges):
                bridge = point.bridges[position].items()
                groups = ((s, t, self.group(group, environment)) for (s, t), group in bridge)
                yield [_Link(s, t, 0.0, made) for s, t, made in groups if made is not None]
        ends = ((state, self.group(group, environment)) for state, group in point.exit.items())
        yield [_Link(state, -1, 0.0, made) for state, made in ends if made is not None]

    def _step(self, segment: Segment, layer: Layer, environment: Environment) -> Iterator[_Link]:
        inner = (segment.environment(layer), *environment)
        address = segment.step_address(layer, environment)
        for move in layer.template.moves:
            inside = self.group(move.group, inner)
            made = inside if layer.decided else self._kept(address, segment.kept(move), inside)
            if made is not None:
                yield _Link(move.source, move.target, 0.0 if layer.decided else self._strength(made), made)


def _joined(parts: Iterable[_Made | None]) -> _Made | None:
    count, own, score = 0, 0.0, 0.0
    picks: list[tuple[Address, Any]] = []
    for made in parts:
        if made is None:
            return None
        count, own, score = count + made.count, own + made.own, score + made.score
        picks += made.picks
    return _Made(count, own, score, tuple(picks))
