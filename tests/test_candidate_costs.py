"""Costs by candidate: fixed plus what is kept is what every architecture costs, in params, macs and add_mult."""

from __future__ import annotations

import numpy as np
import pytest
from graph_spaces import SMALL, all_architectures

from hypercuboid.network.kept import kept_masks
from hypercuboid.pipeline import Space

ADDITIVE = [name for name in SMALL if name != "Top"]


def sums(space: Space, architecture: Space) -> tuple[int, ...]:
    costs = space.graph.candidate_costs
    assert costs is not None
    kept = kept_masks(space.graph.decisions, architecture.request.binding[len(space.request.binding) :])
    total = np.array([costs.fixed.params, costs.fixed.macs, costs.fixed.add_mult])
    for name, mask in kept.items():
        total += costs.decisions[name][mask].sum(axis=0)
    return tuple(map(int, total))


@pytest.mark.parametrize("name", ADDITIVE)
def test_an_architecture_costs_what_is_fixed_and_what_it_keeps(name: str) -> None:
    space = SMALL[name]()
    for architecture in all_architectures(space):
        counts = architecture.counts()
        assert sums(space, architecture) == (counts.params, counts.macs, counts.add_mult)


def test_a_space_that_is_not_additive_has_none() -> None:
    assert SMALL["Top"]().graph.candidate_costs is None
