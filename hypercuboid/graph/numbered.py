"""The number of an architecture: what `Numbering.picks` does, backwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hypercuboid.graph.forest import Address, Cases, Environment, Group, OneOf, Path, Point, Top, placed
from hypercuboid.graph.numbering import Link, Numbering, Picks, Stage, Trellis


def number_of(numbering: Numbering, picks: Picks) -> int:
    """The number whose picks these are; KeyError where they do not decide all."""
    return _Inverse(numbering, picks).group(numbering.root, ())


def fits(numbering: Numbering, picks: Picks, group: Group, environment: Environment) -> bool:
    """Whether picks decide all that is in a group, in a way that it has."""
    return _Inverse(numbering, picks).fits(group, environment)


class _Inverse:
    """Each part is the number that `Numbering` reads it from."""

    def __init__(self, numbering: Numbering, picks: Picks) -> None:
        self._all, self._picks = numbering, picks

    def group(self, group: Group, environment: Environment) -> int:
        number = 0
        for point in reversed(group.points):
            number = number * self._all.point_ways(point) + self._point(point, environment)
        return number

    def _point(self, point: Point, environment: Environment) -> int:
        if isinstance(point, OneOf):
            return self._one_of(point, environment)
        if isinstance(point, Cases):
            return self._cases(point, environment)
        return self._top(point, environment) if isinstance(point, Top) else self._path(point, environment)

    def _cases(self, point: Cases, environment: Environment) -> int:
        """No two cases make the same decisions, so one alone fits."""
        before = 0
        for option in point.options:
            try:
                return before + self.group(option, environment)
            except KeyError:
                before += self._all.ways(option)
        raise KeyError("no case has these decisions")

    def _one_of(self, point: OneOf, environment: Environment) -> int:
        label, before = self._picks[placed(point.address, environment, point.levels)], 0
        for option in point.options:
            if option.excluded:
                continue
            if option.label == label:
                return before + self.group(option.group, environment)
            before += self._all.ways(option.group)
        raise KeyError(f"`{point.name}` has no alternative {label}")

    def _top(self, point: Top, environment: Environment) -> int:
        table, number, kept = self._all.tables[id(point)], 0, 0
        for position, (_, group) in enumerate(point.terms):
            if is_kept(group, environment, self._picks):
                kept += 1
                own = self.group(group, environment)
                number = table[position][kept] + own + self._all.ways(group) * number
        if kept != point.count:
            raise KeyError(f"{kept} terms are kept, not {point.count}")
        return number

    def _path(self, point: Path, environment: Environment) -> int:
        trellis = self._all.trellises[id(point)]
        links = self._links(trellis, environment)
        number = self.group(point.exit[links[-1].target], environment)
        for place in reversed(range(len(links))):
            link, (by_source, segment, layer) = links[place], trellis.stages[place]
            inner = environment if layer is None else (segment.environment(layer), *environment)
            number = self.group(link.group, inner) + link.ways * number
            number += _before(by_source[link.source], link, trellis.onward[place + 1])
        start = links[0].source
        number = self.group(point.entry[start], environment) + self._all.ways(point.entry[start]) * number
        for state, group in point.entry.items():
            if state == start:
                break
            number += self._all.ways(group) * trellis.onward[0].get(state, 0)
        return number

    def _links(self, trellis: Trellis, environment: Environment) -> list[Link]:
        """The link of each stage: the one way that goes through with the steps that are kept."""
        fitting = [self._fitting(stage, environment) for stage in trellis.stages]
        onward = [set(trellis.onward[-1])]
        for links in reversed(fitting):
            onward.append({link.source for link in links if link.target in onward[-1]})
        states, made = onward[-1], list[Link]()
        for links, after in zip(fitting, reversed(onward[:-1]), strict=True):
            chosen = next((k for k in links if k.source in states and k.target in after), None)
            if chosen is None:
                raise KeyError("no path takes these steps")
            made.append(chosen)
            states = {chosen.target}
        return made

    def _fitting(self, stage: Stage, environment: Environment) -> list[Link]:
        """The links of a stage that keep what is kept there, inside them too."""
        by_source, segment, layer = stage
        every = [link for links in by_source.values() for link in links]
        inner = environment if layer is None else (segment.environment(layer), *environment)
        if layer is not None and not layer.decided:
            kept = self._picks[segment.step_address(layer, environment)]
            every = [link for link in every if link.move is not None and segment.kept(link.move) == kept]
        return [link for link in every if not link.group.points or self.fits(link.group, inner)]

    def fits(self, group: Group, environment: Environment) -> bool:
        """Whether the picks decide all that is in a group, in a way that it has."""
        try:
            self.group(group, environment)
        except KeyError:
            return False
        return True


def is_kept(group: Group, environment: Environment, picks: Picks) -> bool:
    """Whether a term of a `sum top` is kept: its decisions are made, those of a dropped one are not."""
    return any(address in picks for address in outermost(group, environment))


def outermost(group: Group, environment: Environment) -> Iterator[Address]:
    """Where a group decides something on its own: its choices, all that a `sum top` may keep, its steps."""
    for point in group.points:
        if isinstance(point, OneOf):
            yield from () if point.fixed else (placed(point.address, environment, point.levels),)
        elif isinstance(point, Top):
            for _, inner in point.terms:
                yield from outermost(inner, environment)
        elif isinstance(point, Cases):
            yield from outermost(point.whole, environment)
        else:
            steps = ((segment, layer) for segment in point.segments for layer in segment.layers)
            yield from (segment.step_address(layer, environment) for segment, layer in steps if not layer.decided)


def _before(links: list[Link], chosen: Link, onward: Mapping[int, int]) -> int:
    """The ways by the links that stand before one, among those that leave its state."""
    number = 0
    for link in links:
        if link is chosen:
            break
        number += link.ways * onward.get(link.target, 0)
    return number
