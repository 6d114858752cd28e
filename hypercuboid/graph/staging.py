"""From a forest to stages (see `stages`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TypeAlias, TypeVar

import numpy as np

from hypercuboid.frontend.elaborated import Label
from hypercuboid.graph.decision import Decision
from hypercuboid.graph.forest import Address, Cases, Environment, Group, Layer, OneOf, Path, Point, Segment, Top, placed
from hypercuboid.graph.reach import reach
from hypercuboid.graph.stages import Chain, Part, Pick, Stage
from hypercuboid.records import replace

K = TypeVar("K")

_Link: TypeAlias = tuple[int, int, Group, tuple[Label, ...]]
"""From where to where, what lies there, and the label of the candidate behind the coordinates of its decision."""


def laid_out(root: Group, decisions: Iterable[Decision], measures: tuple[str, ...]) -> Part:
    """The forest as stages. What lives only where a decision keeps a reader costs as if one always did."""
    return _Layout(decisions, measures).part(root, ())


class _Layout:
    def __init__(self, decisions: Iterable[Decision], measures: tuple[str, ...]) -> None:
        self.decisions = {decision.name: decision for decision in decisions}
        self.measures = measures
        self._parts: dict[tuple[int, Environment], Part] = {}
        self._steps: dict[tuple[object, ...], Stage] = {}

    def part(self, group: Group, environment: Environment) -> Part:
        key = id(group), environment if group.points else ()
        if key not in self._parts:
            numbers = [getattr(group.cost + group.optional, one) for one in self.measures]
            inside = tuple(self._point(point, environment) for point in group.points)
            self._parts[key] = Part(np.array(numbers, dtype=float), inside)
        return self._parts[key]

    def _point(self, point: Point, environment: Environment) -> Chain | Pick:
        if isinstance(point, OneOf):
            return Chain((self._one_of(point, environment),))
        if isinstance(point, Top):
            return Pick(point.count, tuple(self.part(group, environment) for _, group in point.terms))
        if isinstance(point, Cases):
            return Chain((self._stage([(0, 0, group, ()) for group in point.options], environment),))
        return self._path(point, environment)

    def _one_of(self, point: OneOf, environment: Environment) -> Stage:
        links = [(0, 0, option.group, option.label) for option in point.options if not option.excluded]
        made = self._stage(links, environment)
        return made if point.again else self._placed(made, placed(point.address, environment, point.levels), links)

    # ------------------------------------------------------------ cuboids

    def _path(self, point: Path, environment: Environment) -> Chain:
        reached = reach(point)
        stages = [self._stage([(0, s, group, ()) for s, group in _kept(point.entry, reached.gaps[0])], environment)]
        for place, segment in enumerate(point.segments):
            states = reached.states[place]
            for layer, before, after in zip(segment.layers, states, states[1:], strict=False):
                stages.append(self._step(segment, layer, before, after, environment))
            if place < len(point.bridges):
                pairs = _kept(point.bridges[place], reached.gaps[place + 1])
                stages.append(self._stage([(s, t, group, ()) for (s, t), group in pairs], environment))
        ends = _kept(point.exit, reached.gaps[-1])
        return Chain((*stages, self._stage([(s, 0, group, ()) for s, group in ends], environment)))

    def _step(
        self,
        segment: Segment,
        layer: Layer,
        before: frozenset[int],
        after: frozenset[int],
        environment: Environment,
    ) -> Stage:
        """Equal steps without decisions inside are laid out once."""
        moves = [m for m in layer.template.moves if m.source in before and m.target in after]
        kept = map(segment.kept, moves)
        links = [
            (m.source, m.target, m.group, (k.source, k.target, *k.label)) for m, k in zip(moves, kept, strict=True)
        ]
        address = segment.step_address(layer, environment)
        key = (id(layer.template), before, after, address[0])
        if key not in self._steps:
            made = self._stage(links, (segment.environment(layer), *environment))
            if made.open:
                return made if layer.decided else self._placed(made, address, links)
            self._steps[key] = made if layer.decided else self._placed(made, address, links)
        made = self._steps[key]
        return made if made.decision is None else replace(made, offset=self._offset(address))

    # ------------------------------------------------------------ one stage

    def _stage(self, links: list[_Link], environment: Environment) -> Stage:
        parts = tuple(self.part(group, environment) for _, _, group, _ in links)
        sources = np.array([source for source, _, _, _ in links], dtype=np.intp)
        targets = np.array([target for _, target, _, _ in links], dtype=np.intp)
        costs = np.array([part.cost for part in parts]).reshape(len(parts), len(self.measures))
        return Stage(
            sources,
            targets,
            int(targets.max(initial=0)) + 1,
            costs,
            {i: part for i, part in enumerate(parts) if part.inside},
        )

    def _placed(self, stage: Stage, address: Address, links: list[_Link]) -> Stage:
        """The stage as one of a decision's."""
        decision, (name, coordinates) = self.decisions[address[0]], address
        axes = decision.axes[len(coordinates) :]
        indices = [[axis.position(label) for axis, label in zip(axes, own, strict=True)] for _, _, _, own in links]
        shape = decision.shape[len(coordinates) :]
        columns = tuple(np.array(indices, dtype=np.intp).reshape(-1, len(shape)).T)
        entries = np.asarray(np.ravel_multi_index(columns, shape))
        return replace(stage, decision=name, entries=entries, offset=self._offset(address))

    def _offset(self, address: Address) -> int:
        """Where the candidates at the coordinates of an address begin in the array of their decision."""
        name, coordinates = address
        decision = self.decisions[name]
        offset = 0
        for axis, (_, label) in zip(decision.axes, coordinates, strict=False):
            offset = offset * len(axis.labels) + axis.position(label)
        for axis in decision.axes[len(coordinates) :]:
            offset *= len(axis.labels)
        return offset


def _kept(gap: Mapping[K, Group], keys: Collection[object]) -> list[tuple[K, Group]]:
    """What of a gap is on a whole way."""
    return [(key, group) for key, group in gap.items() if key in keys]
