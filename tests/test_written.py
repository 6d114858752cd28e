"""Texts that repeat what was given: an `arch` and a resolved file make the same space again, blocks included."""

from __future__ import annotations

from pathlib import Path

import pytest

from hypercuboid.pipeline import Architecture, Space, load, load_from_text, load_target
from hypercuboid.searching import arch_file

SPACES = Path(__file__).resolve().parent.parent / "spaces"
SMALL = ("c=4", "layers=3", "size=16")
GIVEN = {
    "a parameter": ("DARTS", (*SMALL, "primitives=darts_primitives[1..5]")),
    "an argument of a call": ("DARTS(4, 3, darts_primitives[1..5])", ("size=16",)),
    "both": ("DARTS(c = 4, primitives = [darts_primitives[2], darts_primitives[3]])", ("layers=3", "size=16")),
}


def first_architecture(space: Space) -> Architecture:
    return space.select({decision.name: decision.declared() / 2.0 for decision in space.graph.decisions})


@pytest.mark.parametrize("given", GIVEN)
def test_an_architecture_repeats_the_blocks_that_were_given(given: str) -> None:
    name, parameters = GIVEN[given]
    found = first_architecture(load_target(str(SPACES / "darts.hc"), name, parameters, ()))
    again = load(SPACES / "darts.hc", "DARTS").architecture(found.text)
    assert again.text == found.text
    assert "primitives = " in found.text
    assert again.graph.hash == found.graph.hash


@pytest.mark.parametrize("given", GIVEN)
def test_a_resolved_file_is_the_space_that_was_given(given: str, tmp_path: Path) -> None:
    name, parameters = GIVEN[given]
    space = load_target(str(SPACES / "darts.hc"), name, parameters, ())
    (tmp_path / "space.hc").write_text(space.resolved(), encoding="utf-8")
    again = load(tmp_path / "space.hc", "DARTS")
    assert again.graph.hash == space.graph.hash
    found = first_architecture(space)
    (tmp_path / "arch.hc").write_text(arch_file(found), encoding="utf-8")
    read = load(tmp_path / "arch.hc", found.name)
    assert read.graph.hash == found.graph.hash


def test_an_architecture_repeats_what_was_given_beside_its_picks() -> None:
    """Its sites are those of the space with what was given, not of the space as it stands."""
    text = """hypercuboid 1
use std.ops { conv }
space S(layers: int = 1) on x: image(3, 8, 8) {
  node n[0] = x
  node n[i in 1..layers + 1] = n[i - 1] -> choose op { plain: conv(3), wide: conv(3, 3) }
  out n[layers]
}
arch A of S() {
  pick n[1].op = wide
  pick n[2].op = plain
}
"""
    found = load_from_text(text, "A", layers=2)
    assert isinstance(found, Architecture)
    assert found.text == "arch A of S(layers = 2) {\n  pick n[1].op = wide\n  pick n[2].op = plain\n}\n"
