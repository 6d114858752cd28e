"""Costs by candidate: fixed plus what is kept is what every architecture costs, in params, macs and add_mult."""

from __future__ import annotations

import pytest
from graph_spaces import SMALL, all_architectures, sum_of_candidates

ADDITIVE = [name for name in SMALL if name != "Top"]


@pytest.mark.parametrize("name", ADDITIVE)
def test_an_architecture_costs_what_is_fixed_and_what_it_keeps(name: str) -> None:
    space = SMALL[name]()
    for architecture in all_architectures(space):
        counts = architecture.counts()
        assert sum_of_candidates(space, architecture) == (counts.params, counts.macs, counts.add_mult)


def test_a_space_that_is_not_additive_has_none() -> None:
    assert SMALL["Top"]().graph.candidate_costs is None
