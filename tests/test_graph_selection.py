"""Exact selection: all architectures in order of their scores, the released weights, ties, and `arch` text."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from graph_spaces import SMALL, all_architectures, shipped, some_weights

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.frontend.elaborated import Decided, KeptPath
from hypercuboid.graph.decision import Decision
from hypercuboid.graph.selection import Selection, select
from hypercuboid.graph.selection.arch_text import pick_lines
from hypercuboid.graph.weights import read_weights
from hypercuboid.pipeline import Architecture, Space

RAW = json.loads((Path(__file__).parent / "golden" / "multichannel_raw_weights.json").read_text(encoding="utf-8"))


def kept_of(space: Space) -> dict[tuple[str, tuple[object, ...]], tuple[object, ...]]:
    """What each architecture keeps, by name and coordinates; what `sum top` leaves out is not there."""
    decided: tuple[Decided, ...] = space.elaborated.decided
    return {(one.name, key): kept for one in decided for key, kept in one.kept.items() if kept}


def weight(decision: Decision, weights: dict[str, np.ndarray], key: tuple[object, ...], kept: object) -> float:
    own = (kept.source, kept.target, *kept.label) if isinstance(kept, KeptPath) else kept
    index = tuple(a.position(label) for a, label in zip(decision.axes, (*key, *own), strict=True))  # type: ignore[misc]
    return float(weights[decision.name][index])


def flat_score(space: Space, weights: dict[str, np.ndarray], architecture: Space) -> float:
    """The sum of the kept weights, right where no decision stands inside another."""
    named = {decision.name: decision for decision in space.graph.decisions}
    kept = kept_of(architecture)
    return sum(
        weight(named[n], weights, key, k[0]) for (n, key), k in kept.items() if n in named and is_open(named[n], key)
    )


def selections(found: list[Architecture]) -> list[Selection]:
    return [one.selection for one in found if one.selection is not None]


def is_open(decision: Decision, key: tuple[object, ...]) -> bool:
    return all(label in axis.labels for axis, label in zip(decision.axes, key, strict=False))


@pytest.mark.parametrize("name", ["Top", "States", "TwoAxes", "HalfDecided", "SharedCell", "TwoCuboids", "Fabric"])
def test_all_architectures_come_out_in_the_order_of_their_scores(name: str) -> None:
    space = SMALL[name]()
    weights = some_weights(space)
    scores = sorted((flat_score(space, weights, one) for one in all_architectures(space)), reverse=True)
    found = space.select_best(weights, "max-score", len(scores) + 3)
    made = selections(found)
    assert [one.score for one in made] == pytest.approx(scores, abs=1e-12)
    assert len({json.dumps(one.picks) for one in made}) == len(scores)
    assert [flat_score(space, weights, one) for one in found] == pytest.approx(scores, abs=1e-12)
    assert made[0].second == pytest.approx(scores[1], abs=1e-12)
    assert made[-1].second is None


def test_a_decision_scores_its_weight_times_the_mean_score_inside() -> None:
    space = SMALL["Uneven"]()
    weights = some_weights(space)
    net, act, norm = (weights[d.name] for d in space.graph.decisions)
    shallow, deep = net
    expected = [shallow] + [deep * (a + b) / 2 for a in act for b in norm]
    found = space.select_best(weights, "max-score", 9)
    assert [one.score for one in selections(found)] == pytest.approx(sorted(expected)[::-1], abs=1e-12)


def test_decisions_inside_a_step_of_a_cuboid_count_into_its_score() -> None:
    space = SMALL["Nested"]()
    weights = some_weights(space)
    outer, inner = space.graph.decisions

    def score(architecture: Space) -> float:
        kept = kept_of(architecture)
        total = 0.0
        for step in range(2):
            (move,) = kept["h", (step,)]
            assert isinstance(move, KeptPath)
            place = (step, move.source, move.target)
            (label,) = kept.get(("h.Flex.mid", place), (None,))
            factor = weight(inner, weights, place, label) if label else 1.0
            total += weight(outer, weights, (step,), move) * factor
        return total

    expected = sorted(map(score, all_architectures(space)), reverse=True)
    found = space.select_best(weights, "max-score", len(expected))
    assert [one.score for one in selections(found)] == pytest.approx(expected, abs=1e-12)
    assert [score(one) for one in found] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("name", SMALL)
def test_the_text_of_an_architecture_decides_the_same(name: str) -> None:
    space = SMALL[name]()
    found = space.select(some_weights(space))
    again = space.architecture(found.text)
    assert again.graph.hash == found.graph.hash
    assert again.text == found.text
    assert kept_of(again) == kept_of(found)


def file_of(which: str, tmp_path: Path, permuted: bool = False) -> Path:
    raw = RAW[which]
    filters = raw["channels"]
    values = np.array([[raw["normal_stride1"][i], raw["reduce_stride2"][i]] for i in range(4)])
    axes = {
        "reduction": [0, 1, 2, 3],
        "layer": [0, 1],
        "c_in": filters,
        "c_out": filters,
        "op": ["SharpSepConv", "ResizablePool"],
    }
    if permuted:
        order = [4, 2, 0, 3, 1]
        turns = {"op": [1, 0], "c_in": [2, 0, 3, 1], "reduction": [3, 1, 0, 2], "c_out": [1, 3, 2, 0], "layer": [1, 0]}
        values = values.transpose(order)[np.ix_(*turns.values())]
        axes = {name: [axes[name][i] for i in turn] for name, turn in turns.items()}
    data = {"space": "MultiChannelNet", "decisions": {"h": {"axes": axes, "values": values.tolist()}}}
    path = tmp_path / "weights.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


@pytest.mark.parametrize("permuted", [False, True])
def test_the_released_scalar_weights_give_the_published_path(permuted: bool, tmp_path: Path) -> None:
    space = shipped("multichannelnet.hc", "MultiChannelNet", "reductions=4", "layers=2")
    read = read_weights(space.graph, file_of("MULTI_CHANNEL_SCALAR", tmp_path, permuted))
    assert read.warnings == ()
    architecture = space.select(read.values)
    assert architecture.graph.hash == shipped("multichannelnet.hc", "ScalarPath").graph.hash
    found = architecture.selection
    assert found is not None
    assert found.score == pytest.approx(1.2040083744, abs=5e-11)
    assert found.second == pytest.approx(1.2016184330, abs=5e-11)
    assert found.margin == pytest.approx((1.2040083744 - 1.2016184330) / 1.2040083744, abs=1e-10)


def test_the_released_max_w_search_hardly_decided(tmp_path: Path) -> None:
    space = shipped("multichannelnet.hc", "MultiChannelNet", "reductions=4", "layers=2")
    architecture = space.select(read_weights(space.graph, file_of("MULTI_CHANNEL_MAX_W", tmp_path)).values)
    assert architecture.graph.hash == shipped("multichannelnet.hc", "MaxWPath").graph.hash
    found = architecture.selection
    assert found is not None and found.margin is not None
    assert f"{found.margin:.1e}" == "6.4e-05"
    assert f"{min(found.entropy.values()):.4f}" == "0.9986"
    margin, entropy = found.doubts
    assert margin == "margin 6.41e-05 is below 0.00125, 0.01 over 8 kept decisions"
    assert entropy.startswith("entropy is above 0.99 of uniform in 8 of 8 groups that it keeps from")


def test_ties_go_to_the_lower_source_then_the_first_primitive() -> None:
    space = SMALL["TwoCuboids"]()
    weights = {d.name: np.full(d.shape, 1 / 8) for d in space.graph.decisions}
    found = space.select(weights).selection
    assert found is not None
    assert list(found.picks.values()) == [["8 -> 8: SharpSepConv"]] * 3
    assert list(found.entropy.values()) == pytest.approx([1.0] * 3, abs=1e-12)
    top = SMALL["Top"]()
    equal = {d.name: np.full(d.shape, 1 / 4) for d in top.graph.decisions}
    kept = top.select(equal).selection
    assert kept is not None
    assert kept.picks == {"C.n[2]": ["0: identity", "1: identity"], "C.n[3]": ["0: identity", "1: identity"]}


def test_entropy_is_zero_where_all_weight_is_on_one() -> None:
    space = SMALL["TwoAxes"]()
    weights = {"h": np.zeros(space.graph.decisions[0].shape)}
    weights["h"][:, 0, 0, 0, 0] = 1.0
    found = space.select(weights).selection
    assert found is not None
    assert list(found.entropy.values()) == [0.0, 0.0]
    assert (found.score, list(found.picks)) == (2.0, ["h[layer = 0]", "h[layer = 1]"])


def test_a_thousand_steps_take_no_recursion() -> None:
    space = shipped("multichannelnet.hc", "MultiChannelNet", "filters=[8,16]", "reductions=1", "layers=1500")
    shape = space.graph.decisions[0].shape
    weights = {"h": np.random.default_rng(1).random(shape)}
    best, second = select(space.graph, weights, top=2)
    reached = np.zeros(2)
    for step in weights["h"].reshape(1500, 2, 2, 2):
        reached = (reached[:, None] + step.max(axis=2)).max(axis=0)
    assert best.score == pytest.approx(reached.max(), rel=1e-12)
    assert best.second == second.score


@pytest.mark.parametrize(
    ("weights", "rule", "code"),
    [
        ({}, "max-score", "HC7010"),
        ({"h": np.ones((2, 2, 2, 2))}, "max-score", "HC7011"),
        ({"h": -np.ones((2, 2, 2, 2, 2))}, "max-score", "HC7013"),
        ({"h": np.ones((2, 2, 2, 2, 2))}, "best", "HC7016"),
    ],
)
def test_weights_that_do_not_fit_are_refused(weights: dict[str, np.ndarray], rule: str, code: str) -> None:
    with pytest.raises(HypercuboidError, match=code):
        SMALL["TwoAxes"]().select(weights, rule)


def test_kept_paths_side_by_side_are_printed_as_keep() -> None:
    from graph_spaces import program

    space = program("hard.hc", "TwoPaths")
    assert "keep h[layer = 1] = [16 -> 16: (3, 2), 16 -> 8: (5, 1)]" in space.text
    assert pick_lines((), ()) == []
