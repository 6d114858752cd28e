"""The best within budgets and limits against all architectures, each with its score and its counted costs."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from graph_spaces import SMALL, shipped, some_weights
from test_latencies import numbered
from test_shared_decisions import SPACES, space_of

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.frontend.elaborated import KeptPath
from hypercuboid.graph.grow import grow
from hypercuboid.graph.numbering import Picks
from hypercuboid.graph.selection import Bounded, select
from hypercuboid.graph.selection.asked import Asked
from hypercuboid.graph.selection.budgets import within
from hypercuboid.graph.selection.front import front
from hypercuboid.graph.selection.max_product import max_product
from hypercuboid.graph.selection.max_score import max_score
from hypercuboid.graph.selection.result import record
from hypercuboid.pipeline import Space

COSTS = ("params", "macs", "add_mult", "activations")
QUICK = ["Uneven", "States", "HalfDecided", "Nested", "Fabric", "AnyBlock", "inside and outside", "in some steps"]
NAMES = [
    name if name in QUICK else pytest.param(name, marks=pytest.mark.long) for name in [*SMALL, *SPACES] if name != "Top"
]
PORTIONS = (0.0, 0.3, 0.7)


@dataclass(frozen=True)
class One:
    """An architecture by the long route: its own costs, counted after its decisions were made."""

    score: float
    product: float
    picks: Picks
    costs: dict[str, int]

    def kept(self, label: str) -> int:
        labels = (one.label if isinstance(one, KeptPath) else one for one in self.picks.values())
        return sum(label in map(str, some) for some in labels)


@cache
def made(name: str) -> tuple[Space, dict[str, np.ndarray], list[One]]:
    space = SMALL[name]() if name in SMALL else space_of(name)
    graph, weights = space.graph, some_weights(space)
    products = {graph.numbering.number(p): s for s, p in max_product(graph, weights, Asked(graph.numbering.count))}
    found = []
    for score, picks in max_score(graph, weights, Asked(graph.numbering.count)):
        counts = space._decided(record(graph.forest.root, picks).decided, "One").counts()
        costs = {cost: getattr(counts, cost) for cost in COSTS}
        found.append(One(score, products[graph.numbering.number(picks)], picks, costs))
    return space, weights, found


@pytest.mark.parametrize("name", NAMES)
def test_the_best_within_two_budgets_are_those_of_all_architectures(name: str) -> None:
    space, weights, every = made(name)
    ranked = sorted(every, key=lambda one: -one.product)
    for (first, second), (a, b) in itertools.product(
        [("params", "macs"), ("activations", "add_mult")], itertools.product(PORTIONS, repeat=2)
    ):
        budgets = {
            cost: float(sorted(one.costs[cost] for one in every)[int(portion * (len(every) - 1))])
            for cost, portion in ((first, a), (second, b))
        }
        bounded = Bounded(budgets)

        def fits(one: One, budgets: dict[str, float] = budgets) -> bool:
            return all(one.costs[cost] <= most for cost, most in budgets.items())

        sums = [one.score for one in every if fits(one)][:2]
        if not sums:
            with pytest.raises(HypercuboidError, match="HC7205") as caught:
                within(space.graph, weights, bounded)
            check_least(caught.value, every, budgets)
            continue
        found = within(space.graph, weights, bounded, 2)
        assert [score for score, _ in found] == pytest.approx(sums, abs=1e-9)
        assert all(fits(next(one for one in every if one.picks == picks)) for _, picks in found)
        products = within(space.graph, weights, bounded, 2, product=True)
        assert [score for score, _ in products] == pytest.approx(
            [one.product for one in ranked if fits(one)][:2], abs=1e-9
        )


def check_least(problem: HypercuboidError, every: list[One], budgets: dict[str, float]) -> None:
    """Each note states the least cost among those within the other budget, or among all."""
    expected = []
    for cost in budgets:
        others = [one for one in every if all(one.costs[c] <= m for c, m in budgets.items() if c != cost)]
        least = min(one.costs[cost] for one in others or every)
        text = f"the smallest feasible budget of {cost} is {least}"
        expected.append(text + " with the other bounds as they are" if others else text)
    assert list(problem.diagnostics[0].notes) == expected


@pytest.mark.parametrize("name", NAMES)
def test_every_single_budget_is_exact_at_its_edge(name: str) -> None:
    """At each cost that an architecture has, and one below."""
    space, weights, every = made(name)
    for edge in sorted({one.costs["macs"] for one in every})[:6]:
        for most in (edge, edge - 1):
            expected = max((one.score for one in every if one.costs["macs"] <= most), default=None)
            if expected is None:
                with pytest.raises(HypercuboidError, match="HC7205"):
                    within(space.graph, weights, Bounded({"macs": most}))
            else:
                found = within(space.graph, weights, Bounded({"macs": most}))
                assert found[0][0] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("name", "label"), [("Top", "identity"), ("Kept", "SharpSepConv"), ("AnyBlock", "bn")])
def test_limits_count_kept_labels(name: str, label: str) -> None:
    space, weights, every = made(name)
    for most in range(4):
        fitting = [one.score for one in every if one.kept(label) <= most]
        bounded = Bounded({}, {label: most})
        found = select(space.graph, weights, top=2, bounded=bounded)
        assert [one.score for one in found] == pytest.approx(fitting[:2], abs=1e-9)
        assert found[0].second == pytest.approx(fitting[1], abs=1e-9)


def test_limits_that_leave_nothing_say_how_little_is_enough() -> None:
    space, weights, _ = made("Uneven")
    with pytest.raises(HypercuboidError, match="HC7205") as caught:
        select(space.graph, weights, bounded=Bounded({}, {"shallow": 0, "deep": 0}))
    assert caught.value.diagnostics[0].notes == (
        "the smallest feasible budget of `shallow` is 1 with the other bounds as they are",
        "the smallest feasible budget of `deep` is 1 with the other bounds as they are",
    )
    with pytest.raises(HypercuboidError, match="HC7206"):
        select(space.graph, weights, bounded=Bounded({}, {"shalow": 0}))


def test_a_darts_cell_keeps_as_many_skips_as_it_may() -> None:
    space = shipped("darts.hc", "DARTS")
    weights = {one.name: np.random.default_rng(0).random(one.shape) for one in space.graph.decisions}
    for name, array in weights.items():
        array[..., space.graph.decision(name).axes[-1].position("skip_connect")] += 1.0
    scores = []
    for most in (0, 2, 5, 16):
        (found,) = select(space.graph, weights, bounded=Bounded({}, {"skip_connect": most}))
        kept = sum(text.endswith("skip_connect") for texts in found.picks.values() for text in texts)
        assert kept == most
        scores.append(found.score)
    assert scores == sorted(scores)
    assert scores[-1] == pytest.approx(select(space.graph, weights)[0].score)


def test_keeping_zero_under_a_limit() -> None:
    space = SMALL["Top"]()
    weights = some_weights(space)
    free = select(space.graph, weights, keep_zero=True)[0]
    same = select(space.graph, weights, keep_zero=True, bounded=Bounded({}, {"identity": 99}))[0]
    assert same.score == pytest.approx(free.score, abs=1e-9)
    none = select(space.graph, weights, keep_zero=True, bounded=Bounded({}, {"zero": 0}))[0]
    assert none.score == pytest.approx(select(space.graph, weights)[0].score, abs=1e-9)


def test_costs_that_are_bounds_are_refused_at_their_place() -> None:
    space, weights, _ = made("Top")
    with pytest.raises(HypercuboidError, match="HC7204") as caught:
        within(space.graph, weights, Bounded({"macs": 1e9}))
    assert caught.value.diagnostics[0].span is not None


def test_a_budget_as_large_as_needed_changes_nothing() -> None:
    """On a large space, where the program has thousands of variables."""
    space = shipped("multichannelnet.hc", "MultiChannelNet")
    weights = some_weights(space)
    (free,) = select(space.graph, weights)
    (found,) = select(space.graph, weights, bounded=Bounded({"macs": 1e12}))
    assert found.picks == free.picks
    assert found.second == pytest.approx(free.second, abs=1e-9)
    half = space.decide(free).counts().macs
    assert half is not None
    (less,) = select(space.graph, weights, bounded=Bounded({"macs": half / 2}))
    counted = space.decide(less).counts().macs
    assert counted is not None and counted <= half / 2
    assert less.score < free.score
    assert math.isfinite(less.score)


@pytest.mark.parametrize("name", NAMES)
def test_the_front_holds_what_nothing_cheaper_or_equal_beats(name: str) -> None:
    space, weights, every = made(name)
    for cost in COSTS:
        expected: list[tuple[int, float]] = []
        for one in sorted(every, key=lambda one: (one.costs[cost], -one.score)):
            if not expected or one.score > expected[-1][1] + 1e-9:
                expected.append((one.costs[cost], one.score))
        found = front(space.graph, weights, cost)
        assert [one.cost for one in found] == [value for value, _ in expected]
        assert [one.score for one in found] == pytest.approx([score for _, score in expected], abs=1e-9)
        for point in found:
            same = next(other for other in every if other.picks == point.picks)
            assert same.costs[cost] == point.cost
            assert same.score == pytest.approx(point.score, abs=1e-9)


def test_the_last_point_of_a_front_is_the_best_of_all_and_the_first_the_cheapest() -> None:
    space = SMALL["Fabric"]()
    weights = some_weights(space)
    found = space.front(weights, "macs")
    assert found[-1][1] == pytest.approx(select(space.graph, weights)[0].score, abs=1e-12)
    counts = space.counts()
    assert counts.macs_range is not None and found[0][0] == counts.macs_range[0]
    assert all(one.counts().macs == cost for cost, _, one in found)
    with pytest.raises(HypercuboidError, match="HC7206"):
        space.front(weights, "flops")


@pytest.mark.parametrize("name", ["Uneven", "States", "HalfDecided", "FlexSepConv"])
def test_a_budget_of_measured_time_holds_for_the_ops_of_the_architecture(name: str, tmp_path: Path) -> None:
    """Every op has a time of its own, so that each architecture has its own sum."""
    space, weights, every = made(name)
    path = tmp_path / "ops.csv"
    times = numbered(space, path)
    timed = []
    for one in every:
        architecture = space._decided(record(space.graph.forest.root, one.picks).decided, "One")
        timed.append((grow(architecture.graph.costs, times.price).settled.cost.nanoseconds, one.score))
    for time in sorted({time for time, _ in timed})[::2]:
        bounded = Bounded({"latency": (time + 0.25) / 1e6}, latencies=path)
        expected = [score for other, score in timed if other <= time][:2]
        found = within(space.graph, weights, bounded, 2)
        assert [score for score, _ in found] == pytest.approx(expected, abs=1e-9)
    with pytest.raises(HypercuboidError, match="HC7205"):
        within(space.graph, weights, Bounded({"latency": (min(timed)[0] - 0.5) / 1e6}, latencies=path))
    with pytest.raises(HypercuboidError, match="HC7206"):
        within(space.graph, weights, Bounded({"latency": 1.0}))
    expected_front: list[tuple[float, float]] = []
    for time, score in sorted(timed, key=lambda one: (one[0], -one[1])):
        if not expected_front or score > expected_front[-1][1] + 1e-9:
            expected_front.append((time / 1e6, score))
    points = front(space.graph, weights, "latency", latencies=path)
    assert [one.cost for one in points] == pytest.approx([time for time, _ in expected_front], rel=1e-12)
    assert [one.score for one in points] == pytest.approx([score for _, score in expected_front], abs=1e-9)
    with pytest.raises(HypercuboidError, match="HC7206"):
        front(space.graph, weights, "latency")
