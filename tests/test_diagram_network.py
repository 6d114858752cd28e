"""Pictures of blocks and architectures: what they show, on which page, and that hostile text stays text."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

import hypercuboid as hc
from hypercuboid.graph.selection import select
from hypercuboid.targets import graphviz_binary
from hypercuboid.targets.diagram_data import from_graph
from hypercuboid.targets.graphviz_page import framed
from hypercuboid.targets.picture import picture

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


@pytest.mark.parametrize(
    ("file", "name", "shape", "shown"),
    [
        ("sharpsepconv.hc", "FlexSepConv(c = 64)", (64, 8, 8), ["choose k, mid", "k3, choke", "k5, flood"]),
        ("sharpsepconv.hc", "AnyBlock(c = 64)", (64, 8, 8), ["choose n", "choose norm[2]", "relu", "silu"]),
        ("multichannelnet.hc", "Handmade", (3, 32, 32), ["ResizablePool", "SharpSepConv", "gap", "linear"]),
    ],
)
def test_networks_show_their_parts_on_a_readable_page(
    file: str, name: str, shape: tuple[int, ...], shown: list[str]
) -> None:
    space = hc.load(SPACES / file, name, inputs=shape)
    svg = picture(space.graph, space.name, uniform(space) or None)
    root = ET.fromstring(svg)
    width, height = float(root.get("width", "0")), float(root.get("height", "1"))
    assert 0.99 <= width / height <= 4.01 and width <= 2200
    said = {"".join(one.itertext()).strip() for one in root.iter("{http://www.w3.org/2000/svg}text")}
    assert set(shown) <= said
    assert svg == picture(space.graph, space.name, uniform(space) or None)


def test_without_graphviz_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(graphviz_binary, "PROGRAMS", ("no-such-program",))
    target = f"{SPACES / 'multichannelnet.hc'}:Handmade"
    from hypercuboid.cli.render import render

    with pytest.raises(hc.HypercuboidError) as caught:
        render.main([target, "-o", str(tmp_path / "a.svg")], standalone_mode=False)
    (one,) = caught.value.diagnostics
    assert one.code == "HC8101" and "pip install graphviz-pure" in one.help
    assert (tmp_path / "a.dot").read_text(encoding="utf-8").startswith("digraph")
    assert not (tmp_path / "a.svg").exists()


def test_render_writes_a_picture_and_dot_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from hypercuboid.cli.render import render

    small = ["-p", "filters=[8, 16]", "-p", "reductions=1", "-p", "layers=2", "--input", "1x8x8"]
    for name, start in (("a.svg", "<svg"), ("a.dot", "digraph")):
        space = str(SPACES / "multichannelnet.hc")
        render.main([space, "-o", str(tmp_path / name), *small], standalone_mode=False)
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
    assert capsys.readouterr().out.splitlines() == [f"wrote {tmp_path / 'a.svg'}", f"wrote {tmp_path / 'a.dot'}"]


def test_hostile_names_stay_text_in_networks() -> None:
    name = '<b onload="x">&amp;\\n"</b>\x1b\u202e'
    inner = '<?xml version="1.0"?>\n<svg width="10pt" height="10pt"\n viewBox="0 0 10 10" xmlns="http://www.w3.org/2000/svg"></svg>'
    page = ET.fromstring(framed(inner, name, (name,)))
    assert {one.tag.rsplit("}", 1)[-1] for one in page.iter()} == {"svg", "title", "rect", "text"}
    shown = [one.text for one in page.iter("{http://www.w3.org/2000/svg}text")]
    assert shown[0] == '<b onload="x">&amp;\\n"</b>\ufffd\ufffd'


def test_labels_reach_graphviz_as_they_are() -> None:
    from hypercuboid.targets.diagram_dot import draw_network
    from hypercuboid.targets.diagram_network import Cluster, Network, Vertex

    names = ('<b>"x"</b>', "a\\nb\\l", "&lt;&#65;", '"]; evil [label="')
    root = Cluster("", vertices=[Vertex(f"n{i}", "op", (name,), name) for i, name in enumerate(names)])
    svg = draw_network(Network(root), "T")
    said = [one.text or "" for one in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]
    assert sorted(said[1:]) == sorted(names)
