"""Mean and variance of costs over all architectures: exact, held against every architecture one by one."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from graph_spaces import SMALL, all_architectures
from test_shared_decisions import space_of as shared

from hypercuboid.graph.drawn_costs import draw_costs
from hypercuboid.graph.staging import laid_out
from hypercuboid.graph.statistics import COSTS, statistics
from hypercuboid.pipeline import Space, load, load_from_text

ADDITIVE = [name for name in SMALL if name != "Top"]

TWO_OF_THREE = """hypercuboid 1
use std.ops { conv, relu, zero, gap, linear }
space Two() on x: image(2, 4, 4) {
  node n[i in 0..3] = x -> conv(2, 2 * i + 1)
  node y = sum top 2 j in 0..3 {
    choose op in [relu, zero, conv(2, 3), conv(2, 1)] { n[j] -> op }
  }
  out y -> gap -> linear(2)
}
"""


SHARED = ["inside and outside", "choices in the cell", "in some steps", "two cells in steps", "in two cuboids"]


def space_called(name: str) -> Space:
    """Of `graph_spaces`, of the shared decisions, or the one above."""
    if name == "Two":
        return load_from_text(TWO_OF_THREE)
    return SMALL[name]() if name in SMALL else shared(name)


@pytest.mark.parametrize("name", [*ADDITIVE, "Two", *SHARED])
def test_statistics_are_those_of_all_architectures(name: str) -> None:
    space = space_called(name)
    found = space.graph.statistics
    assert found is not None
    all_counts = [architecture.counts() for architecture in all_architectures(space)]
    assert len(all_counts) == space.counts().architectures
    for measure in COSTS:
        values = [getattr(counts, measure) for counts in all_counts]
        mean = Fraction(sum(values), len(values))
        variance = sum((value - mean) ** 2 for value in values) / len(values)
        spread = found[measure]
        assert (spread.least, spread.greatest, spread.mean, spread.variance) == (
            min(values),
            max(values),
            mean,
            variance,
        )


@pytest.mark.parametrize("name", ["States", "Two", "Fabric", "TwoCuboids", "in some steps"])
def test_floating_point_says_the_same(name: str) -> None:
    forest = space_called(name).graph.model_forest
    exact, floating = statistics(forest, exact=True), statistics(forest, exact=False)
    assert exact is not None and floating is not None
    for measure in COSTS:
        assert float(exact[measure].mean) == pytest.approx(floating[measure].mean, rel=1e-12)
        assert float(exact[measure].variance) == pytest.approx(floating[measure].variance, rel=1e-9)


def test_a_space_whose_costs_are_no_sum_has_none() -> None:
    assert SMALL["Top"]().graph.statistics is None


LONG = """hypercuboid 1
use std.ops { conv, gap, linear }
let widths = [2, 3, 4]
space Long(layers: int) on x: image(3, 4, 4) {
  node stem[c in widths] = x -> conv(c, 1)
  cuboid h from stem {
    state (a, b) in widths
    depth layer in 0..layers
    choice k in [1, 3]
    out h[a] -> conv(b, k)
  }
  out sum c in widths { h[c] -> conv(4) } -> gap -> linear(2)
}
"""


def test_more_architectures_than_can_be_written_out() -> None:
    """A layer has one of nine moves and one of two kernels, all alike: means follow by hand."""
    layers = 6000
    space = load_from_text(LONG, layers=layers)
    assert space.counts().architectures is None
    found = space.graph.statistics
    assert found is not None
    in_layers = layers * 3 * 3 * (1 + 9) / 2
    stem = exit = 3
    assert found["params"].mean == pytest.approx(3 * stem + in_layers + 4 * exit + 4 * 2 + 2, rel=1e-9)


@pytest.mark.parametrize("name", ["Uneven", "States", "Kept", "Nested", "SharedCell", "TwoCuboids", "Two", *SHARED])
def test_drawn_costs_are_those_of_uniform_architectures(name: str) -> None:
    """Each cost that occurs is drawn about as often as architectures have it: six deviations are one in 10^9."""
    space = space_called(name)
    graph, count = space.graph, 20_000
    drawn = draw_costs(laid_out(graph.model_forest.settled, graph.decisions, COSTS), count, np.random.default_rng(0))
    every = [tuple(getattr(one.counts(), m) for m in COSTS) for one in all_architectures(space)]
    rows, times = np.unique(drawn.astype(int), axis=0, return_counts=True)
    found = dict(zip(map(tuple, rows.tolist()), times.tolist(), strict=True))
    assert found.keys() <= set(every)
    for costs in set(every):
        share = every.count(costs) / len(every)
        assert abs(found.get(costs, 0) - count * share) <= 6 * (count * share * (1 - share)) ** 0.5 + 6


def test_architectures_too_many_to_be_written_out_are_drawn_too() -> None:
    graph = load_from_text(LONG, layers=6000).graph
    drawn = draw_costs(
        laid_out(graph.model_forest.settled, graph.decisions, ("params",)), 100, np.random.default_rng(0)
    )
    assert graph.statistics is not None
    spread = graph.statistics["params"]
    assert abs(drawn.mean() - spread.mean) <= 6 * spread.deviation / 10


def test_architectures_drawn_as_arrays_are_paths_that_cost_what_is_said() -> None:
    """Each step starts in the state where the one before ended; elaborated again, the costs are those of the arrays."""
    space = load("spaces/multichannelnet.hc", filters=[4, 8], reductions=2, layers=2, head=8, inputs=(3, 8, 8))
    drawn, decision = space.draw(50, seed=1), space.graph.decision("h")
    assert drawn.kept["h"].shape == (50, 4) and (drawn.kept["h"] == space.draw(50, seed=1).kept["h"]).all()
    reduction, layer, source, target, op = np.unravel_index(drawn.kept["h"], decision.shape)
    assert (reduction * 2 + layer == np.arange(4)).all()
    assert (target[:, :-1] == source[:, 1:]).all()
    labels = [axis.labels for axis in decision.axes]
    for row in range(3):
        steps = zip(*(one[row] for one in (reduction, layer, source, target, op)), strict=True)
        texts = [
            f"pick h[reduction = {r}, layer = {n}] = {labels[2][s]} -> {labels[3][t]}: {labels[4][o]}"
            for r, n, s, t, o in steps
        ]
        arguments = "filters = [4, 8], reductions = 2, layers = 2, head = 8"
        found = space.architecture(f"arch A of MultiChannelNet({arguments}) {{\n" + "\n".join(texts) + "\n}").counts()
        assert [found.params, found.macs, found.add_mult, found.activations] == drawn.costs[row].tolist()


def test_decisions_that_are_not_met_are_marked_in_arrays() -> None:
    """Inside of the alternative that is kept there is a number, inside of the others -1."""
    space = load_from_text(
        "hypercuboid 1\nuse std.ops { conv, identity }\n"
        "block Flex() on x { out choose k in [conv(4, 1), conv(4, 3)] { x -> k } }\n"
        "space S() on x: image(4, 8, 8) { out choose op in [Flex, identity] { x -> op } }\n"
    )
    kept = space.draw(200).kept
    inner = next(name for name in kept if name.endswith("k"))
    outer = next(name for name in kept if name != inner)
    assert set(kept[outer].ravel().tolist()) == {0, 1}
    assert ((kept[inner] == -1) == (kept[outer] == 1)).all()
