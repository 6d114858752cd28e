"""The predictor: what it holds for the best is the best of all under its model, and on sums it finds the best soon."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from test_blackbox import masks_of, planted, space_of

from hypercuboid.graph.groups import groups
from hypercuboid.search.blackbox.predictor import DRAWS, FIRST, Predictor

KINDS = ["Row", "Cuboid", "Nested", "States", "Top", "TwoCuboids"]


def told(name: str, count: int, seed: int = 0) -> tuple[Predictor, list[float]]:
    """After `count` architectures of a space in which scores are sums."""
    scores, predictor = planted(name, seed), Predictor(space_of(name).graph, seed)
    for _ in range(count):
        number = predictor.ask()
        predictor.tell(number, scores[number])
    return predictor, scores


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", KINDS)
def test_the_best_is_the_best_of_all_under_the_mean(name: str, seed: int) -> None:
    """Two routes: dynamic programming, and the model's prediction of every architecture of the space. Those that were
    told count as the mean of prediction and score.
    """
    predictor, _ = told(name, FIRST + 4, seed)
    everything = list(range(len(masks_of(name))))
    expected = predictor._posterior.predict(predictor._rows(everything) @ predictor._features)
    for number, score in predictor.told.items():
        expected[number] = (expected[number] + score) / 2
    (best, score), (second, next_score) = predictor.best({})
    ranked = np.sort(expected)[::-1]
    assert score == pytest.approx(ranked[0], abs=1e-9)
    assert expected[best] == pytest.approx(ranked[0], abs=1e-9)
    assert best != second and next_score <= score


def test_what_a_sum_cannot_say_is_not_lost() -> None:
    """One that is told to be far better than its alternatives is held for the best, though the sum says another one."""
    predictor, scores = told("Row", 30)
    worst = min(predictor.told, key=scores.__getitem__)
    predictor.tell(worst, max(scores) + 10 * (max(scores) - min(scores)))
    assert predictor.best({})[0][0] == worst


@pytest.mark.parametrize("name", ["Row", "Cuboid"])
@pytest.mark.parametrize("seed", range(3))
def test_on_sums_it_finds_the_best(name: str, seed: int) -> None:
    """Of 243 and 2,112 architectures, after 40."""
    predictor, scores = told(name, 40, seed)
    assert scores[predictor.best({})[0][0]] == max(scores)


def test_before_there_is_a_model_the_best_told_counts() -> None:
    predictor, scores = told("Row", FIRST - 1)
    known = {number: scores[number] for number in predictor.told}
    assert predictor.best(known)[0] == max(known.items(), key=lambda one: one[1])


def test_it_asks_for_nothing_twice_once_it_has_a_model() -> None:
    predictor, scores = told("Row", FIRST)
    for _ in range(40):
        number = predictor.ask()
        assert number not in predictor.told
        predictor.tell(number, scores[number])


@pytest.mark.parametrize("name", KINDS)
def test_weights_of_every_competing_group_sum_to_one(name: str) -> None:
    """Also where the group is inside an alternative that is seldom kept, or never: then it is uniform."""
    predictor, _ = told(name, 20)
    weights = predictor.weights({})
    for decision in space_of(name).graph.decisions:
        for _, index in groups(decision):
            assert weights[decision.name][index].sum() == pytest.approx(1, abs=1e-12)


def test_weights_are_shares_of_draws() -> None:
    """Of a chain of five choices each one sums to 1, and the same seed has the same."""
    predictor, _ = told("Row", 20)
    (weights,) = predictor.weights({}).values()
    assert weights.sum(axis=-1) == pytest.approx(np.ones(5), abs=1e-12)
    assert np.round(weights * DRAWS) == pytest.approx(weights * DRAWS, abs=1e-9)
    (again,) = predictor.weights({}).values()
    assert np.array_equal(weights, again)


def test_what_is_restored_goes_on_the_same() -> None:
    """Costs are scaled by the first architectures that were told, also where all come at once."""
    one, scores = told("Cuboid", 25)
    other = Predictor(one.graph, 0)
    other.restore(one.state())
    for _ in range(5):
        number = one.ask()
        assert other.ask() == number
        one.tell(number, scores[number])
        other.tell(number, scores[number])
    assert np.array_equal(one._features, other._features)


def test_costs_explain_before_alternatives_are_known() -> None:
    """Scores that grow with params alone: the largest is found among 2,112 after FIRST + 2."""
    graph = space_of("Cuboid").graph
    costs = graph.candidate_costs
    assert costs is not None
    fixed, arrays = costs.of("params")
    params = [fixed + sum(int(arrays[key][mask].sum()) for key, mask in kept.items()) for kept in masks_of("Cuboid")]
    predictor = Predictor(graph, 1)
    for _ in range(FIRST + 2):
        number = predictor.ask()
        predictor.tell(number, params[number] / 1e5)
    assert params[predictor.best({})[0][0]] >= np.quantile(params, 0.99)


def test_a_draw_differs_from_the_mean_while_it_is_unsure() -> None:
    predictor, _ = told("Row", FIRST)
    draws = [predictor._draw(Random(seed)) for seed in range(3)]
    assert all(not np.allclose(one, predictor._posterior.coef_) for one in draws)
