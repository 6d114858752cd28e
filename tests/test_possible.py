"""Whether a space has any architecture: the quick answer of `check` against their exact number."""

from __future__ import annotations

import pytest
from graph_spaces import SMALL

from hypercuboid.graph.dynamic import evaluate
from hypercuboid.graph.forest import NOTHING, Group
from hypercuboid.graph.grow import Grower
from hypercuboid.graph.lifted import lifted
from hypercuboid.graph.numbers import counting
from hypercuboid.graph.possible import Possible
from hypercuboid.pipeline import Space, load_from_text

# A path ends in one state: it comes from any state, to the same one or to the next.
VISITED = """hypercuboid 1
use std.ops { dwconv, gap }
space S() on x: image(3, 8, 8) {
  node stem[s in 0..4] = x
  cuboid h from stem {
    state (s, t) in 0..4 where t == s or t == s + 1
    depth layer in 0..2
    out h[s] -> dwconv(3)
  }
  out OUT -> gap
}
"""


def outcomes(space: Space) -> Group:
    return lifted(Grower(lambda *_: NOTHING).root(space.elaborated.definition.body))


@pytest.mark.parametrize("name", SMALL)
def test_what_can_be_counted_is_possible(name: str) -> None:
    root = outcomes(SMALL[name]())
    assert evaluate(root, counting()) > 0
    assert evaluate(root, Possible())


@pytest.mark.parametrize(
    ("out", "architectures"),
    [("h[0]", 1), ("h[1]", 3), ("h[3]", 4), ("h[2] + h[2]", 4), ("h[1] + h[2]", 0), ("sum(h)", 12)],
)
def test_what_no_path_visits_is_not_possible(out: str, architectures: int) -> None:
    root = outcomes(load_from_text(VISITED.replace("OUT", out)))
    assert evaluate(root, counting()) == architectures
    assert evaluate(root, Possible()) is (architectures > 0)
