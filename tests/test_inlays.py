"""Cuboids in larger networks: drawn in place with their axes, weights and path, in a flow, in a cell, in a summary."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from functools import cache

import pytest
from test_pictures import drawn_weights, places, weighted

from hypercuboid.graph.selection import select
from hypercuboid.pipeline import Space, load_from_text
from hypercuboid.targets.picture import picture
from hypercuboid.targets.sheet import Flow, Item, Kind
from hypercuboid.targets.sheet_rating import ratings
from hypercuboid.targets.sheet_read import read_panels

SVG = "{http://www.w3.org/2000/svg}"
HEAD = "hypercuboid 1\nuse std.ops { conv, bn, relu, identity, gap, linear }\n"

TWO = """
space Two(filters: list(int) = [8, 16, 32], layers: int = 3) on x: image(3, 16, 16) {
  let start = x -> choose entry { wide: conv(8, 5), narrow: conv(8, 3) }
  node stem[c in filters] = start -> conv(c) -> bn
  cuboid h from stem {
    state (a, b) in filters depth layer in 0..layers choice op in [conv(k = 3), conv(k = 5)]
    out h[a] -> op(c = b)
  }
  let joined = sum c in filters { h[c] -> conv(16) }
  node mid[c in filters] = joined -> conv(c)
  cuboid g from mid { state (a, b) in filters depth layer in 0..2 out g[a] -> conv(b, 3) }
  out (sum c in filters { g[c] -> conv(16) }) -> choose act { relu: relu, none: identity } -> gap -> linear(10)
}
"""
CELLS = """
block Cell(c: int) on s0, s1 {
  node stem[k in [4, 8]] = ((s0 -> conv(c)) + (s1 -> conv(c))) -> conv(k)
  cuboid h from stem { state (a, b) in [4, 8] depth layer in 0..3 out h[a] -> conv(b) }
  out h[8] -> conv(c)
}
space Cells(c: int = 8) on x: image(3, 16, 16) {
  share Normal = Cell(c)
  let y = x -> conv(c, 3)
  let a = (y, y) -> Normal
  out ((y, a) -> Normal) -> choose act { relu: relu, none: identity } -> gap -> linear(10)
}
"""
INNER = """
space Inner() on x: image(3, 16, 16) {
  node stem[c in [4, 8]] = x -> conv(c)
  cuboid h from stem {
    state (a, b) in [4, 8] depth layer in 0..2 out h[a] -> choose op { three: conv(b, 3), five: conv(b, 5) }
  }
  out h[4] -> gap -> linear(10)
}
"""
SPACES = {"two": TWO, "cells": CELLS, "inner": INNER}


@cache
def loaded(name: str) -> Space:
    return load_from_text(HEAD + SPACES[name])


def cuboids(space: Space) -> list[Item]:
    panels, _ = read_panels(space.graph.space, ratings(space.graph.decisions, None, ()))
    return [item for panel in panels if isinstance(panel, Flow) for item in panel.items if item.inlay is not None]


def layer(svg: str, name: str) -> ET.Element:
    return next(g for g in ET.fromstring(svg).iter(f"{SVG}g") if g.get("class") == name)


def boxes(svg: str, what: str) -> dict[str, tuple[float, float]]:
    """The corner of each op whose tooltip begins with a match of `what`, by that beginning."""
    found = {}
    for rect in layer(svg, "ops").iter(f"{SVG}rect"):
        title = (rect.findtext(f"{SVG}title") or "").split("\n")[0]
        if re.match(what, title):
            found[title] = float(rect.get("x", "")), float(rect.get("y", ""))
    return found


@pytest.mark.parametrize("name", SPACES)
def test_weights_move_nothing_and_every_candidate_has_its_own(name: str) -> None:
    first, second = (weighted(loaded(name), seed) for seed in (1, 2))
    assert first != second and places(first) == places(second)
    space = loaded(name)
    (inlay, *_) = (item.inlay for item in cuboids(space))
    assert inlay is not None
    weights = drawn_weights(space, 1)
    of_cuboid = next(one for one in space.graph.decisions if one.name.rsplit(".", 1)[-1] == "h")
    said = set(re.findall(r"weight ([0-9.e-]+), rank", first))
    assert {f"{w:.6g}" for w in weights[of_cuboid.name][of_cuboid.reaching()].ravel()} <= said


def test_rows_are_the_same_in_every_column() -> None:
    svg = picture(loaded("two").graph, "two")
    columns: dict[str, list[tuple[str, float]]] = {}
    for title, (_, y) in boxes(svg, r"layer \d: \d+ → \d+, conv").items():
        step, rest = title.split(": ", 1)
        columns.setdefault(step, []).append((rest, y))
    assert set(columns) == {"layer 0", "layer 1", "layer 2"} and len(columns["layer 0"]) == 18
    assert columns["layer 0"] == columns["layer 1"] == columns["layer 2"]
    assert len(boxes(svg, r"layer \d: \d+ → \d+, op")) == 18


def test_the_best_path_is_one_line_from_the_first_choice_through_all_cuboids_to_the_last() -> None:
    space = loaded("two")
    weights = drawn_weights(space, 4)
    best, *_ = select(space.graph, weights)
    svg = picture(space.graph, "two", weights, best)
    (path,) = layer(svg, "path")
    assert path.get("d", "").count("M") == 1
    kept = [rect for rect in layer(svg, "ops").iter(f"{SVG}rect") if rect.get("stroke") == "#c1121f"]
    assert len(kept) == 1 + 3 + 2 + 1
    tops = [tuple(map(float, pair)) for pair in re.findall(r"V([0-9.]+)H([0-9.]+)", path.get("d", ""))]
    for rect in kept:
        x, y, width = (float(rect.get(key, "")) for key in ("x", "y", "width"))
        assert any(abs(top - y) < 0.02 and abs(right - x - width) < 0.02 for top, right in tops)


def test_a_cell_that_holds_a_cuboid_is_a_panel_with_it() -> None:
    panels, left_out = read_panels(loaded("cells").graph.space, ratings(loaded("cells").graph.decisions, None, ()))
    assert [panel.name for panel in panels] == ["network", "Cell Normal"] and not left_out
    (item,) = cuboids(loaded("cells"))
    assert item.inlay is not None and item.inlay.drawing.title == "cuboid h"
    assert (item.inlay.entries, item.inlay.exits) == ((0, 1), (1,))
    assert {op.live for step in item.inlay.drawing.steps for op in step.ops} == {True, False}


def test_what_stands_before_and_behind_all_states_is_one_box() -> None:
    panels, _ = read_panels(loaded("two").graph.space, ratings((), None, ()))
    flow = panels[0]
    assert isinstance(flow, Flow)
    times = "\N{MULTIPLICATION SIGN}"
    assert [item.lines[:3] for item in flow.items if item.kind is Kind.OP] == [
        (f"3 {times} conv c = 8..32", "bn"),
        (f"3 {times} conv c = 16", "sum", f"3 {times} conv c = 8..32"),
        (f"3 {times} conv c = 16", "sum"),
        ("gap", "linear c = 10"),
    ]
    stem = [size * c * 8 for c in (8, 16, 32) for size in [1]]
    assert [f"{params:,} params" in flow.items[2].title for params in stem] == [True] * 3


def test_as_many_boxes_as_states_behind_a_cuboid_are_one_too() -> None:
    """Each state of the second cuboid adds up all states of the first by itself."""
    apart = TWO.replace("joined -> conv(c)", "(sum k in filters { h[k] -> conv(16) }) -> conv(c)")
    apart = "\n".join(line for line in apart.splitlines() if "let joined" not in line)
    space = load_from_text(HEAD + apart)
    flow = read_panels(space.graph.space, ratings((), None, ()))[0][0]
    assert isinstance(flow, Flow) and len(flow.items) == 9
    times = "\N{MULTIPLICATION SIGN}"
    assert flow.items[4].lines == (f"3 {times} 3 {times} conv c = 16", "sum", "conv c = 8..32")


def test_what_candidates_decide_is_drawn_beside_the_cuboid() -> None:
    panels, left_out = read_panels(loaded("inner").graph.space, ratings(loaded("inner").graph.decisions, None, ()))
    names = [panel.name for panel in panels]
    assert names[:2] == ["network", "h, layer 0: 4 to 4"] and not left_out
    (item,) = cuboids(loaded("inner"))
    assert item.inlay is not None and len(names) == 1 + item.inlay.drawing.op_count


@pytest.mark.parametrize(("layers", "drawn"), [(40, 40 * 18), (300, 3 * 48)])
def test_level_of_detail_follows_the_size(layers: int, drawn: int) -> None:
    space = load_from_text(HEAD + TWO.replace("layers: int = 3", f"layers: int = {layers}"))
    weights = drawn_weights(space, 1)
    svg = picture(space.graph, "two", weights, select(space.graph, weights)[0])
    root = ET.fromstring(svg)
    assert float(root.get("width", "")) >= float(root.get("height", "")) - 1
    assert float(root.get("width", "")) <= 1900
    assert ("summary of" in svg) == (layers == 300)
    (path,) = layer(svg, "path")
    assert path.get("d", "").count("M") == 1
    found = boxes(svg, r"layer \d+: \d+ → \d+, conv") if layers == 40 else boxes(svg, r"(8|16|32): ")
    assert len(found) == drawn or layers == 300
