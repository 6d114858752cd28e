"""Cuboids that branch and join, and what reads states of several of them: every architecture is made one by one."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from graph_spaces import every_outcome
from hostile.joined import joined

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.graph.counts import Counts, follows
from hypercuboid.graph.selection.result import record
from hypercuboid.pipeline import Space, load_from_text

HEAD = """hypercuboid 1
use std.ops { conv, relu, identity, gap, linear, zero }
block Inner() on x { out x -> choose op { a: relu, b: identity, c: conv(x.c, 3) } }
block Either() on y, z { out sum(y, z) -> choose op { a: conv(4), b: conv(4, 3) } }
block Needs() on y, z { out sum((y -> conv(4)) + z, z) }
block Wide() on y, z { out concat(y, z) -> relu -> conv(4) }
block Apart() on y, z { out choose op { first: y -> conv(4), second: z } }
"""
STEM = "node stem[c in [4, 8]] = x -> conv(c)\n"


def cuboid(name: str, start: str = "stem", step: str = "", depth: int = 1, more: str = "") -> str:
    axes = f"state (a, b) in [4, 8] depth d in 0..{depth} {more}"
    return f"cuboid {name} from {start} {{ {axes} out {step or name + '[a] -> conv(b)'} }}\n"


def fold(*names: str) -> str:
    parts = [f"sum c in [4, 8] {{ {name}[c] -> conv(4) }}" for name in names]
    return parts[0] if len(parts) == 1 else f"sum({', '.join(parts)})"


H, HG = STEM + cuboid("h"), STEM + cuboid("h") + cuboid("g")

SPACES: dict[str, tuple[str, int]] = {
    # 2 paths to each state of h
    "a block reads a state and a tensor": (H + f"out sum((h[8], x -> conv(8)) -> Either, {fold('h')})", 4 * 2),
    "a block needs a state": (
        H + f"let y = x -> choose k {{ p: conv(4), q: conv(4, 3) }} out sum((h[8], y) -> Needs, {fold('h')})",
        4 * 2,
    ),
    "an alternative needs a state": (H + f"out sum((h[8], x -> conv(4)) -> Apart, {fold('h')})", 2 * 2 + 2),
    "alternatives read different states": (H + "out choose { a: h[4], b: h[8] -> conv(4), c: x -> conv(4) }", 4 * 2),
    "an op reads states of two": (
        HG + f"out sum((h[8] + g[8]) -> choose op {{ p: conv(4), q: conv(4, 3) }}, {fold('h', 'g')})",
        12 + 4 * 2,
    ),
    "a fold reads states of two": (
        HG + f"out sum(sum(h[8], g[8]) -> choose op {{ p: conv(4), q: conv(4, 3) }}, {fold('h', 'g')})",
        12 * 2 + 4,
    ),
    "two start from one": (H + cuboid("f", "h") + cuboid("g", "h") + f"out {fold('f', 'g')}", 4 * 2 * 2),
    "one starts from two, where both end": (
        HG + "node both[c in [4, 8]] = h[c] + g[c]\n" + cuboid("k", "both") + f"out {fold('h', 'g', 'k')}",
        8 * 2 + 8,
    ),
    "one starts from two, where one ends": (
        HG + "node both[c in [4, 8]] = sum(h[c], g[c])\n" + cuboid("k", "both") + f"out {fold('h', 'g', 'k')}",
        8 * 2 + 8 * 4,
    ),
    # where h and g end apart, k starts in one of them, and the other must end there too
    "one starts from two and reads one": (
        HG + "node both[c in [4, 8]] = sum(h[c], g[c])\n" + cuboid("k", "both") + f"out {fold('k')}",
        2 * 4 * 2,
    ),
    "one starts from a state or the input": (
        H
        + "node start[c in [4, 8]] = (x -> conv(4)) if c == 4 else h[8]\n"
        + cuboid("k", "start")
        + f"out {fold('k')}",
        2 * 2 + 2,
    ),
    "a step reads a state": (
        H + cuboid("g", step="sum(g[a] -> conv(8), h[8]) -> conv(b)", depth=2) + f"out {fold('h', 'g')}",
        4 * 8,
    ),
    "a choice in a step needs a state": (
        H
        + cuboid("g", step="(choose w { p: g[a] -> conv(8), q: (g[a] -> conv(8)) + h[8] }) -> conv(b)")
        + f"out {fold('h', 'g')}",
        2 * 4 * 2 + 2 * 4,
    ),
    "a term reads a state": (
        H
        + "node n[0] = h[8] -> conv(4)\nnode n[1] = x -> conv(4)\n"
        + "node n[2] = sum top 1 j in 0..2 { n[j] -> choose op in [relu, conv(4)] { op } }\n"
        + f"out sum(n[2], {fold('h')})",
        2 * 4 + 2 * 2,
    ),
    "terms read states of two": (
        HG
        + "node n[0] = h[8] -> conv(4)\nnode n[1] = g[8] -> conv(4)\nnode n[2] = x -> conv(4)\n"
        + "node n[3] = sum top 2 j in 0..3 { n[j] -> choose op in [relu, conv(4), zero] { op } }\n"
        + f"out sum(n[3], {fold('h', 'g')})",
        4 * 12 + 8 * 4 + 4 * 2,
    ),
    "a concat of states": (H + "let y = concat(h[4], h[8]) out y -> relu -> conv(4)", 4),
    "a concat in a block": (H + f"out sum((h[8], x) -> Wide, {fold('h')})", 4),
    "a concat of states of two": (HG + f"out sum(concat(x, h[8], g[8]) -> conv(4), {fold('h', 'g')})", 16),
    # g is decided where h ends in 8
    "one that another leaves unread": (H + cuboid("g") + f"out sum((h[8], {fold('g')}) -> Needs, {fold('h')})", 4 * 4),
    "one that is read only where another ends": (
        STEM + cuboid("g") + cuboid("h") + f"out sum((h[8] -> conv(4)) + ({fold('g')}), {fold('h')})",
        2 * 4 + 2,
    ),
    "one that an alternative reads": (
        H + f"let y = {fold('h')} out choose way {{ s: y -> conv(4), t: x -> conv(4) }}",
        4 * 2,
    ),
    "one that an alternative in an alternative reads": (
        STEM
        + cuboid("h", step="h[a] -> conv(b) -> Inner")
        + f"let y = {fold('h')} out choose way {{ s: (choose in_s {{ u: y, v: x -> conv(4) }}), t: x -> conv(4) }}",
        4 * 3 * 3,
    ),
    "a row of which an alternative reads the second": (
        H + cuboid("g", "h") + f"let y = {fold('g')} out choose way {{ s: sum(y, {fold('h')}), t: {fold('h')} }}",
        8 * 2,
    ),
}


BOUNDS = {"an alternative needs a state"}
"""Where an op, not a cuboid, is read by some alternatives only: its costs are optional."""


@cache
def space_of(name: str) -> Space:
    return load_from_text(f"{HEAD}space S() on x: image(3, 6, 6) {{\n{SPACES[name][0]} -> gap\n}}\n", "S")


@cache
def found_in(name: str) -> tuple[Space, ...]:
    return tuple(every_outcome(space_of(name)))


def weights_of(space: Space) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(0)
    return {d.name: np.where(d.reaching(), generator.random(d.shape), 0.0) for d in space.graph.decisions}


@pytest.mark.parametrize("name", SPACES)
def test_outcomes_and_costs_are_those_of_all_architectures(name: str) -> None:
    counts = space_of(name).counts()
    found = [one.counts() for one in found_in(name)]
    assert counts.architectures == len(found) == SPACES[name][1]
    for what in ("params", "macs"):
        every = [getattr(one, what) for one in found]
        low, high = getattr(counts, f"{what}_range")
        assert low <= min(every) and max(every) <= high
        assert (low, high) == (min(every), max(every)) or name in BOUNDS
    assert sum(weight.numel() for weight in space_of(name).supernet().weights()) == counts.params


@pytest.mark.parametrize("name", SPACES)
def test_every_architecture_has_a_number_and_a_text(name: str) -> None:
    space = space_of(name)
    graph, number = space.graph, SPACES[name][1]
    made = [graph.numbering.picks(i) for i in range(number)]
    assert [graph.numbering.number(picks) for picks in made] == list(range(number))
    decided = [space._decided(record(graph.forest.root, picks).decided, "N") for picks in made]
    assert not any(one.is_open for one in decided)
    networks = sorted(one.graph.hash for one in decided)
    assert networks == sorted(one.graph.hash for one in found_in(name))
    assert [space.architecture(one.text).graph.hash for one in decided] == [one.graph.hash for one in decided]


@pytest.mark.parametrize("name", SPACES)
def test_the_best_are_the_best_of_all(name: str) -> None:
    space = space_of(name)
    number, weights = SPACES[name][1], weights_of(space)
    best = [one.selection for one in space.select_best(weights, top=number + 5)]
    scores = [one.score for one in best if one is not None]
    assert len({str(one.picks) for one in best if one is not None}) == len(scores) == number
    assert scores == sorted(scores, reverse=True)


def counts_of(space: Space) -> Counts | None:
    """None where there is no architecture: what reads the only cuboid is never there."""
    try:
        return space.counts()
    except HypercuboidError as refused:
        if [one.code for one in refused.diagnostics] == ["HC5004"]:
            return None
        raise


def check(first: int, count: int, most: int) -> None:
    """Architectures, params and macs of spaces made by a seed, of those that have up to `most`."""
    made = 0
    for seed in range(first, first + count):
        space = load_from_text(joined(seed), "S")
        counts = counts_of(space)
        if counts is None:
            assert not every_outcome(space)
            continue
        if counts.architectures is None or counts.architectures > most:
            continue
        made += 1
        found = [one.counts() for one in every_outcome(space)]
        assert len(found) == counts.architectures, seed
        for what, ends in (("params", counts.params_range), ("macs", counts.macs_range)):
            costs = [getattr(one, what) for one in found]
            assert ends is not None and ends[0] <= min(costs) and max(costs) <= ends[1], seed
            assert not follows(space.graph.model_forest) or ends == (min(costs), max(costs)), seed
    assert made > count // 3


def test_counts_of_spaces_by_a_seed() -> None:
    check(0, 6, 40)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(8))
def test_counts_of_many_spaces_by_a_seed(part: int) -> None:
    check(6 + 40 * part, 40, 120)


def test_too_many_cases_are_refused_with_a_way_out() -> None:
    states = "state (a, b) in 0..10 depth d in 0..1"
    cuboids = "".join(f"cuboid {name} from stem {{ {states} out {name}[a] -> conv(4) }}\n" for name in "fgh")
    body = f"node stem[s in 0..10] = x -> conv(4)\n{cuboids}"
    text = f"{HEAD}space S() on x: image(3, 6, 6) {{\n{body}out sum i in 0..10 {{ f[i] + g[i] + h[i] }}\n}}\n"
    with pytest.raises(HypercuboidError, match="depends on states of several cuboids in too many ways") as refused:
        load_from_text(text, "S").counts()
    assert refused.value.diagnostics[0].span is not None


@pytest.mark.parametrize("seed", [13, 42])
def test_a_sum_top_that_is_not_there_is_left_open(seed: int) -> None:
    """All its terms read states that the paths do not reach, so a drawn architecture says nothing of it."""
    space = load_from_text(joined(seed))
    for drawn in space.sample(8):
        assert not drawn.is_open
        assert space.architecture(drawn.text).elaborated.definition.body.output >= 0
