"""Counts and ranges: the published numbers, closed forms, and every architecture elaborated one by one."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from graph_spaces import SMALL, all_architectures, program, shipped

from hypercuboid.pipeline import Space, load_from_text

SPACES = Path(__file__).parent.parent / "spaces"
EXPECTED = json.loads((Path(__file__).parent / "golden" / "expected.json").read_text(encoding="utf-8"))


def of(key: str) -> Space:
    target, *parameters = key.split(" -p ")
    file, name = target.split(":", 1)
    load = shipped if (SPACES / file).exists() else program
    return load(file, name, *parameters)


@pytest.mark.parametrize("key", [key for key in EXPECTED if key != "note"])
def test_counts_are_the_expected_ones(key: str) -> None:
    counts = of(key).counts()
    assert {name: getattr(counts, name) for name in EXPECTED[key]} == EXPECTED[key]


@pytest.mark.parametrize("name", SMALL)
def test_counts_and_ranges_equal_those_of_all_architectures(name: str) -> None:
    space = SMALL[name]()
    counts = space.counts()
    found = [architecture.counts() for architecture in all_architectures(space)]
    assert counts.architectures == len(found)
    assert counts.architectures_log10 == pytest.approx(math.log10(len(found)), abs=1e-12)
    params, macs = [one.params or 0 for one in found], [one.macs or 0 for one in found]
    assert counts.params_range is not None and counts.macs_range is not None
    if counts.additive:
        assert counts.params_range == (min(params), max(params))
        assert counts.macs_range == (min(macs), max(macs))
    else:
        assert counts.params_range[0] <= min(params) and max(params) <= counts.params_range[1]
        assert counts.macs_range[0] <= min(macs) and max(macs) <= counts.macs_range[1]


def test_only_a_node_that_a_decision_may_leave_unread_makes_a_space_not_additive() -> None:
    assert [name for name, load in SMALL.items() if not load().counts().additive] == ["Top"]


def test_top_counts_subsets_without_zero() -> None:
    # both nodes of the shared cell: 3 ** 2 ways for two terms, and three pairs of three terms
    assert SMALL["Top"]().counts().architectures == 9 * 3 * 9


def test_costs_of_unknown_shapes_are_none() -> None:
    counts = shipped("sharpsepconv.hc", "AnyBlock(c = 64)").counts()
    assert (counts.params, counts.macs, counts.add_mult, counts.params_range, counts.macs_range) == (None,) * 5


def test_the_tuple_follows_the_declared_order() -> None:
    text = """hypercuboid 1
use std.ops { conv }
space S() on x: image(3, 8, 8) {
  node stem[c in [2, 4]] = x -> conv(c)
  cuboid h from stem {
    depth layer in 0..5
    choice k in [1, 3, 5]
    state (a, b) in [2, 4]
    out h[a] -> conv(b, k)
  }
  out sum c in [2, 4] { h[c] -> conv(2) }
}
"""
    counts = load_from_text(text).counts()
    assert counts.tuple == "(5 x 3 x (2 x 2))"
    assert (counts.weights, counts.groups, counts.architectures) == (60, 5, 2 * 6**5)


def test_a_large_cuboid_is_counted_without_walking_it() -> None:
    filters = str([8 * i for i in range(1, 21)]).replace(" ", "")
    space = shipped("multichannelnet.hc", "MultiChannelNet", f"filters={filters}", "reductions=1", "layers=1250")
    counts = space.counts()
    assert counts.weights == 1_000_000
    assert counts.architectures == 20 * 40**1250
    assert counts.architectures_log10 == pytest.approx(math.log10(20) + 1250 * math.log10(40), rel=1e-12)


def test_the_number_of_architectures_is_given_up_to_ten_to_the_four_thousandth() -> None:
    counts = shipped("multichannelnet.hc", "MultiChannelNet", "reductions=1", "layers=5000").counts()
    assert counts.architectures is None
    assert counts.architectures_log10 == pytest.approx(math.log10(4) + 5000 * math.log10(8), rel=1e-12)
