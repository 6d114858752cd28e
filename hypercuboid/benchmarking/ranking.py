"""How well an order of all architectures agrees with their known accuracies: Kendall's tau."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hypercuboid.benchmarking.effects import effects, predicted
from hypercuboid.benchmarking.table import Table
from hypercuboid.runs.comparisons import kendall_tau
from hypercuboid.runs.intervals import bootstrap_interval
from hypercuboid.search.blackbox.random_search import RandomSearch
from hypercuboid.search.blackbox.reinforce import Reinforce
from hypercuboid.search.blackbox.trials import Trials


@dataclass(frozen=True)
class Ranked:
    """The mean tau of an order over all architectures, with its bootstrap interval (95 %) over seeds.

    `evaluations`: accuracies that were looked up to make the order; None where it needs none and has no seed. A random
    order has tau 0.
    """

    order: str
    evaluations: int | None
    tau: float
    low: float | None
    high: float | None


def rankings(table: Table, evaluations: Sequence[int], seeds: int) -> list[Ranked]:
    """Of costs, of effects of single alternatives (least squares over random architectures), and of the policy of
    REINFORCE, which orders as the sum of its alphas does.
    """
    found = []
    for what, cost in _costs(table):
        found.append(Ranked(f"more {what}", None, kendall_tau(cost, table.accuracies), None, None))
    for order, taus_of in (("effects", _effects), ("reinforce", _policy)):
        taus = [taus_of(table, evaluations, seed) for seed in range(seeds)]
        for place, count in enumerate(evaluations):
            values = [one[place] for one in taus]
            found.append(Ranked(order, count, sum(values) / seeds, *bootstrap_interval(values)))
    return found


def _costs(table: Table) -> list[tuple[str, np.ndarray]]:
    costs = table.graph.candidate_costs
    assert costs is not None
    made = []
    for position, what in enumerate(("params", "macs")):
        arrays = {name: array[..., position] for name, array in costs.decisions.items()}
        made.append((what, predicted(table.graph, arrays, table.kept)))
    return made


def _effects(table: Table, evaluations: Sequence[int], seed: int) -> list[float]:
    trials, taus = Trials(RandomSearch(table.graph, seed), table.score), []
    for count in evaluations:
        trials.run(count)
        taus.append(_tau(table, effects(table.graph, trials.scores)))
    return taus


def _policy(table: Table, evaluations: Sequence[int], seed: int) -> list[float]:
    policy, taus = Reinforce(table.graph, seed), []
    trials = Trials(policy, table.score)
    for count in evaluations:
        trials.run(count)
        taus.append(_tau(table, policy.alphas))
    return taus


def _tau(table: Table, weights: dict[str, np.ndarray]) -> float:
    return kendall_tau(predicted(table.graph, weights, table.kept), table.accuracies)
