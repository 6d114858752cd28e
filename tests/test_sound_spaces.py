"""Spaces made by a seed, of every construct: what is counted is what there is when every architecture is made."""

from __future__ import annotations

import pytest
from graph_spaces import all_architectures
from hostile.sound import sound

from hypercuboid.pipeline import load_from_text

FEW = 100
"""Architectures up to which all of them are made."""


def check(first: int, count: int) -> None:
    """Architectures, params and macs of these spaces, counted and one by one."""
    made = 0
    for seed in range(first, first + count):
        space = load_from_text(sound(seed, 2))
        counts = space.counts()
        assert counts.architectures is not None
        if counts.architectures > FEW:
            continue
        made += 1
        found = [one.counts() for one in all_architectures(space)]
        assert len(found) == counts.architectures, seed
        for what, ends in (("params", counts.params_range), ("macs", counts.macs_range)):
            costs = [getattr(one, what) for one in found]
            if ends is None:  # what lives depends on decisions that stand elsewhere: no range is given
                assert not space.graph.model_forest.exact, seed
                continue
            assert ends[0] <= min(costs) and max(costs) <= ends[1], seed
            assert not counts.additive or ends == (min(costs), max(costs)), seed
    assert made > count // 2


def test_counts_of_spaces_by_a_seed() -> None:
    check(0, 12)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(8))
def test_counts_of_many_spaces_by_a_seed(part: int) -> None:
    check(12 + 100 * part, 100)


def test_a_choice_before_a_sum_top_is_picked_like_any_other() -> None:
    """`n[0].way` is read by every term and stands in none."""
    text = """hypercuboid 1
use std.ops { conv, relu, identity, gap, linear }
space S() on x: image(3, 8, 8) {
  node n[0] = x -> choose way { a: conv(4), b: conv(4, 3) }
  node n[i in 1..3] = sum top 1 j in 0..i { n[j] -> choose op in [relu, identity] { op } }
  out n[2] -> gap -> linear(2)
}
arch A of S() {
  pick n[0].way = b
  pick n[1].op = [0: relu]
  pick n[2].op = [1: identity]
}
"""
    whole, made = load_from_text(text, "S"), load_from_text(text, "A")
    assert whole.counts().architectures == 2 * 2 * 4
    assert not made.is_open and made.counts().architectures == 1
    assert whole.architecture(made.text).text == made.text
