"""The k best paths through cuboids in a row, a step at a time in numpy: the Viterbi recursion with k survivors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from hypercuboid.graph.forest import Environment, Group, Layer, Path, Segment, Template

if TYPE_CHECKING:
    import numpy as np

    from hypercuboid.graph.selection.max_score import Best, KBest


class BestPaths:
    """Survivors are arrays (states, k): scores, -inf where there is none, and where they came from.

    Slot i of a state after a step came from move `moves[s, i]`, its way of deciding inside number `inner[s, i]`, and
    survivor `ranks[s, i]` of the state before.
    """

    def __init__(
        self, algebra: KBest, point: Path, environment: Environment, value: Callable[[Group, Environment], Best]
    ) -> None:
        self.algebra, self.point, self.environment, self.value = algebra, point, environment, value
        self.top = algebra.top
        self.trace: list[tuple[str, Any, Any]] = []
        self._tables: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def run(self) -> tuple[list[float], list[Any]]:
        """The best scores, best first, and the picks of each as a tree of pairs."""
        import numpy as np

        first = self.point.segments[0]
        scores = np.full((first.size, self.top), -np.inf)
        for state in self.point.entry:
            scores[state, 0] = 0.0
        for position, segment in enumerate(self.point.segments):
            for layer in segment.layers:
                scores = self._step(segment, layer, scores)
            if position < len(self.point.bridges):
                after = self.point.segments[position + 1].size
                scores = self._bridge(self.point.bridges[position], scores, after)
        for state in range(len(scores)):
            if state not in self.point.exit:
                scores[state] = -np.inf
        order = np.argsort(-scores, axis=None, kind="stable")[: self.top]
        ends = [(int(i) // self.top, int(i) % self.top) for i in order]
        ends = [end for end in ends if scores[end] > -np.inf]
        return [float(scores[end]) for end in ends], [self._picks(*end) for end in ends]

    def _table(self, template: Template, states: int) -> tuple[np.ndarray, np.ndarray]:
        """Moves by target state, in declared order, padded with the number of moves: (states, most moves); and the
        source of each move, 0 for the padding."""
        import numpy as np

        if id(template) not in self._tables:
            into: list[list[int]] = [[] for _ in range(states)]
            for number, move in enumerate(template.moves):
                into[move.target].append(number)
            table = np.full((states, max(1, max(map(len, into)))), len(template.moves), dtype=np.intp)
            for target, numbers in enumerate(into):
                table[target, : len(numbers)] = numbers
            sources = np.array([move.source for move in template.moves] + [0], dtype=np.intp)
            self._tables[id(template)] = table, sources
        return self._tables[id(template)]

    def _step(self, segment: Segment, layer: Layer, scores: np.ndarray) -> np.ndarray:
        import numpy as np

        states = segment.size
        table, sources = self._table(layer.template, states)
        gains, insides = self._gains(segment, layer)
        ways = gains.shape[1]
        reached = scores[sources][:, :, None] + gains[:, None, :]
        table = self._promising(table, reached)
        flat = reached.reshape(len(sources), -1)[table].reshape(states, -1)
        count = min(self.top, flat.shape[1])
        order = np.argsort(-flat, axis=1, kind="stable")[:, :count]
        after = np.full((states, self.top), -np.inf)
        after[:, :count] = np.take_along_axis(flat, order, axis=1)
        slots, rest = np.divmod(order, self.top * ways)
        ranks, inner = np.divmod(rest, ways)
        moves = np.take_along_axis(table, slots, axis=1)
        self.trace.append(("step", (segment, layer, insides), (moves, ranks, inner)))
        return after

    def _promising(self, table: np.ndarray, reached: np.ndarray) -> np.ndarray:
        """Of the moves into each state the `top` of the highest best scores, in declared order: as many survivors come
        from no others, and to sort few is most of the time of a large cuboid."""
        import numpy as np

        best = reached.max(axis=(1, 2))[table]
        first = np.sort(np.argsort(-best, axis=1, kind="stable")[:, : self.top], axis=1)
        return np.take_along_axis(table, first, axis=1)

    def _gains(self, segment: Segment, layer: Layer) -> tuple[np.ndarray, dict[int, list[Any]]]:
        """What each move adds, per way of deciding inside it: (moves + 1, ways), -inf where there is none."""
        import numpy as np

        moves = layer.template.moves
        if layer.decided:
            return np.array([[0.0]] * len(moves) + [[-np.inf]]), {}
        weights = self.algebra.layer_weights(segment, layer, self.environment)
        gains = np.full((len(moves) + 1, 1), -np.inf)
        gains[:-1, 0] = weights
        nested = layer.template.deciding
        if not nested:
            return gains, {}
        inner = (segment.environment(layer), *self.environment)
        insides = {}
        for number in nested:
            found = self.value(moves[number].group, inner)
            insides[number] = self.algebra.scored(float(weights[number]), ("", ()), None, found)
        wide = np.full((len(moves) + 1, max(1, max(map(len, insides.values())))), -np.inf)
        wide[:, 0] = gains[:, 0]
        for number, entries in insides.items():
            wide[number] = -np.inf
            wide[number, : len(entries)] = [score for score, _ in entries]
        return wide, {number: [picks for _, picks in entries] for number, entries in insides.items()}

    def _bridge(self, bridge: Mapping[tuple[int, int], Group], scores: np.ndarray, states: int) -> np.ndarray:
        import numpy as np

        after = np.full((states, self.top), -np.inf)
        sources = np.zeros((states, self.top), dtype=np.intp)
        ranks = np.zeros((states, self.top), dtype=np.intp)
        for target in range(states):
            ways = [(scores[s, r], s, r) for s, t in sorted(bridge) if t == target for r in range(self.top)]
            for slot, (score, source, rank) in enumerate(sorted(ways, key=lambda way: -way[0])[: self.top]):
                after[target, slot], sources[target, slot], ranks[target, slot] = score, source, rank
        self.trace.append(("bridge", None, (sources, ranks)))
        return after

    def _picks(self, state: int, rank: int) -> Any:
        """Back along the trace from a survivor of the last step."""
        from hypercuboid.graph.selection.max_score import Kept

        picks: Any = None
        for kind, where, arrays in reversed(self.trace):
            place = state, rank
            if kind == "bridge":
                sources, ranks = arrays
                state, rank = int(sources[place]), int(ranks[place])
                continue
            segment, layer, insides = where
            moves, ranks, inner = arrays
            number = int(moves[place])
            move = layer.template.moves[number]
            if not layer.decided:
                leaf: Any = Kept(segment.step_address(layer, self.environment), segment.kept(move))
                inside = insides.get(number)
                if inside is not None:
                    below = inside[int(inner[place])]
                    leaf = (leaf, below[1] if isinstance(below, tuple) else None)
                picks = (leaf, picks)
            state, rank = move.source, int(ranks[place])
        return picks
