"""Whether a forest has any architecture at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hypercuboid.graph.dynamic import Algebra
from hypercuboid.graph.forest import Environment, Group, Layer, Segment


class Possible(Algebra[bool]):
    """The algebra of "there is one": as quick for a space of 10 ** 1000 architectures as for one of ten."""

    uniform = True
    zero = False
    one = True

    def __init__(self) -> None:
        self._steps: dict[tuple[int, frozenset[int]], dict[int, bool]] = {}
        """What is reached after a step, by its template and what was reached before."""

    def times(self, first: bool, second: bool) -> bool:
        return first and second

    def plus(self, values: Iterable[bool]) -> bool:
        return any(values)

    def advance(
        self,
        segment: Segment,
        layer: Layer,
        reached: dict[int, bool],
        environment: Environment,
        value: Callable[[Group, Environment], bool],
    ) -> dict[int, bool]:
        before = frozenset(state for state, possible in reached.items() if possible)
        key = id(layer.template), before
        if key not in self._steps:
            moves = (move for move in layer.template.moves if move.source in before)
            self._steps[key] = {move.target: True for move in moves if value(move.group, ())}
        return self._steps[key]
