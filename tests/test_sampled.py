"""Sampling by weights: chances against brute force over all architectures, and frequencies against chances."""

from __future__ import annotations

import math
from collections import Counter
from random import Random
from typing import TypeAlias

import numpy as np
import pytest
from graph_spaces import SMALL, all_architectures, program, shipped, some_weights
from scipy.stats import chi2

from hypercuboid.graph.selection.sampled import draw_weighted
from hypercuboid.network.kept import kept_masks
from hypercuboid.pipeline import Space

Key: TypeAlias = tuple[bytes, ...]
"""The masks of an architecture."""


def key_of(masks: dict[str, np.ndarray]) -> Key:
    return tuple(np.packbits(masks[name]).tobytes() for name in sorted(masks))


def chances(space: Space, weights: dict[str, np.ndarray]) -> dict[Key, float]:
    """Every architecture with the product of its kept weights, as parts of their sum."""
    products = {}
    for one in all_architectures(space):
        masks = kept_masks(space.graph.decisions, one.request.binding[len(space.request.binding) :])
        products[key_of(masks)] = math.prod(float(weights[name][mask].prod()) for name, mask in masks.items())
    total = sum(products.values())
    return {key: product / total for key, product in products.items()}


@pytest.mark.parametrize("name", ["Top", "States", "Nested", "TwoCuboids", "SharedCell"])
def test_draws_follow_the_product_of_the_kept_weights(name: str) -> None:
    """Pearson's statistic stays below the quantile that a true sampler passes once in 10^6 runs."""
    space = SMALL[name]()
    weights = some_weights(space)
    expected = chances(space, weights)
    draws = 2000
    found: Counter[Key] = Counter()
    for sample in draw_weighted(space.graph, weights, draws, Random(1)):
        key = key_of(space.graph.sampler.masks(sample))
        assert math.isclose(sample.probability, expected[key], rel_tol=1e-9)
        found[key] += 1
    often = [key for key, chance in expected.items() if chance * draws >= 5]
    rest = 1 - sum(expected[key] for key in often)
    cells = [(found[key], expected[key] * draws) for key in often]
    if rest > 1e-9:
        cells.append((draws - sum(count for count, _ in cells), rest * draws))
    statistic = sum((count - due) ** 2 / due for count, due in cells)
    assert statistic < chi2.isf(1e-6, max(1, len(cells) - 1))


def test_what_has_weight_zero_is_never_drawn() -> None:
    """All weight on one architecture: it is drawn with certainty, though greedy steps would miss it."""
    space = program("hard.hc", "TwoCuboids")
    graph = space.graph
    wanted = draw_weighted(graph, some_weights(space), 1, Random(3))[0]
    weights = {name: mask.astype(float) for name, mask in graph.sampler.masks(wanted).items()}
    for sample in draw_weighted(graph, weights, 50, Random(4)):
        assert sample.picks == wanted.picks
        assert sample.log_probability == 0.0


def test_tiny_products_do_not_underflow() -> None:
    """A thousand steps of weight 1e-3 have a product far below the smallest float; the chances stay exact."""
    space = shipped("fabric.hc", "Fabric", "scales=3", "layers=1000")
    graph = space.graph
    weights = {decision.name: np.full(decision.shape, 1e-3) for decision in graph.decisions}
    sample = draw_weighted(graph, weights, 1, Random(0))[0]
    architectures = graph.counts().architectures
    assert architectures is not None
    assert math.isclose(sample.log_probability, -math.log(architectures), rel_tol=1e-9)
