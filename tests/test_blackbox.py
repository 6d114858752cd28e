"""Black-box optimisers: valid architectures on any space, the same by seed and after a restart, better than chance."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache, partial
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import pytest
from graph_spaces import SMALL, all_architectures, shipped
from test_shared_decisions import SPACES as SHARED
from test_shared_decisions import space_of as shared_space

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.frontend.elaborated import KeptPath
from hypercuboid.graph.numbering import Picks
from hypercuboid.graph.selection.expected import kept_probabilities
from hypercuboid.graph.selection.uniform import architecture
from hypercuboid.network.kept import kept_masks
from hypercuboid.pipeline import Space, load_from_text
from hypercuboid.runs.comparisons import sign_flip_test
from hypercuboid.search.blackbox import BLACK_BOX, black_box
from hypercuboid.search.blackbox.choices import choices_of, choose_all
from hypercuboid.search.blackbox.mutation import mutated
from hypercuboid.search.blackbox.random_search import RandomSearch
from hypercuboid.search.blackbox.reinforce import Reinforce
from hypercuboid.search.blackbox.trials import Trials

ROW = """hypercuboid 1
use std.ops { conv, gap, linear }
space Row() on x: image(3, 8, 8) {
  out x -> chain i in 0..5 { choose op { a: conv(4), b: conv(4, 3), c: conv(4, 5) } } -> gap -> linear(2)
}
"""
CUBOID = ("multichannelnet.hc", "MultiChannelNet", "filters=[4,8]", "reductions=1", "layers=4", "head=8")


@cache
def space_of(name: str) -> Space:
    if name == "Row":
        return load_from_text(ROW)
    if name in SHARED:
        return shared_space(name)
    return shipped(*CUBOID, inputs=("3x16x16",)) if name == "Cuboid" else SMALL[name]()


@cache
def masks_of(name: str) -> list[dict[str, np.ndarray]]:
    """What each architecture keeps, by number."""
    graph = space_of(name).graph
    return [kept_masks(graph.decisions, architecture(graph, n)) for n in range(graph.numbering.count)]


def planted(name: str, seed: int) -> list[float]:
    """A score for each architecture: the sum of values of what it keeps, drawn uniformly."""
    generator = np.random.default_rng(seed)
    values = {one.name: generator.random(one.shape) for one in space_of(name).graph.decisions}
    return [sum(float(values[key][mask].sum()) for key, mask in kept.items()) for kept in masks_of(name)]


@pytest.mark.parametrize("name", [*SMALL, *SHARED])
def test_picks_have_the_number_that_they_were_read_from(name: str) -> None:
    numbering = space_of(name).graph.numbering
    for number in range(0, numbering.count, max(1, numbering.count // 300)):
        assert numbering.number(numbering.picks(number)) == number


def changes(before: Picks, after: Picks) -> int:
    """Decisions that both make, and make differently."""
    return sum(before[address] != after[address] for address in before if address in after)


# ---------------------------------------------------------------- contracts over the registry


@pytest.mark.parametrize("name", ["Nested", "States", "Top", "Kept", "SharedCell", "TwoCuboids"])
@pytest.mark.parametrize("optimiser", list(BLACK_BOX))
def test_it_asks_for_architectures_of_the_space(optimiser: str, name: str) -> None:
    """Each is one of those that elaborating again finds."""
    space = space_of(name)
    every = {str(one.elaborated.decided) for one in all_architectures(space)} if name == "Nested" else None
    trials = Trials(black_box(optimiser, space.graph, 1), lambda number: float(number % 7))
    for _ in range(30):
        trials.step()
    assert all(0 <= number < space.graph.numbering.count for number in trials.scores)
    assert len(trials.scores) > 2
    if every is not None:
        made = [space._decided(architecture(space.graph, number), "Made") for number in trials.scores]
        assert {str(one.elaborated.decided) for one in made} <= every


@pytest.mark.parametrize("optimiser", list(BLACK_BOX))
def test_a_seed_asks_the_same_and_a_state_goes_on_bit_for_bit(optimiser: str) -> None:
    graph, scores = space_of("Top").graph, planted("Top", 0)

    def trials(seed: int) -> Trials:
        return Trials(black_box(optimiser, graph, seed), scores.__getitem__)

    whole, other = trials(5), trials(6)
    asked = [whole.step().number for _ in range(45)]
    assert asked != [other.step().number for _ in range(45)]
    for stop in (0, 1, 11, 29):
        first, second = trials(5), trials(5)
        assert [first.step().number for _ in range(stop)] == asked[:stop]
        second.restore(json.loads(json.dumps(first.state())))
        assert [second.step().number for _ in range(45 - stop)] == asked[stop:]
        assert second.state() == whole.state()


@pytest.mark.parametrize("optimiser", list(BLACK_BOX))
def test_it_may_be_told_what_it_did_not_ask_for(optimiser: str) -> None:
    graph, scores = space_of("States").graph, planted("States", 0)
    one = black_box(optimiser, graph)
    for number in range(0, 64, 3):
        one.tell(number, scores[number])
    assert all(0 <= one.ask() < 64 for _ in range(5))
    with pytest.raises(ValueError, match="the score of architecture 3 is nan"):
        one.tell(3, float("nan"))


@pytest.mark.parametrize("optimiser", list(BLACK_BOX))
def test_a_space_of_five_is_exhausted(optimiser: str) -> None:
    trials = Trials(black_box(optimiser, space_of("Uneven").graph), float)
    trials.run(1000)
    assert trials.is_exhausted
    assert trials.best == max(trials.scores)


BETTER = [
    ("evolution", "Row", 60, 60),
    ("reinforce", "Row", 60, 24),
    ("tpe", "Row", 50, 14),
    ("predictor", "Row", 30, 14),
    *(
        pytest.param(optimiser, name, evaluations, 60, marks=pytest.mark.long)
        for optimiser in ("evolution", "reinforce")
        for name, evaluations in (("Top", 60), ("Cuboid", 100))
    ),
]
"""Optimiser, space, architectures that it may score (of 243 in Row and Top, of 512 in Cuboid), planted objectives."""


@pytest.mark.parametrize(("optimiser", "name", "evaluations", "objectives"), BETTER)
def test_it_finds_the_best_more_often_than_random_search(
    optimiser: str, name: str, evaluations: int, objectives: int
) -> None:
    """Paired by objective and seed, with the exact sign-flip test; random search never asks twice."""
    graph, differences = space_of(name).graph, []
    for seed in range(objectives):
        scores = planted(name, seed)
        best, found = max(range(len(scores)), key=scores.__getitem__), []
        for one in (optimiser, "random"):
            trials = Trials(black_box(one, graph, seed), scores.__getitem__)
            trials.run(evaluations)
            found.append(best in trials.scores)
        differences.append(float(found[0]) - float(found[1]))
    assert sum(differences) > 0
    assert sign_flip_test(differences) < 0.01


def test_the_registry_is_tried_for_being_better() -> None:
    assert {"random", *(case[0] for case in BETTER[:4])} == set(BLACK_BOX)


# ---------------------------------------------------------------- random search


def test_random_search_walks_a_small_space_once() -> None:
    trials = Trials(black_box("random", space_of("Row").graph, 3), float)
    assert not any(trials.step().known for _ in range(243))
    assert sorted(trials.scores) == list(range(243))
    assert trials.is_exhausted


def test_random_search_draws_from_a_large_space() -> None:
    graph = shipped("multichannelnet.hc", "MultiChannelNet").graph
    one = RandomSearch(graph, 2)
    drawn = [one.ask() for _ in range(20)]
    assert len(set(drawn)) == 20 and max(drawn) > graph.numbering.count // 2
    assert drawn == [Random(f"2 {i}").randrange(graph.numbering.count) for i in range(20)]


# ---------------------------------------------------------------- mutation


@pytest.mark.parametrize("name", [*SMALL, "Row", "Cuboid", *SHARED])
def test_a_mutation_is_another_valid_architecture(name: str) -> None:
    numbering = space_of(name).graph.numbering
    for number in range(0, numbering.count, max(1, numbering.count // 40)):
        child = mutated(space_of(name).graph, numbering.picks(number), Random(number))
        assert numbering.number(child) != number
        assert numbering.picks(numbering.number(child)) == child


def test_a_mutation_of_a_row_changes_one_layer_uniformly() -> None:
    """All ten neighbours come, each in a tenth of the draws: chi-squared with 9 degrees of freedom, below 1e-6."""
    graph = space_of("Row").graph
    parent = graph.numbering.picks(100)
    counts: dict[int, int] = {}
    for seed in range(1000):
        child = mutated(graph, parent, Random(seed))
        assert changes(parent, child) == 1
        number = graph.numbering.number(child)
        counts[number] = counts.get(number, 0) + 1
    assert len(counts) == 10
    assert sum((n - 100) ** 2 / 100 for n in counts.values()) < 45.1


def test_a_mutated_path_is_connected_and_comes_back() -> None:
    """Every other step is reached, and no more steps change than the new one asks for."""
    graph = space_of("Cuboid").graph
    numbering = graph.numbering
    parent = numbering.picks(numbering.count // 3)
    seen = set()
    for seed in range(400):
        child = mutated(graph, parent, Random(seed))
        steps = [child[address] for address in parent]
        assert all(isinstance(step, KeptPath) for step in steps)
        assert all(a.target == b.source for a, b in pairwise(steps))
        seen.add(numbering.number(child))
    # A neighbour has one step that differs such that no architecture with this step differs from the parent in fewer.
    least: dict[tuple[Any, Any], int] = {}
    every = [numbering.picks(number) for number in range(numbering.count)]
    for other in every:
        for address, kept in other.items():
            key = address, kept
            least[key] = min(least.get(key, 99), changes(parent, other))
    wanted = {
        numbering.number(other)
        for other in every
        if any(
            kept != parent[address] and changes(parent, other) == least[address, kept]
            for address, kept in other.items()
        )
    }
    assert seen <= wanted
    assert len(seen) > 0.8 * len(wanted)


def test_a_mutation_of_terms_changes_a_label_or_a_term() -> None:
    graph = space_of("Top").graph
    parent = graph.numbering.picks(77)
    labels = terms = 0
    for seed in range(200):
        child = mutated(graph, parent, Random(seed))
        lost, gained = parent.keys() - child.keys(), child.keys() - parent.keys()
        assert len(lost) == len(gained) == 1 - changes(parent, child)
        terms += len(lost)
        labels += changes(parent, child)
    assert terms > 20 and labels > 20


def test_what_stands_inside_a_new_alternative_is_drawn() -> None:
    graph = space_of("Uneven").graph
    (shallow,) = [n for n in range(5) if len(graph.numbering.picks(n)) == 1]
    children = [mutated(graph, graph.numbering.picks(shallow), Random(seed)) for seed in range(200)]
    counts = [sum(graph.numbering.number(child) == n for child in children) for n in range(5)]
    assert counts[shallow] == 0
    assert all(count > 25 for n, count in enumerate(counts) if n != shallow)


# ---------------------------------------------------------------- choices and policy


def answer(choices: dict[str, tuple[int, int]], name: str, ways: Sequence[object]) -> int:
    return choices[name][0]


@pytest.mark.parametrize("name", [*SMALL, "Row", "Cuboid", *SHARED])
def test_the_choices_of_an_architecture_lead_to_it(name: str) -> None:
    numbering = space_of(name).graph.numbering
    ways: dict[str, int] = {}
    for number in range(0, numbering.count, max(1, numbering.count // 60)):
        choices = choices_of(numbering, numbering.picks(number))
        assert all(ways.setdefault(key, of) == of > way >= 0 for key, (way, of) in choices.items())
        assert numbering.number(choose_all(numbering, partial(answer, choices))) == number


def by_hand(name: str, weights: Mapping[str, np.ndarray]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The probability of each architecture, and of each alternative to be kept, over all architectures one by one."""
    every = masks_of(name)
    products = np.array([np.prod([np.prod(weights[key][mask]) for key, mask in kept.items()]) for kept in every])
    chances = products / products.sum()
    expected = {key: sum(p * kept[key] for p, kept in zip(chances, every, strict=True)) for key in weights}
    return chances, {key: np.asarray(value) for key, value in expected.items()}


@pytest.mark.parametrize("name", [*SMALL, "Row", "Cuboid"])
def test_the_chance_to_keep_an_alternative_is_exact(name: str) -> None:
    graph = space_of(name).graph
    generator = np.random.default_rng(2)
    weights = {one.name: generator.random(one.shape) for one in graph.decisions}
    _, expected = by_hand(name, weights)
    found = kept_probabilities(graph.sampler.odds(weights))
    assert all(np.allclose(found[key], expected[key], rtol=0, atol=1e-12) for key in expected)


@pytest.mark.parametrize("name", [*SMALL, *SHARED])
def test_the_chance_to_keep_an_alternative_is_the_gradient_of_the_sum(name: str) -> None:
    graph = space_of(name).graph
    generator = np.random.default_rng(4)
    weights = {one.name: generator.random(one.shape) + 0.1 for one in graph.decisions}
    found = kept_probabilities(graph.sampler.odds(weights))
    for key, array in weights.items():
        for place in list(np.ndindex(array.shape))[:12]:
            logs = []
            for sign in (1, -1):
                moved = {**weights, key: array.copy()}
                moved[key][place] *= np.exp(sign * 1e-5)
                logs.append(graph.sampler.odds(moved).log_total)
            assert found[key][place] == pytest.approx((logs[0] - logs[1]) / 2e-5, abs=1e-8)


@pytest.mark.parametrize("name", ["Top", "States", "Nested", "Cuboid"])
def test_the_gradient_of_the_policy_is_exact(name: str) -> None:
    """Against central differences of ln p over all architectures."""
    graph = space_of(name).graph
    policy = Reinforce(graph, 0)
    generator = np.random.default_rng(3)
    policy.alphas = {one.name: generator.normal(size=one.shape) for one in graph.decisions}
    number = graph.numbering.count // 2
    found, step = policy.gradient(number), 1e-5
    for decision in graph.decisions:
        for place in [np.unravel_index(i, decision.shape) for i in range(0, np.prod(decision.shape), 5)]:
            logs = []
            for sign in (1, -1):
                moved = {key: alpha.copy() for key, alpha in policy.alphas.items()}
                moved[decision.name][place] += sign * step
                chances, _ = by_hand(name, {key: np.exp(alpha) for key, alpha in moved.items()})
                logs.append(np.log(chances[number]))
            assert found[decision.name][place] == pytest.approx((logs[0] - logs[1]) / (2 * step), abs=1e-8)


def test_the_policy_does_not_see_the_unit_of_a_score() -> None:
    graph, scores = space_of("Row").graph, planted("Row", 1)
    learnt = []
    for scale, shift in ((1.0, 0.0), (7.0, 0.0), (2.0, 9.0)):
        policy = Reinforce(graph, 4)
        for number in range(0, 200, 7):
            policy.tell(number, scale * scores[number] + shift)
        learnt.append(policy.alphas)
    for other in learnt[1:]:
        assert all(np.allclose(learnt[0][name], other[name], rtol=0, atol=1e-9) for name in other)
    assert any(np.abs(alpha).max() > 0.1 for alpha in learnt[0].values())


def test_equal_scores_teach_nothing() -> None:
    policy = Reinforce(space_of("Row").graph, 4)
    for number in range(20):
        policy.tell(number, 0.3)
    assert not any(alpha.any() for alpha in policy.alphas.values())


# ---------------------------------------------------------------- mistakes


def test_an_unknown_optimiser_is_answered_with_a_suggestion() -> None:
    with pytest.raises(HypercuboidError) as caught:
        black_box("evolve", space_of("Row").graph)
    (one,) = caught.value.diagnostics
    assert (one.code, one.message) == ("HC7071", "unknown strategy `evolve`")
    assert one.help == "known: `random`, `evolution`, `reinforce`, `tpe`, `predictor`"


def test_a_missing_extra_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(HypercuboidError) as caught:
        black_box("tpe", space_of("Row").graph)
    (one,) = caught.value.diagnostics
    assert one.code == "HC7081"
    assert "pip install 'hypercuboid[tpe]'" in str(one.help)
