"""Architectures drawn under weights: each as often as the product of what it keeps says."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from graph_spaces import SMALL

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.graph.selection.uniform import architecture
from hypercuboid.network.kept import kept_masks


@pytest.mark.parametrize("name", SMALL)
def test_log_probability_and_total_are_those_of_all_architectures(name: str) -> None:
    graph = SMALL[name]().graph
    generator = np.random.default_rng(1)
    weights = {one.name: generator.random(one.shape) for one in graph.decisions}
    products = []
    for number in range(graph.numbering.count):
        kept = kept_masks(graph.decisions, architecture(graph, number))
        products.append(float(np.prod([np.prod(weights[key][mask]) for key, mask in kept.items()])))
    odds = graph.sampler.odds(weights)
    assert odds.log_total == pytest.approx(np.log(sum(products)), abs=1e-12)
    for seed in range(30):
        sample = odds.draw(Random(seed))
        number = graph.numbering.number(sample.picks)
        assert sample.probability == pytest.approx(products[number] / sum(products), rel=1e-9)
        masks = kept_masks(graph.decisions, architecture(graph, number))
        assert all(np.array_equal(mask, masks[key]) for key, mask in graph.sampler.masks(sample).items())


@pytest.mark.parametrize("name", ["Top", "States", "Nested", "TwoCuboids"])
def test_draws_are_as_frequent_as_their_probability(name: str) -> None:
    """Chi-squared over eight parts of the architectures, with 7 degrees of freedom: below 1e-6 above 40.5."""
    graph = SMALL[name]().graph
    generator = np.random.default_rng(2)
    weights = {one.name: generator.random(one.shape) + 0.1 for one in graph.decisions}
    odds = graph.sampler.odds(weights)
    seen, expected = np.zeros(8), np.zeros(8)
    for number in range(graph.numbering.count):
        kept = kept_masks(graph.decisions, architecture(graph, number))
        product = float(np.prod([np.prod(weights[key][mask]) for key, mask in kept.items()]))
        expected[number % 8] += product / np.exp(odds.log_total)
    assert expected.sum() == pytest.approx(1, abs=1e-9)
    random = Random(5)
    for _ in range(1500):
        seen[graph.numbering.number(odds.draw(random).picks) % 8] += 1
    assert float(((seen - 1500 * expected) ** 2 / (1500 * expected)).sum()) < 40.5


def test_nothing_to_draw_is_an_error() -> None:
    graph = SMALL["Nested"]().graph
    with pytest.raises(HypercuboidError) as caught:
        graph.sampler.odds({one.name: np.zeros(one.shape) for one in graph.decisions}).draw(Random(0))
    assert caught.value.diagnostics[0].code == "HC7201"
