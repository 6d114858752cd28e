"""Sheets by themselves: detail by size, speed, names that would be markup, and long edges that share no track."""

from __future__ import annotations

import time
import xml.etree.ElementTree as ET
from itertools import combinations

import pytest

from hypercuboid.targets.diagram_layout import WIDEST
from hypercuboid.targets.diagram_marks import Text, to_svg
from hypercuboid.targets.sheet import Cell, Edge, Flow, Item, Kind, Row, Sheet
from hypercuboid.targets.sheet_abridged import abridged
from hypercuboid.targets.sheet_detail import Detail
from hypercuboid.targets.sheet_page import sheet_page
from hypercuboid.targets.sheet_place import place_cell, place_flow

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</text><script>alert(1)</script>\"'&lt;]]>\x1b[31m\u202e"


def rows(count: int, name: str = "op") -> tuple[Row, ...]:
    return tuple(Row(f"{name}{i}", i, f"{name} {i}\na.hc:1:{i}", 1 / count, 1 / count, i + 1) for i in range(count))


def cell(nodes: int, alternatives: int, name: str = "op") -> Cell:
    """Two inputs, nodes that read all earlier ones, and an output that reads them."""
    names = (("a", ""), ("b", ""), *((f"{name}[{i}]", name) for i in range(nodes)), ("out", ""))
    edges = [Edge(j, i, (rows(alternatives, name),)) for i in range(2, nodes + 2) for j in range(i)]
    edges += [Edge(i, nodes + 2) for i in range(2, nodes + 2)]
    return Cell("Cell", names, 2, tuple(edges))


def sheet(*panels: Cell | Flow, name: str = "op") -> Sheet:
    return Sheet("S", ("a line",), panels, tuple((f"{name}{i}", i) for i in range(40)))


@pytest.mark.parametrize(
    ("alternatives", "count", "labelled", "drawn"),
    [(20, 280, True, 280), (100, 1400, False, 1400), (400, 5600, False, 14)],
)
def test_detail_follows_the_size(alternatives: int, count: int, labelled: bool, drawn: int) -> None:
    made = sheet(cell(4, alternatives))
    assert len(made.rows) == count
    svg = to_svg(sheet_page(made))
    (ops,) = (g for g in ET.fromstring(svg).iter(f"{SVG}g") if g.get("class") == "ops")
    assert len(ops.findall(f"{SVG}rect")) == drawn
    assert bool(ops.findall(f"{SVG}text")) == labelled
    assert ("summary of 5,600 alternatives" in svg) == (count > 5000)


def test_three_thousand_alternatives_are_quick_and_small() -> None:
    made = sheet(cell(6, 112))
    assert len(made.rows) == 3024
    began = time.perf_counter()
    svg = to_svg(sheet_page(made))
    assert time.perf_counter() - began < 10  # 2 s promised
    assert svg.count("<rect") > 3024
    assert len(svg.encode()) < 1_500_000


def test_hostile_names_stay_text() -> None:
    item = Item(Kind.USE, (HOSTILE, HOSTILE), HOSTILE, (), (), HOSTILE)
    choice = Item(Kind.CHOICE, (HOSTILE,), HOSTILE, (0,), rows(3, HOSTILE), HOSTILE, True)
    made = sheet(Flow(HOSTILE, (item, choice)), cell(2, 2, HOSTILE), name=HOSTILE)
    svg = to_svg(sheet_page(made))
    tags = {one.tag.removeprefix(SVG) for one in ET.fromstring(svg).iter()}
    assert tags <= {"svg", "title", "desc", "rect", "g", "path", "text", "style"}
    assert "<script" not in svg and "\x1b" not in svg and "\u202e" not in svg


def test_every_source_of_a_cell_stands_left_of_what_reads_it() -> None:
    made = cell(5, 3)
    placed = place_cell(made, Detail.BOXES)
    for edge in made.edges:
        assert placed.nodes[edge.source].right < placed.nodes[edge.target].x
        assert placed.nodes[edge.source].y < placed.nodes[edge.target].y or edge.target == len(made.nodes) - 1
    frames = [frame for blocks in placed.blocks for frame, _ in blocks]
    for a, b in combinations(frames, 2):
        assert a.right <= b.x or b.right <= a.x or a.bottom <= b.y or b.bottom <= a.y


def test_long_edges_over_the_same_boxes_have_tracks_of_their_own() -> None:
    plain = [Item(Kind.OP, (f"n{i}",), "", (i - 1,) if i else ()) for i in range(6)]
    jumps = {3: (2, 0), 4: (3, 1), 5: (4, 0)}
    items = tuple(Item(Kind.OP, one.lines, "", jumps.get(i, one.sources)) for i, one in enumerate(plain))
    placed = place_flow(Flow("f", items), Detail.BOXES, 2000)
    lanes = dict(placed.lanes)
    assert set(lanes) == {(0, 3), (1, 4), (0, 5)}
    assert len(set(lanes.values())) == 3
    assert all(item.box.y >= placed.tracks[0] + 7 * 3 for item in placed.items)


@pytest.mark.parametrize("count", [300, 3000])
def test_a_line_that_no_page_holds_is_folded_in_its_middle(count: int) -> None:
    """Decided or not: text stays legible, and what is left out is said."""
    items = [Item(Kind.USE, (f"Block{i % 7} {i}", "c = 8"), "", (i - 1,) if i else (), (), "") for i in range(count)]
    page = sheet_page(sheet(Flow("f", tuple(items))))
    assert page.width <= WIDEST and page.height <= page.width + 1
    words = [mark.text for layer in page.layers for mark in layer.marks if isinstance(mark, Text)]
    assert min(mark.size for layer in page.layers for mark in layer.marks if isinstance(mark, Text)) * 1600 / WIDEST > 7
    if count == 300:
        assert "Block0 0" in words and f"Block{299 % 7} 299" in words and "Block3 150" in words
    else:
        assert "... 2,761 more ..." in words and "Block0 0" in words and "Block3 2999" in words
        assert "too large to be drawn whole: at most 240 boxes of a line and nodes of a cell" in page.description


def test_a_cell_that_no_page_holds_has_its_first_nodes_and_its_output() -> None:
    made = sheet(cell(60, 3))
    page = sheet_page(made)
    assert page.width <= WIDEST and page.height <= page.width + 1
    words = [mark.text for layer in page.layers for mark in layer.marks if isinstance(mark, Text)]
    assert {"a", "b", "op[0]", "out"} <= set(words) and "op[59]" not in words
    assert "nodes of a cell" in page.description
    (short,) = abridged(made, 20).panels
    assert isinstance(short, Cell) and len(short.nodes) == 20 and short.nodes[-1][0] == "out"
    assert {edge.target for edge in short.edges} <= set(range(20))


def test_what_is_folded_hands_on_what_it_read_and_what_reads_it() -> None:
    items = [Item(Kind.OP, (f"n{i}",), "", tuple({max(0, i - 1), max(0, i - 9)} - {i})) for i in range(40)]
    (short,) = abridged(sheet(Flow("f", tuple(items))), 10).panels
    assert isinstance(short, Flow) and len(short.items) == 10
    assert short.items[5].lines == ("... 31 more ...",)
    assert short.items[5].title.startswith("31 boxes:\n1 x n5")
    assert all(source < place for place, item in enumerate(short.items) for source in item.sources)
    assert set(short.items[9].sources) == {5, 8}
