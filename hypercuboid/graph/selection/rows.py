"""An integer program: variables, rows of coefficients, and what the variables decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Any, TypeAlias

from hypercuboid.graph.forest import Address
from hypercuboid.records import dataclass

Row: TypeAlias = dict[int, float]
"""Coefficients by variable."""

Worth: TypeAlias = Callable[[Address, Any], float]
"""The weight, or its logarithm, of what is kept at an address."""


@dataclass(frozen=True)
class Leaf:
    """A decision kept by a variable. `again`: another point before it makes it."""

    variable: int
    address: Address
    kept: Any
    again: bool = False


@dataclass()
class Program:
    """`equal`: rows that are 0; `below`: rows that are at most 0. A variable is at most 1, or what `upper` says.

    `scores` and `costs` (a row per measure) add up to those of the architecture.
    """

    variables: int = 1
    equal: list[Row] = field(default_factory=list)
    below: list[Row] = field(default_factory=list)
    upper: dict[int, int] = field(default_factory=dict)
    leaves: list[Leaf] = field(default_factory=list)
    scores: Row = field(default_factory=dict)
    costs: list[Row] = field(default_factory=list)

    def variable(self) -> int:
        self.variables += 1
        return self.variables - 1

    def add(self, row: Row, variable: int, value: float) -> None:
        row[variable] = row.get(variable, 0.0) + value

    def is_sum(self, variables: list[int], whole: int, times: int = 1) -> None:
        """The variables add up to `times` the whole."""
        row: Row = dict.fromkeys(variables, 1.0)
        self.add(row, whole, -times)
        self.equal.append(row)
