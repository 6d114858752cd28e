"""What reads what: dead inputs of blocks are not built, what only some architectures read is a bound."""

from __future__ import annotations

import math
import random

from graph_spaces import all_architectures

from hypercuboid.frontend.reads import lacked_by_fewer, members
from hypercuboid.pipeline import Architecture, load_from_text


def test_bits_that_fewer_lack_are_those_that_a_count_gives() -> None:
    source = random.Random(7)
    for _ in range(300):
        sets = [source.getrandbits(40) & source.getrandbits(40) for _ in range(source.randrange(9))]
        everything = {i for i in range(40) for one in sets if one >> i & 1}
        for limit in range(1, 9):
            counted = {i for i in everything if sum(not one >> i & 1 for one in sets) < limit}
            assert members(lacked_by_fewer(sets, limit)) == counted


def test_tops_in_tops_are_read_in_the_time_of_their_number() -> None:
    """With the sets of every term made anew, 18 nodes took a minute."""
    text = """hypercuboid 1
use std.ops { relu, identity, gap, linear }
space S() on x: image(3, 8, 8) {
  node n[0] = x
  node n[i in 1..40] = sum top 2 j in 0..i { n[j] -> choose op { a: relu, b: identity } }
  out n[39] -> gap -> linear(2)
}
"""
    counts = load_from_text(text).counts()
    assert counts.weights == 2 * 39 * 40 // 2
    kept = [2 * min(2, i) if i == 1 else i * (i - 1) // 2 * 4 for i in range(1, 40)]
    assert counts.architectures == math.prod(kept)


def test_what_a_block_does_not_read_is_not_built() -> None:
    text = """hypercuboid 1
use std.ops { conv, gap, linear }
block First() on x, y { out x -> conv(4) }
space S() on x: image(3, 8, 8) {
  let other = x -> conv(7, 3)
  out (x -> conv(4), other) -> First -> gap -> linear(2)
}
"""
    space = load_from_text(text)
    counts = space.counts()
    assert counts.params == 3 * 4 + 4 * 4 + 4 * 2 + 2
    assert counts.additive and counts.params_range == (counts.params, counts.params)
    assert isinstance(space, Architecture)
    assert "self.other" not in space.source()


def test_what_some_alternative_of_a_block_does_not_read_is_a_bound() -> None:
    text = """hypercuboid 1
use std.ops { conv, gap, linear }
block One() on x, y { out choose { first: x -> conv(4), second: y -> conv(4) } }
space S() on x: image(3, 8, 8) {
  out (x -> conv(4), x -> conv(7, 3)) -> One -> gap -> linear(2)
}
"""
    space = load_from_text(text)
    found = [one.counts().params for one in all_architectures(space)]
    counts = space.counts()
    assert found == [12 + 16 + 10, 3 * 7 * 9 + 28 + 10]
    assert not counts.additive
    assert counts.params_range == (16 + 10, 12 + 3 * 7 * 9 + 28 + 10)
