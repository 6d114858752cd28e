"""Sites: every decision can be written in a pick, also of tuples, of several axes, of numbered and of odd names."""

from __future__ import annotations

import numpy as np
import pytest

from hypercuboid.frontend.points import points_of
from hypercuboid.pipeline import Space, load_from_text

HEAD = "hypercuboid 1\nuse std.ops { conv, bn, relu, identity, max_pool, gap, linear }\n"
TWO_LETS = """block B(c: int) on x {
  let k = choose { k1: 1, k3: 3 }
  let m = choose { s: c, d: 2 * c }
  out x -> conv(m, k) -> conv(c)
}
block One(c: int) on x { let k = choose { k1: 1, k3: 3 } out x -> conv(c, k) }
"""


def space(body: str, before: str = "") -> Space:
    return load_from_text(f"{HEAD}{before}space S() on x: image(3, 8, 8) {{ {body} }}")


SPACES = {
    "a choice of tuples": ("out x -> choose (k, c) in [(1, 4), (3, 4)] { conv(c, k) } -> gap", "out.k_c"),
    "a fold over tuples": (
        "out sum (k, c) in [(1, 4), (3, 4)] { x -> choose op in [conv(c, k), conv(c, k + 2)] { op } } -> gap",
        "out.op",
    ),
    "terms over tuples": (
        (
            "node n = sum top 1 (k, c) in [(1, 4), (3, 4)] { choose op in [conv(c, k), conv(c, k + 2)] { x -> op } }"
            " out n -> gap"
        ),
        "n",
    ),
    "tuples beside names": (
        (
            "node n = sum b in 0..2 {"
            " choose (k, c) in [(1, 4), (3, 4)], op in [relu, identity] { x -> conv(c, k) -> op } }"
            " out n -> gap"
        ),
        "n",
    ),
    "a comprehension over tuples": (
        (
            "let cs = [choose act { a: conv(4), b: conv(4, k) } for (k, e) in [(3, 1), (5, 2)]]"
            " out x -> conv(4) -> cs[0] -> cs[1] -> gap"
        ),
        "cs.act",
    ),
    "two axes": (
        "out choose a in [conv(4), max_pool], op in [relu, identity] { x -> conv(4) -> op } -> gap",
        "out.a, op",
    ),
    "two axes, twice": ("out x -> B(4) -> B(8) -> gap", "out.k, m@2"),
    "one axis and two of one name": ("out x -> One(4) -> B(4) -> gap", "out.k, m"),
    "equal names": ("out x -> choose a { p: conv(4), q: conv(4, 3) } -> choose a { p: relu, q: identity }", "out.a@2"),
    "strings and keywords": (
        'out x -> choose s in ["a b", "in", "true", "plain"] { choose t { sum: conv(4), in: conv(4, 3) } } -> gap',
        'out.s["a b"].t',
    ),
    "numbers": ("out x -> choose f in [0.5, -1, 2] { choose t { a: conv(4), b: conv(4, 3) } } -> gap", "out.f[-1].t"),
    "nodes over strings": (
        'node n[s in ["a b", "c"]] = x -> choose op { a: conv(4), b: conv(4, 3) } out (n["a b"] + n["c"]) -> gap',
        'n["a b"].op',
    ),
}


def weights_of(space: Space, seed: int) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(seed)
    return {d.name: np.where(d.declared(), generator.random(d.shape), 0.0) for d in space.graph.decisions}


@pytest.mark.parametrize("name", SPACES)
def test_what_is_selected_is_written_and_read_again(name: str) -> None:
    body, decision = SPACES[name]
    made = space(body, TWO_LETS)
    assert decision in [one.name for one in made.graph.decisions]
    for seed in range(8):
        found = made.select(weights_of(made, seed))
        again = made.architecture(found.text)
        assert again.graph.hash == found.graph.hash
        assert again.text == found.text.replace(found.name, again.name)


def test_one_axis_is_kept_with_several_labels_while_another_is_open() -> None:
    """Both kernels side by side, the width open: two architectures, and names of weights as in the whole space."""
    whole = space("out x -> B(4) -> gap", TWO_LETS)
    partial = whole.architecture("arch P of S() partial { keep out.k = [k1, k3] }")
    (point,) = points_of(partial.elaborated.definition)
    assert (point.axes, point.labels) == (("m",), (("s",), ("d",)))
    counts = partial.counts()
    kernels = 3 * (1 + 9)
    assert counts.architectures == 2
    assert counts.params_range == (4 * kernels + 2 * 4 * 4, 8 * kernels + 2 * 8 * 4)
    assert partial.text.splitlines()[1:-1] == ["  keep out.k = [k1, k3]"]
    theirs, ours = whole.supernet().state_dict(), partial.supernet().state_dict()
    assert {name for name in ours if not name.startswith("alpha")} < set(theirs)
    found = partial.select({"out.k, m": np.array([0.25, 0.75])})
    assert found.text.splitlines()[1:-1] == ["  keep out.k, m = [(k1, d), (k3, d)]"]
    assert partial.architecture(found.text).graph.hash == found.graph.hash


def test_two_picks_of_single_axes_are_one_of_both() -> None:
    whole = space("out x -> B(4) -> B(8) -> gap", TWO_LETS)
    apart = whole.architecture("arch A of S() partial { pick out.k@2 = k3 pick out.m@2 = d }")
    together = whole.architecture("arch A of S() partial { pick out.k, m@2 = (k3, d) }")
    assert apart.graph.hash == together.graph.hash
    assert [one.name for one in points_of(apart.elaborated.definition)] == ["out.k, m"]
