"""What architectures are expected to cost, as a part of the loss of architecture steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from hypercuboid.diagnostics import error
from hypercuboid.graph.latencies import latency_forest
from hypercuboid.graph.statistics import COSTS
from hypercuboid.network.expected_cost import ExpectedCost
from hypercuboid.registry import suggestion

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph
    from hypercuboid.search.recipe import Recipe


@dataclass(frozen=True)
class CostPenalty:
    """alphas by decision -> a float32 scalar to be added to the loss.

    Without a target it is weight * E / E0: E0 is the expected cost under uniform weights, so that a weight means the
    same in every space and for every measure. With a target (0: none) it is weight * ln(E / target), and 0 below it:
    there is no reward for being cheaper than was asked for.
    """

    expected: ExpectedCost
    weight: float
    target: float = 0.0
    uniform: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "uniform", self.expected.uniform())

    def __call__(self, alphas: Mapping[str, Tensor]) -> Tensor:
        cost = self.expected(alphas)
        if not self.uniform:
            return 0 * cost.float()
        if not self.target:
            return self.weight * (cost / self.uniform).float()
        return self.weight * torch.log(cost / self.target).clamp(min=0).float()


LATENCY = "latency"
"""The cost that is the sum of measured times, in milliseconds."""


def check_cost(recipe: Recipe) -> None:
    """HC7101 for an unknown cost, HC7105 for the latency without measured times; the empty name is none."""
    known = [*COSTS, LATENCY]
    if recipe.cost and recipe.cost not in known:
        raise error("HC7101", f"unknown cost `{recipe.cost}`", help=suggestion(recipe.cost, known))
    if recipe.cost == LATENCY and not recipe.latencies:
        raise error(
            "HC7105",
            "the cost `latency` needs measured times",
            help="write them with `hypercuboid profile`, and give the file: `--latencies FILE`",
        )


def cost_penalty(graph: Graph, recipe: Recipe) -> CostPenalty | None:
    """What the recipe asks for; None where it asks for nothing. HC7102 to HC7104 for a file that does not fit."""
    if not recipe.cost:
        return None
    if recipe.cost == LATENCY:
        expected = ExpectedCost(graph, "nanoseconds", latency_forest(graph, recipe.latencies))
        return CostPenalty(expected, recipe.cost_weight, 1e6 * recipe.cost_target)
    return CostPenalty(ExpectedCost(graph, recipe.cost), recipe.cost_weight, recipe.cost_target)
