"""Pictures by command, what a cuboid's drawing reads off its graph, and DOT text in which nothing is special."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import hypercuboid as hc
from hypercuboid.graph.selection import select
from hypercuboid.targets.diagram_data import from_graph
from hypercuboid.targets.diagram_dot import flat_dot
from hypercuboid.targets.picture import picture_dot

SPACES = Path(__file__).parent.parent / "spaces"


def uniform(space: hc.Space) -> dict[str, np.ndarray]:
    found = {}
    for decision in space.graph.decisions:
        live = decision.reaching().astype(float)
        found[decision.name] = live / np.maximum(live.sum(axis=decision.competing_axes, keepdims=True), 1)
    return found


def test_a_cuboid_is_read_off_its_graph() -> None:
    space = hc.load(SPACES / "multichannelnet.hc", inputs=(1, 8, 8), filters=[8, 16, 32], reductions=2, layers=2)
    weights = uniform(space)
    weights["h"][0, 0, 1, 2, 0] += 0.25
    drawing = from_graph(space.graph, weights, select(space.graph, weights)[0], epoch="3 / 4", strategy="max_w")
    assert drawing.title == f"MultiChannelNet   HC = {space.counts().tuple}"
    assert drawing.states == ("8", "16", "32")
    assert drawing.primitives == ("SharpSepConv", "ResizablePool")
    assert [step.name for step in drawing.steps] == [f"reduction {r}, layer {n}" for r in (0, 1) for n in (0, 1)]
    assert [step.note for step in drawing.steps] == [
        "stride 1, 8..32\N{MULTIPLICATION SIGN}8\N{MULTIPLICATION SIGN}8",
        "stride 2, 8..32\N{MULTIPLICATION SIGN}4\N{MULTIPLICATION SIGN}4",
        "stride 1, 8..32\N{MULTIPLICATION SIGN}4\N{MULTIPLICATION SIGN}4",
        "stride 2, 8..32\N{MULTIPLICATION SIGN}2\N{MULTIPLICATION SIGN}2",
    ]
    assert drawing.op_count == 72
    first = drawing.path[0]
    assert (first.source, first.target, first.primitive, first.rank) == (1, 2, 0, 1)
    assert first.weight == pytest.approx(1 / 18 + 0.25)
    # relu, dwconv 3x3, conv 16 -> 32, bn, relu, dwconv 3x3, conv 32 -> 32, bn
    assert first.params == 16 * 9 + 16 * 32 + 64 + 32 * 9 + 32 * 32 + 64
    assert "epoch 3 / 4" in drawing.lines[1] and "strategy max_w" in drawing.lines[1]


def test_render_writes_a_picture_and_dot_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from hypercuboid.cli.render import render

    small = ["-p", "filters=[8, 16]", "-p", "reductions=1", "-p", "layers=2", "--input", "1x8x8"]
    for name, start in (("a.svg", "<svg"), ("a.dot", "digraph")):
        space = str(SPACES / "multichannelnet.hc")
        render.main([space, "-o", str(tmp_path / name), *small], standalone_mode=False)
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
    assert capsys.readouterr().out.splitlines() == [f"wrote {tmp_path / 'a.svg'}", f"wrote {tmp_path / 'a.dot'}"]


def test_what_is_no_cuboid_is_a_flat_graph_in_dot_text() -> None:
    graph = hc.load(SPACES / "nas_bench_macro.hc", inputs=(3, 16, 16), c=4, head=32).graph
    text, flat = picture_dot(graph), graph.to_networkx()
    assert text.count(" -> ") == flat.number_of_edges() and text.count("tooltip=") == len(flat)
    assert 'label="linear c = 10\\n10"' in text and "nas_bench_macro.hc:" in text


def test_hostile_labels_stay_as_they_are_in_dot_text() -> None:
    names = ('<b>"x"</b>', "a\\nb\\l", "&lt;&#65;", '"]; evil [label="')
    text = flat_dot([(i, {"kind": "input", "name": name, "span": name}) for i, name in enumerate(names)], [])
    assert text.count("tooltip=") == len(names)
    assert '\\"]; evil [label=\\"' in text and "&amp;lt;&amp;#65;" in text and "a\\\\nb" in text
