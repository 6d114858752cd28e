"""An architecture as a row of named choices, each among ways that can be completed: nested ones where they arise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

from hypercuboid.graph.forest import Address, Cases, Environment, Group, Layer, OneOf, Path, Segment, Top, placed
from hypercuboid.graph.notation import site_text
from hypercuboid.graph.numbered import fits, is_kept, outermost
from hypercuboid.graph.numbering import Link, Numbering, Picks

Test: TypeAlias = Callable[[Picks], bool]
"""Whether an architecture goes a way; it is asked only of those that come to the choice."""

Chooser: TypeAlias = Callable[[str, Sequence[Test]], int]
"""The name of a choice and its ways -> which to go. Equal names always have equally many ways, in the same order."""


def choose_all(numbering: Numbering, chooser: Chooser) -> Picks:
    """The architecture that a chooser decides; it is asked only where there are two ways or more."""
    walk = _Walk(numbering, chooser)
    walk.group(numbering.root, ())
    return walk.picks


def choices_of(numbering: Numbering, picks: Picks) -> dict[str, tuple[int, int]]:
    """By name the choices that lead to an architecture: which way, and of how many."""
    found: dict[str, tuple[int, int]] = {}

    def follow(name: str, ways: Sequence[Test]) -> int:
        position = next(i for i, test in enumerate(ways) if test(picks))
        found[name] = position, len(ways)
        return position

    choose_all(numbering, follow)
    return found


class _Walk:
    """One way through a forest; `picks` grow on it."""

    def __init__(self, numbering: Numbering, chooser: Chooser) -> None:
        self.numbering, self.chooser = numbering, chooser
        self.picks: Picks = {}
        self.asked: dict[str, int] = {}

    def choose(self, name: str, ways: Sequence[Test]) -> int:
        """What is asked again under the same name is another choice, and so is one among more ways."""
        if len(ways) == 1:
            return 0
        name = f"{name} among {len(ways)}"
        self.asked[name] = self.asked.get(name, 0) + 1
        return self.chooser(name if self.asked[name] == 1 else f"{name}, time {self.asked[name]}", ways)

    def group(self, group: Group, environment: Environment) -> None:
        for point in group.points:
            if isinstance(point, OneOf):
                self.one_of(point, environment)
            elif isinstance(point, Top):
                self.top(point, environment)
            elif isinstance(point, Cases):
                self.cases(point, environment)
            else:
                self.path(point, environment)

    def one_of(self, point: OneOf, environment: Environment) -> None:
        address = placed(point.address, environment, point.levels)
        options = [o for o in point.options if not o.excluded and self.numbering.ways(o.group)]
        tests = [_keeps(address, option.label) for option in options]
        option = options[self.choose(site_text(*address), tests)]
        self.picks[address] = option.label
        self.group(option.group, environment)

    def top(self, point: Top, environment: Environment) -> None:
        """Term after term, the last first: kept or not, while both leave as many as are to be kept."""
        table, left = self.numbering.tables[id(point)], point.count
        for position in reversed(range(len(point.terms))):
            _, group = point.terms[position]
            ways = [False] * bool(table[position][left])
            ways += [True] * bool(left and table[position][left - 1] * self.numbering.ways(group))
            tests = [_term_is(way, group, environment) for way in ways]
            name = site_text(*next(outermost(group, environment)))
            if ways[self.choose(f"{name} kept with {left} to keep", tests)]:
                self.group(group, environment)
                left -= 1

    def cases(self, point: Cases, environment: Environment) -> None:
        """The decisions that tell the cases apart are made together."""
        options = [option for option in point.options if self.numbering.ways(option)]
        name = site_text(*next(outermost(point.whole, environment)))
        tests: list[Test] = [partial(self.fits, option, environment) for option in options]
        self.group(options[self.choose(f"{name} and others", tests)], environment)

    def fits(self, group: Group, environment: Environment, picks: Picks) -> bool:
        return fits(self.numbering, picks, group, environment)

    def path(self, point: Path, environment: Environment) -> None:
        trellis = self.numbering.trellises[id(point)]
        entries = [s for s, group in point.entry.items() if self.numbering.ways(group) * trellis.onward[0].get(s, 0)]
        starts = [self.starting(point.segments[0], s, point.entry[s], environment) for s in entries]
        state = entries[self.choose(_start_name(point.segments[0], environment), starts)]
        self.group(point.entry[state], environment)
        crossed = 0
        for (by_source, segment, layer), onward in zip(trellis.stages, trellis.onward[1:], strict=True):
            links = [link for link in by_source[state] if link.ways * onward.get(link.target, 0)]
            if layer is None:
                crossed += 1
                into = point.segments[crossed]
                name = f"{_start_name(into, environment)} from {_state(segment, state)}"
                tests = [self.starting(into, link.target, link.group, environment) for link in links]
                link = links[self.choose(name, tests)]
                self.group(link.group, environment)
            else:
                link = self.step(links, segment, layer, environment)
            state = link.target
        self.group(point.exit[state], environment)

    def step(self, links: Sequence[Link], segment: Segment, layer: Layer, environment: Environment) -> Link:
        address = segment.step_address(layer, environment)
        inner = (segment.environment(layer), *environment)

        def goes(link: Link) -> Test:
            return lambda picks: picks[address] == _kept(segment, link) and self.fits(link.group, inner, picks)

        name = f"{site_text(*address)} from {_state(segment, links[0].source)}"
        link = links[self.choose(name, [goes(link) for link in links])]
        if not layer.decided:
            self.picks[address] = _kept(segment, link)
        self.group(link.group, inner)
        return link

    def starting(self, segment: Segment, state: int, group: Group, environment: Environment) -> Test:
        """Whether a path enters a cuboid in a state, through what stands there. Its first step is then open."""
        address, label = (
            segment.step_address(segment.layers[0], environment),
            segment.state_labels[segment.state(state)],
        )
        return lambda picks: picks[address].source == label and self.fits(group, environment, picks)


def _start_name(segment: Segment, environment: Environment) -> str:
    return f"{site_text(*segment.step_address(segment.layers[0], environment))} start"


def _state(segment: Segment, number: int) -> str:
    """The label of a state, and its number where a state has several."""
    label = segment.state_labels[segment.state(number)]
    return f"{label} ({number})" if segment.numbers else f"{label}"


def _kept(segment: Segment, link: Link) -> object:
    return None if link.move is None else segment.kept(link.move)


def _keeps(address: Address, kept: object) -> Test:
    return lambda picks: bool(picks[address] == kept)


def _term_is(kept: bool, group: Group, environment: Environment) -> Test:
    return lambda picks: is_kept(group, environment, picks) is kept
