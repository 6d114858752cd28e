"""Several paths through a cuboid: the best union of at most k of them against all unions."""

from __future__ import annotations

import itertools
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from graph_spaces import SMALL, some_weights
from hostile.joined import joined

from hypercuboid.cli.main import main
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.frontend.elaborated import KeptPath
from hypercuboid.graph.forest import Path as CuboidPath
from hypercuboid.graph.selection.asked import Asked, Bounded
from hypercuboid.graph.selection.flow import path_flow
from hypercuboid.graph.selection.max_score import kept_weight, max_score
from hypercuboid.graph.selection.several import decided, several_paths
from hypercuboid.pipeline import Space, load_from_text


@cache
def made(name: str) -> tuple[Space, dict[str, np.ndarray]]:
    space = SMALL[name]()
    return space, some_weights(space)


def unions(space: Space, paths: int) -> list[dict[Any, list[Any]]]:
    """What at most that many architectures keep together, each once."""
    graph = space.graph
    every = [graph.numbering.picks(number) for number in range(graph.numbering.count)]
    found = {}
    for some in itertools.combinations_with_replacement(every, paths):
        union = {address: list(dict.fromkeys(picks[address] for picks in some)) for address in every[0]}
        found[frozenset((address, kept) for address, all_kept in union.items() for kept in all_kept)] = union
    return list(found.values())


def score(space: Space, weights: dict[str, np.ndarray], union: dict[Any, list[Any]]) -> float:
    decisions = {one.name: one for one in space.graph.decisions}
    return sum(kept_weight(decisions, weights, address, kept) for address, some in union.items() for kept in some)


@pytest.mark.parametrize(
    ("name", "paths"), [("Fabric", 1), ("Fabric", 2), ("Fabric", 3), ("HalfDecided", 2), ("Kept", 2)]
)
def test_the_best_union_is_that_of_all(name: str, paths: int) -> None:
    space, weights = made(name)
    found, kept = several_paths(space.graph, weights, paths, Bounded())
    assert found == pytest.approx(max(score(space, weights, one) for one in unions(space, paths)), abs=1e-9)
    assert score(space, weights, kept) == pytest.approx(found, abs=1e-9)


@pytest.mark.parametrize("name", ["Fabric", "HalfDecided"])
def test_budgets_count_what_several_paths_share_once(name: str) -> None:
    """Costs are those of the network elaborated with all of it kept."""
    space, weights = made(name)
    every = []
    for union in unions(space, 2):
        counts = space._decided(decided(space.graph, union), "Both").counts()
        assert counts.macs is not None
        every.append((counts.macs, score(space, weights, union)))
    for most in sorted({macs for macs, _ in every})[::3]:
        found, kept = several_paths(space.graph, weights, 2, Bounded({"macs": most}))
        assert found == pytest.approx(max(score for macs, score in every if macs <= most), abs=1e-9)
        counted = space._decided(decided(space.graph, kept), "Found").counts().macs
        assert counted is not None and counted <= most
    least = min(macs for macs, _ in every)
    with pytest.raises(HypercuboidError, match="HC7205") as caught:
        several_paths(space.graph, weights, 2, Bounded({"macs": least - 1}))
    assert caught.value.diagnostics[0].notes == (f"the smallest feasible budget of macs is {least}",)


def test_the_text_keeps_several() -> None:
    space, weights = made("Fabric")
    whole, both = space.keep_paths(weights, 2)
    _, kept = several_paths(space.graph, weights, 2, Bounded())
    found = space._decided(decided(space.graph, kept), "Both")
    assert "keep " in found.text
    assert whole == pytest.approx(several_paths(space.graph, weights, 2, Bounded())[0])
    assert both.text.partition("{")[2] == found.text.partition("{")[2]
    assert space.architecture(found.text).graph.hash == found.graph.hash


def the_path(space: Space) -> CuboidPath:
    return next(point for point in space.graph.forest.outcomes.points if isinstance(point, CuboidPath))


@pytest.mark.parametrize("name", ["Fabric", "TwoCuboids", "TwoAxes"])
def test_a_flow_without_capacities_takes_a_best_path_with_all_units(name: str) -> None:
    space, weights = made(name)
    flow = path_flow(space.graph, the_path(space), weights, 3)
    ((best, picks),) = max_score(space.graph, weights, Asked(1))
    assert flow == {(address, kept): 3 for address, kept in picks.items() if isinstance(kept, KeptPath)}
    decisions = {one.name: one for one in space.graph.decisions}
    total = sum(units * kept_weight(decisions, weights, *key) for key, units in flow.items())
    assert total == pytest.approx(3 * best, abs=1e-9)


def test_with_capacity_one_no_candidate_is_taken_twice() -> None:
    """Against all pairs of paths without a common candidate."""
    space, weights = made("Kept")
    graph = space.graph
    every = [graph.numbering.picks(number) for number in range(graph.numbering.count)]
    pairs = [(a, b) for a, b in itertools.combinations(every, 2) if not set(a.items()) & set(b.items())]
    decisions = {one.name: one for one in graph.decisions}
    best = max(sum(kept_weight(decisions, weights, *item) for one in pair for item in one.items()) for pair in pairs)
    flow = path_flow(graph, the_path(space), weights, 2, capacity=1)
    assert flow is not None and set(flow.values()) == {1}
    assert sum(kept_weight(decisions, weights, *key) for key in flow) == pytest.approx(best, abs=1e-9)
    assert path_flow(graph, the_path(space), weights, 1000, capacity=1) is None


@pytest.mark.parametrize("name", ["Fabric", "TwoCuboids", "TwoAxes", "Kept", "HalfDecided"])
def test_one_path_as_a_flow_is_that_of_the_integer_program(name: str) -> None:
    space, weights = made(name)
    found, one = space.flow_paths(weights, 1)
    best, other = space.keep_paths(weights, 1)
    flow_alone = dict.fromkeys(found.flow, 1)
    assert found.flow == flow_alone
    assert one.graph.hash == other.graph.hash == space.select(weights).graph.hash
    if name != "HalfDecided":
        assert found.score == pytest.approx(best, abs=1e-9)


@pytest.mark.parametrize("name", ["Fabric", "TwoCuboids", "TwoAxes"])
def test_without_a_capacity_all_paths_are_the_best_one(name: str) -> None:
    space, weights = made(name)
    found, several = space.flow_paths(weights, 3)
    assert found.score == pytest.approx(3 * space.flow_paths(weights, 1)[0].score, abs=1e-9)
    assert several.graph.hash == space.select(weights).graph.hash


@pytest.mark.parametrize(("name", "paths"), [("Fabric", 2), ("TwoAxes", 2), ("TwoAxes", 3), ("TwoCuboids", 3)])
def test_paths_without_a_common_candidate_are_a_union_that_the_integer_program_may_take(name: str, paths: int) -> None:
    """Where that takes the same number of candidates, both are equal; else it scores more, for weights above 0."""
    space, weights = made(name)
    weights = {name: np.abs(one) + 0.1 for name, one in weights.items()}
    found, several = space.flow_paths(weights, paths, 1)
    best, union = space.keep_paths(weights, paths)
    assert set(found.flow.values()) == {1}
    assert not several.is_open
    assert found.score <= best + 1e-9
    kept = several_paths(space.graph, weights, paths, Bounded())[1]
    if sum(map(len, kept.values())) == len(found.flow):
        assert found.score == pytest.approx(best, abs=1e-9)
        assert union.graph.hash == several.graph.hash


def test_paths_that_do_not_fit_are_refused_with_how_many_do() -> None:
    space, weights = made("Kept")
    with pytest.raises(HypercuboidError, match="HC7205") as caught:
        space.flow_paths(weights, 1000, 1)
    (note,) = caught.value.diagnostics[0].notes
    most = int(note.rpartition(" ")[2])
    assert note == f"the most that fit are {most}" and most > 0
    assert space.flow_paths(weights, most, 1)
    with pytest.raises(HypercuboidError, match="HC7205"):
        space.flow_paths(weights, most + 1, 1)


def test_what_a_flow_does_not_see_is_refused() -> None:
    for name, why in (("Top", "has no cuboid"), ("States", "more is decided")):
        space, weights = made(name)
        with pytest.raises(HypercuboidError, match=why):
            space.flow_paths(weights, 2)


def test_other_choices_beside_a_flow_are_the_best() -> None:
    space = load_from_text(DROPPED)
    weights = {one.name: np.random.default_rng(3).random(one.shape) for one in space.graph.decisions}
    _, several = space.flow_paths(weights, 2, 1)
    (best,) = (one.elaborated.decided for one in [space.select(weights)])
    mine = {one.name: one.kept for one in several.elaborated.decided}
    assert {name: mine[name] for name in mine if name != "h"} == {one.name: one.kept for one in best if one.name != "h"}
    assert max(map(len, mine["h"].values())) == 2


def test_the_command_prints_how_many_paths_take_what(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, weights = tmp_path / "s.hc", tmp_path / "w.json"
    source.write_text(
        "hypercuboid 1\nuse std.ops { conv, gap, linear }\nspace S() on x: image(1, 8, 8) {\n"
        "  node stem[c in [4, 8]] = x -> conv(c)\n  cuboid h from stem {\n    state (a, b) in [4, 8]\n"
        "    depth layer in 0..1\n    out h[a] -> conv(b)\n  }\n"
        "  out sum c in [4, 8] { h[c] -> conv(2) } -> gap -> linear(10)\n}\n"
    )
    axes = {"layer": [0], "a": [4, 8], "b": [4, 8]}
    held = {"axes": axes, "values": [[[0.4, 0.3], [0.2, 0.1]]]}
    weights.write_text(json.dumps({"space": "S", "decisions": {"h": held}}))
    command = ["select", f"{source}:S", "--weights", str(weights), "--paths", "2", "--flow"]
    for capacity, score, flow in (
        ("0", "0.8", ["# 2 through h[layer = 0] = 4 -> 4"]),
        ("1", "0.7", ["# 1 through h[layer = 0] = 4 -> 4", "# 1 through h[layer = 0] = 4 -> 8"]),
    ):
        with pytest.raises(SystemExit) as ended:
            main([*command, capacity])
        lines = capsys.readouterr().out.splitlines()
        assert ended.value.code == 0
        assert lines[: len(flow) + 1] == [f"# score {score}, the sum over all paths", *flow]
    with pytest.raises(SystemExit):
        main([*command, "1", "--json"])
    said = json.loads(capsys.readouterr().out)
    assert said["flow"][0] == {"site": "h[layer = 0]", "kept": "4 -> 4", "paths": 1}
    with pytest.raises(SystemExit):
        main([*command, "1", "--budget", "macs=1"])
    assert "HC7207" in capsys.readouterr().err


DROPPED = """hypercuboid 1
use std.ops { conv, relu, gap, linear }
block More() on x {
  out sum top 1 k in 0..2 { x -> conv(4, 1 + 2 * k) -> choose more in [relu, conv(4)] { more } }
}
space S() on x: image(4, 4, 4) {
  node s[i in 0..2] = x -> conv(4)
  cuboid h from s { state (a, b) in 0..2 depth d in 0..2 out h[a] -> conv(4) }
  node n[0] = x -> conv(4)
  node n[1] = x -> relu
  node n[2] = sum top 1 j in 0..2 { n[j] -> choose op in [relu, conv(4)] { op } }
  let y = n[2] -> choose further { stop: relu, go: More }
  out sum(sum i in 0..2 { h[i] }, y) -> gap -> linear(2)
}
"""


@pytest.mark.parametrize("go", [-1.0, 1.0])
@pytest.mark.parametrize("paths", [1, 3])
def test_a_term_that_is_dropped_is_decided(paths: int, go: float) -> None:
    """Nothing is left open, and of a `sum top` that is not there nothing is said."""
    space = load_from_text(DROPPED)
    weights = {one.name: np.zeros(one.shape) for one in space.graph.decisions}
    weights["n[2].op"][0, 1] = 1.0
    weights["y.go.out.more"][1, 0] = 1.0
    weights["y.further"][1] = go
    _, found = space.keep_paths(weights, paths)
    assert not found.is_open
    picked = {one.name: one.kept for one in found.elaborated.decided}
    assert picked["n[2].op"] == {(0,): (("conv",),), (1,): ()}
    assert picked.get("y.go.out.more") == ({(0,): (), (1,): (("relu",),)} if go > 0 else None)
    assert space.architecture(found.text).graph.hash == found.graph.hash


def test_what_several_paths_keep_leaves_nothing_open() -> None:
    """Cuboids in a row and beside each other, and a `sum top` over what they give."""
    for seed in range(70, 90):
        space = load_from_text(joined(seed))
        weights = {one.name: np.random.default_rng(seed).normal(size=one.shape) for one in space.graph.decisions}
        for paths in (2, 3):
            _, found = space.keep_paths(weights, paths)
            assert not found.is_open, (seed, paths)
            assert found.graph.counts().architectures == 1


STEMS = """hypercuboid 1
use std.ops { conv, gap, linear }
block Kernel(c: int) on x {
  out x -> choose k in [1, 3] { conv(c, k) }
}
space Stems() on x: image(3, 8, 8) {
  cell C = Kernel()
  node stem[c in [2, 4]] = x -> C(c)
  cuboid h from stem {
    state (a, b) in [2, 4]
    depth layer in 0..2
    out h[a] -> conv(b)
  }
  out sum c in [2, 4] { h[c] -> conv(4) } -> gap -> linear(2)
}
"""


def test_a_cell_in_parts_of_which_a_path_takes_one_is_not_counted_twice() -> None:
    space = load_from_text(STEMS)
    weights = some_weights(space)
    score, found = space.keep_paths(weights, 1)
    best = space.select(weights)
    assert best.selection is not None
    assert score == pytest.approx(best.selection.score)
    assert found.graph.hash == best.graph.hash
    with pytest.raises(HypercuboidError, match="HC7209"):
        space.keep_paths(weights, 2)
