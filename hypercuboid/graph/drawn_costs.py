"""Architectures drawn uniformly from all of them as arrays, many at once, none elaborated: what they keep and cost.

Each way onward is as likely as its share of the architectures behind it, so all architectures are equally likely. The
shares are computed from logarithms in floating point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hypercuboid.graph.stages import Chain, Part, Pick, Stage


def draw_costs(root: Part, count: int, generator: np.random.Generator) -> np.ndarray:
    """Costs (count, measures) of architectures drawn independently."""
    return _Drawing(generator).part(root, np.arange(count))


@dataclass(frozen=True, eq=False)
class Drawn:
    """Architectures as arrays. `kept` has an array (architectures, coordinates) for each decision: at each coordinate
    at which it was met the row-major position of what is kept in the decision's array, -1 where it is not decided.

    `costs` (architectures, measures) is what they cost.
    """

    kept: Mapping[str, np.ndarray]
    costs: np.ndarray


def draw_arrays(root: Part, count: int, generator: np.random.Generator) -> Drawn:
    """`count` architectures drawn independently, each as likely as any other."""
    drawing = _Drawing(generator, count)
    costs = drawing.part(root, np.arange(count))
    columns: dict[str, list[np.ndarray]] = {}
    for (name, _), column in sorted(drawing.kept.items()):
        columns.setdefault(name, []).append(column)
    return Drawn({name: np.stack(some, axis=1) for name, some in columns.items()}, costs)


class _Drawing:
    def __init__(self, generator: np.random.Generator, count: int | None = None) -> None:
        """`count`: how many are drawn, if what they keep is to be known."""
        self.generator, self.count = generator, count
        self.kept: dict[tuple[str, int], np.ndarray] = {}
        """By decision and where the candidates at a coordinate of it begin."""
        self._ways: dict[int, float] = {}
        self._links: dict[int, np.ndarray] = {}

    # ------------------------------------------------------------ draws

    def part(self, part: Part, rows: np.ndarray) -> np.ndarray:
        """What a part costs in the architectures of some rows."""
        total = np.tile(part.cost, (len(rows), 1))
        for point in part.inside:
            total += self._chain(point, rows) if isinstance(point, Chain) else self._pick(point, rows)
        return total

    def _chain(self, chain: Chain, rows: np.ndarray) -> np.ndarray:
        states = np.zeros(len(rows), dtype=np.intp)
        total = np.zeros((len(rows), chain.stages[0].costs.shape[1]))
        for stage, onward in zip(chain.stages, self._onward(chain)[1:], strict=True):
            links = self._drawn(stage, onward, states)
            total += stage.costs[links]
            self._keep(stage, rows, links)
            for position, part in stage.open.items():
                chosen = np.flatnonzero(links == position)
                total[chosen] += self.part(part, rows[chosen]) - part.cost
            states = stage.targets[links]
        return total

    def _keep(self, stage: Stage, rows: np.ndarray, links: np.ndarray) -> None:
        """Writes down what a decision keeps in the architectures of some rows."""
        if self.count is None or stage.decision is None or stage.entries is None:
            return
        place = (stage.decision, stage.offset)
        if place not in self.kept:
            self.kept[place] = np.full(self.count, -1, dtype=np.int32)
        self.kept[place][rows] = stage.offset + stage.entries[links]

    def _drawn(self, stage: Stage, onward: np.ndarray, states: np.ndarray) -> np.ndarray:
        """A link for each state: links lie side by side on a line, those of each source on a piece of length 1."""
        ways = self._of_links(stage) + onward[stage.targets]
        order = np.argsort(stage.sources, kind="stable")
        present, first, rank = np.unique(stage.sources[order], return_index=True, return_inverse=True)
        shares = np.exp(ways - _by_state(stage.sources, ways, int(stage.sources.max()) + 1)[stage.sources])[order]
        ends = np.cumsum(shares)
        ends = rank + ends - (ends - shares)[first][rank]
        ends[np.append(first[1:], len(ends)) - 1] = np.arange(len(present)) + 1
        place = np.searchsorted(present, states) + self.generator.random(len(states))
        return order[np.searchsorted(ends, place, side="right")]

    def _pick(self, point: Pick, rows: np.ndarray) -> np.ndarray:
        """Terms from the last on: each is kept with the share of the ways in which it is."""
        table, count = self._table(point), len(rows)
        total = np.zeros((count, len(point.terms[0].cost)))
        left = np.full(count, point.count)
        for position in reversed(range(len(point.terms))):
            term = point.terms[position]
            kept = table[position][np.maximum(left - 1, 0)] + self._of_part(term) - table[position + 1][left]
            chosen = np.flatnonzero((left > 0) & (self.generator.random(count) < np.exp(kept)))
            total[chosen] += self.part(term, rows[chosen])
            left[chosen] -= 1
        return total

    # ------------------------------------------------------------ logarithms of ways

    def _of_part(self, part: Part) -> float:
        if id(part) not in self._ways:
            self._ways[id(part)] = float(
                sum(
                    self._onward(point)[0][0] if isinstance(point, Chain) else self._table(point)[-1][point.count]
                    for point in part.inside
                )
            )
        return self._ways[id(part)]

    def _of_links(self, stage: Stage) -> np.ndarray:
        """Of what lies on each link; equal steps have one array of costs."""
        if id(stage.costs) not in self._links:
            found = np.zeros(len(stage.costs))
            for position, part in stage.open.items():
                found[position] = self._of_part(part)
            self._links[id(stage.costs)] = found
        return self._links[id(stage.costs)]

    def _onward(self, chain: Chain) -> list[np.ndarray]:
        """Of the ways from each state before each stage, and behind the last, to the end."""
        found = [np.zeros(1)]
        sizes = [1, *(stage.size for stage in chain.stages[:-1])]
        for stage, size in zip(reversed(chain.stages), reversed(sizes), strict=True):
            found.append(_by_state(stage.sources, self._of_links(stage) + found[-1][stage.targets], size))
        return found[::-1]

    def _table(self, point: Pick) -> list[np.ndarray]:
        """[i][k]: of the ways to keep k of the first i terms."""
        rows = [np.concatenate([[0.0], np.full(point.count, -np.inf)])]
        for term in point.terms:
            kept = np.concatenate([[-np.inf], rows[-1][:-1] + self._of_part(term)])
            rows.append(np.logaddexp(rows[-1], kept))
        return rows


def _by_state(states: np.ndarray, logs: np.ndarray, size: int) -> np.ndarray:
    """Logarithms of sums by state; -inf where a state has none."""
    most = np.full(size, -np.inf)
    np.maximum.at(most, states, logs)
    shift = np.where(np.isfinite(most), most, 0.0)
    with np.errstate(divide="ignore"):
        return shift + np.log(np.bincount(states, np.exp(logs - shift[states]), size))
