"""Decisions that independent parts share: a cell inside and outside of an alternative, a cell in a cuboid's steps."""

from __future__ import annotations

import re

import numpy as np
import pytest
from graph_spaces import all_architectures

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.frontend.points import points_of
from hypercuboid.graph.candidate_costs import candidate_costs
from hypercuboid.graph.selection.result import record
from hypercuboid.pipeline import Space, load_from_text

HEAD = """hypercuboid 1
use std.ops { conv, relu, identity, gap, linear, bn, zero }
block Inner() on x { out x -> choose op { a: relu, b: identity, c: conv(x.c, 3) } }
block Two() on x { out x -> Inner -> choose net { n: relu, m: (conv(x.c) -> choose act { r: relu, i: identity }) } }
"""
STEM = "node stem[c in [4, 8]] = x -> conv(c)\n"
LAST = "out sum c in [4, 8] { h[c] -> conv(2) } -> gap"
ONE = "node stem[c in [4]] = x -> conv(c)\n"

SPACES: dict[str, tuple[str, int]] = {
    # the cell is always met: three outcomes, and whether it stands there again
    "inside and outside": (
        "cell C = Inner() out x -> C -> choose net { plain: identity, again: C } -> gap -> linear(2)",
        3 * 2,
    ),
    # it is met in three of four ways
    "in two alternatives": (
        (
            "cell C = Inner() out x -> choose one { p: identity, q: C }"
            " -> choose two { p: conv(5), q: (C -> conv(5)) } -> gap -> linear(2)"
        ),
        1 + 3 * 3,
    ),
    "choices in the cell": (
        "cell C = Two() out x -> C -> choose net { plain: identity, again: C } -> gap -> linear(2)",
        3 * (1 + 2) * 2,
    ),
    # two states, two steps: 2 * 2 * 2 paths, each with the cell
    "in every step": (
        "cell C = Inner() "
        + STEM
        + "cuboid h from stem { state (a, b) in [4, 8] depth layer in 0..2 out h[a] -> conv(b) -> C } "
        + LAST,
        8 * 3,
    ),
    # three steps of one state: in 8 choices of op the cell is met in all but one
    "in some steps": (
        "cell C = Inner() "
        + ONE
        + "cuboid h from stem { state (a, b) in [4] depth layer in 0..3 choice op in [C, bn]"
        + " out h[a] -> conv(b) -> op } "
        + "out h[4] -> gap",
        1 + 7 * 3,
    ),
    "in steps and behind them": (
        "cell C = Inner() "
        + STEM
        + "cuboid h from stem { state (a, b) in [4, 8] depth layer in 0..1 choice op in [C, bn]"
        + " out h[a] -> conv(b) -> op } "
        + "out sum c in [4, 8] { h[c] -> conv(2) } -> choose z { y: C, n: relu } -> gap",
        4 * (1 + 3 * 3),
    ),
    # C has 9 outcomes, D has 3; two steps of C, D or bn
    "two cells in steps": (
        "cell C = Two() cell D = Inner() "
        + ONE
        + "cuboid h from stem { state (a, b) in [4] depth layer in 0..2 choice op in [C, D, bn]"
        + " out h[a] -> conv(b) -> op } "
        + "out h[4] -> gap",
        1 + 3 * 9 + 3 * 3 + 2 * 9 * 3,
    ),
    "a choice of blocks in steps": (
        "let act = choose { relu, identity, bn } "
        + STEM
        + "cuboid h from stem { state (a, b) in [4, 8] depth layer in 0..1 choice k in [1, 3]"
        + " out h[a] -> conv(b, k) -> act } "
        + "out sum c in [4, 8] { h[c] -> act -> conv(2) } -> gap",
        4 * 2 * 3,
    ),
    # of 3 terms 2 are kept: in one of 4 ways neither meets the cell
    "in terms of a sum top": (
        "cell C = Inner() out sum top 2 j in 0..3 { x -> conv(3) -> choose op { u: conv(3, 3), v: C } } -> gap",
        3 * (1 + 3 * 3),
    ),
    # first and the kept term both without: 1 * 2; else 2 outcomes
    "in a term and before": (
        (
            "let act = choose { relu, identity } let y = x -> choose first { a: act, b: conv(3) }"
            " out sum top 1 j in 0..2 { y -> choose op { a: act, b: conv(3, 3) } } -> gap"
        ),
        2 * (1 + 3 * 2),
    ),
    # z at each step of h, and what g keeps: the cell is not met in one of 4 ways
    "in two cuboids": (
        "cell C = Inner() "
        + STEM
        + "cuboid g from stem { state (a, b) in [4, 8] depth layer in 0..1"
        + " out g[a] -> conv(b) -> choose z { y: C, n: relu } } "
        + "cuboid h from g { state (a, b) in [4, 8] depth layer in 0..1 choice o in [C, bn] out h[a] -> conv(b) -> o } "
        + LAST,
        8 * (1 + 3 * 3),
    ),
}


def space_of(name: str) -> Space:
    return load_from_text(f"{HEAD}space S() on x: image(3, 8, 8) {{\n{SPACES[name][0]}\n}}\n", "S")


def weights_of(space: Space) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(0)
    return {d.name: np.where(d.declared(), generator.random(d.shape), 0.0) for d in space.graph.decisions}


@pytest.mark.parametrize("name", SPACES)
def test_outcomes_and_costs_are_those_of_all_architectures(name: str) -> None:
    space = space_of(name)
    counts = space.counts()
    found = [one.counts() for one in all_architectures(space)]
    assert counts.architectures == len(found) == SPACES[name][1]
    for what in ("params", "macs"):
        every = [getattr(one, what) for one in found]
        assert getattr(counts, f"{what}_range") == (min(every), max(every))
    assert not counts.additive
    assert candidate_costs(space.graph) is None


def _picks_of(text: str) -> str:
    """What an architecture says, its kept terms in order: a selection puts the strongest first."""
    return re.sub(r"\[(.*?)\]$", lambda terms: str(sorted(terms[1].split(", "))), text.partition("{")[2], flags=re.M)


@pytest.mark.parametrize("name", SPACES)
def test_every_architecture_is_found_once_and_written(name: str) -> None:
    space = space_of(name)
    number = SPACES[name][1]
    selected = [_picks_of(one.text) for one in space.select_best(weights_of(space), top=number + 5)]
    graph = space.graph
    numbered = (record(graph.forest.root, graph.numbering.picks(i)).decided for i in range(number))
    texts = {_picks_of(space._decided(made, "N").text) for made in numbered}
    assert len(selected) == len(texts) == number
    assert set(selected) == texts
    best = space.select(weights_of(space))
    assert space.architecture(best.text).graph.hash == best.graph.hash


@pytest.mark.parametrize("name", SPACES)
def test_a_shared_decision_has_no_coordinates_of_steps(name: str) -> None:
    space = space_of(name)
    assert sum(weight.numel() for weight in space.supernet().weights()) == space.counts().params
    axes = {d.name: [axis.name for axis in d.axes] for d in space.graph.decisions}
    for point in points_of(space.elaborated.definition):
        if point.name.startswith(("C.", "D.", "act")):
            assert point.coordinates == ()
            assert axes[point.name] == list(point.axes)


def test_a_score_weighs_a_shared_decision_once_outside_or_wherever_it_is_kept() -> None:
    cell = np.array([0.2, 0.5, 0.3])
    outside = space_of("inside and outside").select_best({"C.out.op": cell, "out.net": np.array([0.4, 0.6])}, top=2)
    assert [one.selection.score for one in outside if one.selection] == pytest.approx([0.5 + 0.6, 0.5 + 0.4])
    inside = space_of("in two alternatives").select(
        {"C.out.op": cell, "out.one": np.array([0.2, 0.8]), "out.two": np.array([0.4, 0.6])}
    )
    assert inside.selection is not None and inside.selection.score == pytest.approx(0.8 * 0.5 + 0.4)
    assert "pick C.out.op = b" in inside.text


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            "cell A = Big() "
            + STEM
            + "cuboid h from stem { state (a, b) in [4, 8] depth layer in 0..2 choice op in [A, bn]"
            + " out h[a] -> conv(b) -> op } "
            + LAST,
            "in over 512 ways together",
        ),
    ],
)
def test_what_would_take_too_many_cases_is_an_error_with_a_way_out(body: str, message: str) -> None:
    big = "block Big() on x { out x -> Two -> Two -> Two -> Two -> Two }\n"
    text = f"{HEAD}{big}space S() on x: image(3, 8, 8) {{\n{body}\n}}\n"
    with pytest.raises(HypercuboidError, match=message) as refused:
        load_from_text(text, "S").counts()
    assert refused.value.diagnostics[0].span is not None
