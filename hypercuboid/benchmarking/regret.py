"""How far below the best architecture a search ends, against random search of the same cost, paired by seed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hypercuboid.benchmarking.effects import effects
from hypercuboid.benchmarking.table import Table
from hypercuboid.graph.selection import RULES, select
from hypercuboid.runs.comparisons import holm, sign_flip_test
from hypercuboid.runs.intervals import bootstrap_interval
from hypercuboid.search.blackbox import black_box
from hypercuboid.search.blackbox.trials import Trials

BASELINE = "random"
BY_RULE = "rule "
"""What the name of a selection rule is given here: it selects under effects estimated from random architectures."""


@dataclass(frozen=True)
class Regrets:
    """What a method reached with so many evaluations: regrets in percentage points, one per seed."""

    method: str
    evaluations: int
    values: tuple[float, ...]


@dataclass(frozen=True)
class Compared:
    """The mean regret with its bootstrap interval (95 %), and how it compares with random search.

    `p`: of the exact sign-flip test on the paired differences to random search, corrected by Holm's method over all
    methods and numbers of evaluations; None for random search. `found`: seeds that found an architecture of the best
    accuracy.
    """

    method: str
    evaluations: int
    mean: float
    low: float
    high: float
    difference: float
    p: float | None
    found: int
    seeds: int


def methods(strategies: Iterable[str], rules: Iterable[str] | None = None) -> list[str]:
    """What is compared: random search first, the strategies, then the selection rules (all, if none are given)."""
    chosen = [BASELINE, *(one for one in strategies if one != BASELINE)]
    return [*chosen, *(f"{BY_RULE}{rule}" for rule in (RULES if rules is None else rules))]


def measure(
    table: Table,
    names: Sequence[str],
    evaluations: Sequence[int],
    seeds: int,
    watch: Callable[[str, int], None] = lambda name, seed: None,
) -> Iterator[Regrets]:
    """The regrets of every method after each number of evaluations (ascending). A method counts every architecture
    that it looks up once.
    """
    for name in names:
        rows: dict[int, list[float]] = {count: [] for count in evaluations}
        for seed in range(seeds):
            found = _by_rule(table, name, evaluations, seed) if name.startswith(BY_RULE) else None
            found = _by_strategy(table, name, evaluations, seed) if found is None else found
            for count, accuracy in found.items():
                rows[count].append(table.regret(accuracy))
            watch(name, seed)
        yield from (Regrets(name, count, tuple(values)) for count, values in rows.items())


def _by_strategy(table: Table, name: str, evaluations: Sequence[int], seed: int) -> dict[int, float]:
    """The best accuracy found after each number of evaluations."""
    trials, best = Trials(black_box(name, table.graph, seed), table.score), {}
    for count in evaluations:
        trials.run(count)
        best[count] = max(trials.scores.values())
    return best


def _by_rule(table: Table, name: str, evaluations: Sequence[int], seed: int) -> dict[int, float]:
    """The accuracy of what a rule selects under the effects of all evaluations but one; that one is its own."""
    graph, found = table.graph, {}
    trials = Trials(black_box(BASELINE, graph, seed), table.score)
    for count in evaluations:
        trials.run(count - 1)
        (selection,) = select(graph, effects(graph, trials.scores), name.removeprefix(BY_RULE), seed=seed)
        found[count] = table.score(table.number(selection.decided))
    return found


def merged(regrets: Sequence[Regrets]) -> list[Regrets]:
    """Rules that always selected equally good architectures as one method, so that they are tested once."""
    by_method: dict[str, list[Regrets]] = {}
    for one in regrets:
        by_method.setdefault(one.method, []).append(one)
    alike: dict[object, list[str]] = {}
    for method, rows in by_method.items():
        key = tuple(row.values for row in rows) if method.startswith(BY_RULE) else method
        alike.setdefault(key, []).append(method)
    found = []
    for first, *others in alike.values():
        name = ", ".join([first, *(other.removeprefix(BY_RULE) for other in others)])
        found += [Regrets(name, row.evaluations, row.values) for row in by_method[first]]
    return found


def compare(regrets: Sequence[Regrets]) -> list[Compared]:
    """Every method against random search with as many evaluations and the same seeds."""
    baselines = {one.evaluations: one.values for one in regrets if one.method == BASELINE}
    raw = {
        f"{one.method} {one.evaluations}": sign_flip_test(_differences(one, baselines))
        for one in regrets
        if one.method != BASELINE
    }
    corrected = holm(raw)
    return [_compared(one, baselines, corrected.get(f"{one.method} {one.evaluations}")) for one in regrets]


def _differences(one: Regrets, baselines: Mapping[int, tuple[float, ...]]) -> list[float]:
    return [mine - theirs for mine, theirs in zip(one.values, baselines[one.evaluations], strict=True)]


def _compared(one: Regrets, baselines: Mapping[int, tuple[float, ...]], p: float | None) -> Compared:
    count, differences = len(one.values), _differences(one, baselines)
    low, high = bootstrap_interval(one.values)
    mean, difference = sum(one.values) / count, sum(differences) / count
    return Compared(one.method, one.evaluations, mean, low, high, difference, p, one.values.count(0.0), count)
