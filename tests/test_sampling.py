"""Uniform sampling: numbers are a bijection to all architectures, and a seed draws numbers."""

from __future__ import annotations

from random import Random

import pytest
from graph_spaces import SMALL, all_architectures, program, shipped

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.frontend.elaborated import Decided
from hypercuboid.graph.selection.uniform import architecture, draw
from hypercuboid.pipeline import load_from_text

SHARED = """hypercuboid 1
use std.ops { conv, relu, silu, identity, gap, linear }
block Act(c: int) on x {
  out x -> conv(c, 1) -> choose act { relu: relu, silu: silu, none: identity }
}
space Shared() on x: image(3, 8, 8) {
  cell A = Act()
  node h[0] = x -> A(4)
  node h[i in 1..3] = h[i - 1] -> A(4)
  out h[2] -> Act(4) -> gap -> linear(2)
}
"""


class Numbers(Random):
    """A generator that counts: whatever the range, 0, 1, 2, ..., and what ranges were asked for."""

    def __init__(self) -> None:
        super().__init__(0)
        self.asked: list[int] = []

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        self.asked.append(start)
        return len(self.asked) - 1


def outcome(decided: tuple[Decided, ...]) -> frozenset[object]:
    """What is kept at each coordinate of each decision."""
    return frozenset((one.name, place, kept) for one in decided for place, kept in one.kept.items())


@pytest.mark.parametrize("name", [*SMALL, "Shared"])
def test_each_number_is_one_architecture_and_all_appear(name: str) -> None:
    """One uniform number per architecture, and a bijection: so each is drawn with probability 1 / count."""
    space = load_from_text(SHARED) if name == "Shared" else SMALL[name]()
    every = [outcome(one.request.binding) for one in all_architectures(space)]
    generator = Numbers()
    drawn = draw(space.graph, len(every), generator)
    assert generator.asked == [len(every)] * len(every)
    found = {outcome((*space.request.binding, *decided)) for decided in drawn}
    assert len(found) == len(every)
    assert found == set(every)


def test_a_seed_draws_the_same_architectures_one_by_one() -> None:
    space = SMALL["Nested"]()
    first = [one.text for one in space.sample(20, seed=4)]
    assert first == [one.text for one in space.sample(20, seed=4)]
    assert first[:5] == [one.text for one in space.sample(5, seed=4)]
    assert first != [one.text for one in space.sample(20, seed=5)]
    assert len(set(first)) > 10
    assert all(text.startswith(f"arch NestedSample{i} of Nested(") for i, text in enumerate(first))


def test_large_spaces_are_numbered_to_the_last() -> None:
    space = shipped("multichannelnet.hc", "MultiChannelNet", "filters=[8,16,32,64]", "reductions=1", "layers=1200")
    count = space.counts().architectures
    assert count == 4 * 8**1200 == space.graph.numbering.count
    first, last = (architecture(space.graph, number) for number in (0, count - 1))
    (steps,) = [one.kept for one in first]
    assert {str(kept[0]) for kept in steps.values()} == {str(steps[0, 0][0])}
    (steps,) = [one.kept for one in last]
    assert len({str(kept[0]) for kept in steps.values()}) == 1
    assert first != last


def test_what_is_decided_stays_decided() -> None:
    half = program("hard.hc", "HalfDecided")
    texts = [one.text for one in half.sample(6)]
    assert all("pick h[layer = 0] = 8 -> 16: (3, 1)\n" in text for text in texts)
    assert all(text.count("pick h[layer = 1] = 16 -> ") == 1 for text in texts)


def test_more_than_can_be_numbered_are_refused() -> None:
    giant = shipped("multichannelnet.hc", "MultiChannelNet", "reductions=1", "layers=5000")
    with pytest.raises(HypercuboidError) as caught:
        giant.sample(1)
    (one,) = caught.value.diagnostics
    assert one.code == "HC4001"
    assert one.message == "`MultiChannelNet` has about 10^4516 architectures, too many to draw from"
    assert one.notes == ("architectures are drawn from at most 10^4000",)


def test_there_is_nothing_to_draw_from() -> None:
    text = """hypercuboid 1
use std.ops { conv, gap }
space Nowhere() on x: image(3, 8, 8) {
  node stem[c in [2, 4]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [2, 4]
    depth layer in 0..2
    choice k in [1, 3] where a != b and b == 2
    out h[a] -> conv(b, k)
  }
  out h[2] -> gap
}
"""
    with pytest.raises(HypercuboidError) as caught:
        load_from_text(text).sample(1)
    assert caught.value.diagnostics[0].code == "HC5004"


def test_picks_that_do_not_decide_all_have_no_number() -> None:
    numbering = SMALL["Nested"]().graph.numbering
    picks = numbering.picks(3)
    for address in picks:
        with pytest.raises(KeyError):
            numbering.number({place: kept for place, kept in picks.items() if place != address})
