"""Costs by candidate: fixed plus what is kept is what every architecture costs, in every measure."""

from __future__ import annotations

import pytest
from graph_spaces import SMALL, all_architectures, costs_of, sum_of_candidates

from hypercuboid.pipeline import load_from_text

ADDITIVE = [name for name in SMALL if name != "Top"]


@pytest.mark.parametrize("name", ADDITIVE)
def test_an_architecture_costs_what_is_fixed_and_what_it_keeps(name: str) -> None:
    space = SMALL[name]()
    for architecture in all_architectures(space):
        assert sum_of_candidates(space, architecture) == costs_of(architecture)


def test_a_space_that_is_not_additive_has_none() -> None:
    assert SMALL["Top"]().graph.candidate_costs is None


SHARED = """hypercuboid 1
use std.ops { linear, relu, tanh, identity }
space Sure() on x: vector(6) {
  share w = linear(6)
  out x -> w -> choose a { again: (relu -> w), other: (tanh -> linear(6)), none: identity } -> w
}
space Alone() on x: vector(6) {
  share w = linear(6)
  out x -> choose a { twice: (w -> relu -> w), other: (tanh -> linear(6)), none: identity } -> relu
}
space Either() on x: vector(6) {
  share w = linear(6)
  out x -> choose a { one: w, none: identity } -> relu -> choose b { two: w, none: identity }
}
"""


@pytest.mark.parametrize(("name", "additive"), [("Sure", True), ("Alone", True), ("Either", False)])
def test_shared_weights_are_paid_once_or_are_no_sum(name: str, additive: bool) -> None:
    space = load_from_text(SHARED, name)
    assert (space.graph.candidate_costs is not None) == additive
    for architecture in all_architectures(space) if additive else ():
        assert sum_of_candidates(space, architecture) == costs_of(architecture)
