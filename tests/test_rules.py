"""Selection rules against brute force over all architectures, and what they say about being decided."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from graph_spaces import SMALL, shipped, some_weights
from test_shared_decisions import space_of

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.graph.build import Graph
from hypercuboid.graph.numbering import Picks
from hypercuboid.graph.selection import RULES, select
from hypercuboid.graph.selection.asked import Asked
from hypercuboid.graph.selection.confidence import LEAST_CHANCE, LEAST_MARGIN, MOST_ENTROPY, chance_doubts
from hypercuboid.graph.selection.max_score import kept_weight
from hypercuboid.graph.selection.positions import position
from hypercuboid.graph.selection.score import scorer
from hypercuboid.pipeline import Space, load_from_text

SHARED = ["inside and outside", "choices in the cell", "in every step"]


def made(name: str) -> Space:
    return SMALL[name]() if name in SMALL else space_of(name)


def everything(graph: Graph) -> list[Picks]:
    return [graph.numbering.picks(number) for number in range(graph.numbering.count)]


def weight_of(graph: Graph, weights: dict[str, np.ndarray], address: Any, kept: Any) -> float:
    return kept_weight({one.name: one for one in graph.decisions}, weights, address, kept)


def product(graph: Graph, weights: dict[str, np.ndarray], picks: Picks) -> float:
    return math.prod(weight_of(graph, weights, address, kept) for address, kept in picks.items())


@pytest.mark.parametrize("name", [*SMALL, *SHARED])
def test_max_product_gives_all_architectures_in_order(name: str) -> None:
    space = made(name)
    graph, weights = space.graph, some_weights(space)
    expected = sorted((math.log(product(graph, weights, picks)) for picks in everything(graph)), reverse=True)
    found = RULES["max-product"].find(graph, weights, Asked(len(expected) + 1))
    assert [score for score, _ in found] == pytest.approx(expected, abs=1e-9)
    assert [math.log(product(graph, weights, picks)) for _, picks in found] == pytest.approx(expected, abs=1e-9)
    assert len({graph.numbering.number(picks) for _, picks in found}) == len(expected)


@pytest.mark.parametrize("name", [*SMALL, *SHARED])
def test_the_score_of_an_architecture_is_what_max_score_gives_it(name: str) -> None:
    space = made(name)
    graph, weights = space.graph, some_weights(space)
    score = scorer(graph, weights)
    found = RULES["max-score"].find(graph, weights, Asked(graph.numbering.count))
    assert [score for score, _ in found] == pytest.approx([score(picks) for _, picks in found], abs=1e-12)
    assert len({graph.numbering.number(picks) for _, picks in found}) == graph.numbering.count


def greedily(graph: Graph, weights: dict[str, np.ndarray], backwards: bool) -> Picks:
    """Of all architectures those that keep the strongest at the first decision, of those at the second, ..."""
    left = everything(graph)
    order = list(left[0])
    for address in reversed(order) if backwards else order:
        strongest = max(weight_of(graph, weights, address, picks[address]) for picks in left)
        left = [one for one in left if weight_of(graph, weights, address, one[address]) == strongest]
    assert len(left) == 1
    return left[0]


@pytest.mark.parametrize("name", ["Fabric", "TwoAxes", "HalfDecided", "Kept"])
def test_greedy_rules_filter_all_architectures_one_decision_after_the_other(name: str) -> None:
    space = made(name)
    graph, weights = space.graph, some_weights(space)
    (_, down), (_, up) = (
        RULES[rule].find(graph, weights, Asked())[0] for rule in ("greedy-top-down", "greedy-bottom-up")
    )
    assert down == greedily(graph, weights, backwards=False)
    assert up == greedily(graph, weights, backwards=True)


def test_top_down_looks_at_the_outside_and_bottom_up_at_the_inside() -> None:
    """Deep wins by its own weight, shallow by its score: 0.6 * (0.5 + 0.5) / 2 < 0.4."""
    space = SMALL["Uneven"]()
    net, act, norm = (decision.name for decision in space.graph.decisions)
    weights = {net: np.array([0.4, 0.6]), act: np.array([0.5, 0.5]), norm: np.array([0.5, 0.5])}
    kept = {rule: next(iter(select(space.graph, weights, rule)[0].picks.values())) for rule in RULES}
    assert kept["greedy-top-down"] == ["deep"]
    assert kept["greedy-bottom-up"] == kept["max-score"] == kept["max-product"] == ["shallow"]


@pytest.mark.parametrize("rule", list(RULES))
@pytest.mark.parametrize("name", [*SMALL, *SHARED])
def test_every_rule_keeps_an_architecture_of_the_space_on_every_space(name: str, rule: str) -> None:
    space = made(name)
    graph, weights = space.graph, some_weights(space)
    if rule == "darts" and any(decision.kind == "path" for decision in graph.decisions):
        with pytest.raises(HypercuboidError, match="HC7202"):
            RULES[rule].find(graph, weights, Asked())
        return
    found = RULES[rule].find(graph, weights, Asked(2, seed=3))
    best = RULES["max-score"].find(graph, weights, Asked())[0][0]
    score = scorer(graph, weights)
    for value, picks in found:
        assert graph.numbering.picks(graph.numbering.number(picks)) == picks
        assert score(picks) <= best + 1e-12
        if rule != "max-product":
            assert value == pytest.approx(score(picks), abs=1e-12)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 4))])
def test_the_darts_rule_agrees_with_max_score_on_sum_top(seed: int) -> None:
    """Edges that hold one choice each: the strongest edges of each node have the highest sum."""
    generator = np.random.default_rng(seed)
    for space in (SMALL["Top"](), shipped("darts.hc", "DARTS")):
        weights = {one.name: generator.random(one.shape) for one in space.graph.decisions}
        one, other = (select(space.graph, weights, rule)[0] for rule in ("darts", "max-score"))
        assert one.picks == other.picks
        assert one.score == pytest.approx(other.score, abs=1e-12)


@pytest.mark.parametrize("rule", ["sampled", "random"])
def test_a_seed_draws_the_same(rule: str) -> None:
    space = SMALL["Fabric"]()
    weights = some_weights(space)
    one, same, other = (
        [found.picks for found in select(space.graph, weights, rule, 8, seed=seed)] for seed in (1, 1, 2)
    )
    assert one == same
    assert one != other


def test_weights_of_zero_leave_architectures_out_of_a_product() -> None:
    space = SMALL["Fabric"]()
    graph = space.graph
    weights = some_weights(space)
    (_, best), (second, picks) = RULES["max-product"].find(graph, weights, Asked(2))
    address = next(one for one in best if best[one] != picks[one])
    decision = graph.decision(address[0])
    weights[address[0]][position(decision, address, best[address])] = 0.0
    found = RULES["max-product"].find(graph, weights, Asked(graph.numbering.count))
    assert found[0][0] == pytest.approx(second)
    positive = [one for one in everything(graph) if product(graph, weights, one) > 0]
    assert len(found) == len(positive)
    with pytest.raises(HypercuboidError, match="HC7201"):
        select(graph, {one.name: np.zeros(one.shape) for one in graph.decisions}, "max-product")


# ---------------------------------------------------------------- decided or not


def test_an_even_search_is_not_decided_and_a_sharp_one_is() -> None:
    space = SMALL["Fabric"]()
    graph = space.graph
    even = {one.name: one.reaching() / one.reaching().sum() for one in graph.decisions}
    (found,) = select(graph, even)
    assert [doubt.split()[0] for doubt in found.doubts] == ["margin", "entropy"]
    assert found.uniform is not None
    picks = everything(graph)[5]
    sharp = {name: np.where(graph.decision(name).reaching(), 0.01, 0.0) for name in even}
    for address, kept in picks.items():
        sharp[address[0]][position(graph.decision(address[0]), address, kept)] = 0.9
    for rule in ("max-score", "max-product"):
        (found,) = select(graph, sharp, rule)
        assert found.doubts == ()
    assert found.margin == pytest.approx(1 - math.exp((found.second or 0) - found.score))


def test_chances_below_a_half_are_not_decided() -> None:
    graph = SMALL["Fabric"]().graph
    picks = everything(graph)[5]
    weights = {one.name: np.zeros(one.shape) for one in graph.decisions}
    indices = [(a[0], position(graph.decision(a[0]), a, kept)) for a, kept in picks.items()]
    for name, index in indices:
        weights[name][index] = LEAST_CHANCE
    assert chance_doubts(graph, picks, weights) == ()
    name, index = indices[-1]
    weights[name][index] = 0.25
    (doubt,) = chance_doubts(graph, picks, weights)
    mean = (LEAST_CHANCE * (len(picks) - 1) + 0.25) / len(picks)
    assert f"is {100 * mean:.0f} % on average, of `f" in doubt and doubt.endswith("25 %; below 50 %")
    assert chance_doubts(graph, {}, weights) == ()


def test_each_number_is_held_against_its_threshold() -> None:
    """One decision of two: the margin is 1 - w2 / w1 and the entropy that of the two weights."""
    text = """hypercuboid 1
use std.ops { conv, gap, linear }
space S() on x: image(1, 8, 8) { out x -> choose op { a: conv(2), b: conv(2, 3) } -> gap -> linear(2) }
"""
    graph = load_from_text(text).graph

    def doubts(least: float) -> list[str]:
        weights = np.array([1.0, least]) / (1 + least)
        (found,) = select(graph, {"out.op": weights})
        assert found.margin == pytest.approx(1 - least)
        share = 1 / (1 + least)
        entropy = -(share * math.log2(share) + (1 - share) * math.log2(1 - share))
        assert (entropy > MOST_ENTROPY) == any("entropy" in doubt for doubt in found.doubts)
        return [doubt.split()[0] for doubt in found.doubts]

    assert doubts(1 - LEAST_MARGIN * 0.9) == ["margin", "entropy"]
    assert doubts(1 - LEAST_MARGIN * 1.1) == ["entropy"]
    assert doubts(0.5) == []
