"""Solves the program of a forest exactly: HiGHS through `scipy.optimize.milp`, answers checked in exact numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from hypercuboid.graph.numbering import Picks
from hypercuboid.graph.selection.rows import Program, Row
from hypercuboid.records import dataclass

SCALE = 1e6
"""The greatest coefficient of an objective. HiGHS stops at a gap of 1e-6: this keeps it far below any difference."""


@dataclass(frozen=True)
class Cap:
    """A row that is at most `most`; both hold integers, or floats where they are measured."""

    row: Row
    most: float


@dataclass()
class Solver:
    """A program with caps, and answers that are cut off."""

    program: Program
    caps: tuple[Cap, ...] = ()
    cuts: list[Cap] = field(default_factory=list)

    def best(self) -> np.ndarray | None:
        """The variables of an architecture of the highest score; None where none is left within the caps."""
        return self._solved({variable: -value for variable, value in self.program.scores.items()})

    def least(self, row: Row) -> float | None:
        """The least value of a row; None where nothing is within the caps."""
        found = self._solved(row)
        return None if found is None else value(row, found)

    def answers(self) -> Iterator[np.ndarray]:
        """Architectures by falling score."""
        while (found := self.best()) is not None:
            yield found
            self.cut(found)

    def cut(self, found: np.ndarray) -> None:
        """No other answer makes all the same decisions."""
        kept = [leaf.variable for leaf in self.program.leaves if found[leaf.variable]]
        self.cuts.append(Cap(dict.fromkeys(kept, 1.0), len(set(kept)) - 1))

    def picks(self, found: np.ndarray) -> Picks:
        """What an answer keeps."""
        return {leaf.address: leaf.kept for leaf in self.program.leaves if found[leaf.variable]}

    def _solved(self, objective: Row) -> np.ndarray | None:
        """An answer beyond a cap by less than the solver's tolerance is cut off and the next one is taken."""
        cuts = len(self.cuts)
        try:
            while True:
                found = self._one(objective)
                if found is None or all(value(cap.row, found) <= cap.most for cap in self.caps):
                    return found
                self.cut(found)
        finally:
            del self.cuts[cuts:]

    def _one(self, objective: Row) -> np.ndarray | None:
        count = self.program.variables
        costs = np.zeros(count)
        for variable, coefficient in objective.items():
            costs[variable] = coefficient
        costs *= SCALE / (np.abs(costs).max() or 1.0)
        lower = np.zeros(count)
        lower[0] = 1.0
        result = milp(
            costs,
            integrality=np.ones(count, dtype=np.int64),
            bounds=Bounds(lower, self._upper(count)),
            constraints=self._constraints(count),
            options={"mip_rel_gap": 0.0},
        )
        if result.status == 2:
            return None
        assert result.status == 0, result.message
        return np.round(np.asarray(result.x)).astype(int)

    def _upper(self, count: int) -> np.ndarray:
        upper = np.ones(count)
        for variable, most in self.program.upper.items():
            upper[variable] = most
        return upper

    def _constraints(self, count: int) -> list[LinearConstraint]:
        found = []
        if self.program.equal:
            found.append(LinearConstraint(_matrix(self.program.equal, count), 0.0, 0.0))
        if self.program.below:
            found.append(LinearConstraint(_matrix(self.program.below, count), -np.inf, 0.0))
        caps = [_scaled(cap) for cap in (*self.caps, *self.cuts)]
        if caps:
            matrix = _matrix([cap.row for cap in caps], count)
            found.append(LinearConstraint(matrix, -np.inf, np.array([cap.most for cap in caps])))
        return found


def value(row: Row, found: np.ndarray) -> float:
    """A row at an answer; exact where its coefficients are integers."""
    return sum(coefficient * int(found[variable]) for variable, coefficient in row.items())


def _scaled(cap: Cap) -> Cap:
    """Coefficients of at most 1000: tolerances of the solver are absolute."""
    largest = max(map(abs, cap.row.values()), default=0.0)
    if largest <= 1000:
        return cap
    return Cap({v: 1000 * c / largest for v, c in cap.row.items()}, 1000 * cap.most / largest)


def _matrix(rows: Iterable[Row], count: int) -> sparse.csr_array:
    entries = [(i, variable, value) for i, row in enumerate(rows) for variable, value in row.items()]
    number = 1 + max((i for i, _, _ in entries), default=-1)
    rows_at, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
    return sparse.csr_array((values, (rows_at, columns)), shape=(number, count))
