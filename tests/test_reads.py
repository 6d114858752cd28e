"""What reads what: dead inputs of blocks are not built, what only some architectures read is a bound."""

from __future__ import annotations

from graph_spaces import all_architectures

from hypercuboid.pipeline import Architecture, load_from_text


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
