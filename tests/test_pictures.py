"""Pictures of every shipped space and architecture: the same places under any weights; what cells and flows show."""

from __future__ import annotations

import itertools
import re
import shlex
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shipped import ARCHITECTURES, SPACES, Shipped

import hypercuboid as hc
from hypercuboid.cli.main import main
from hypercuboid.graph.selection import select
from hypercuboid.targets.diagram_marks import to_svg
from hypercuboid.targets.diagram_style import HUES, INK, MUTED, PANEL, PAPER, contrast, fill, ink_on
from hypercuboid.targets.picture import picture, picture_page
from hypercuboid.targets.sheet import Cell, Flow, Panel
from hypercuboid.targets.sheet_rating import ratings
from hypercuboid.targets.sheet_read import read_panels
from hypercuboid.targets.theme import Theme, dark_area, dark_ink

SVG = "{http://www.w3.org/2000/svg}"
FOLDER = SPACES[0].path.parent


@cache
def loaded(one: Shipped) -> hc.Space:
    return one.load()


def drawn_weights(space: hc.Space, seed: int) -> dict[str, np.ndarray]:
    """Weights that add up to 1 in every competing group."""
    generator, found = np.random.default_rng(seed), {}
    for one in space.graph.decisions:
        live = one.reaching() * np.exp(generator.normal(size=one.shape))
        found[one.name] = live / np.maximum(live.sum(axis=one.competing_axes, keepdims=True), 1e-9)
    return found


def weighted(space: hc.Space, seed: int) -> str:
    weights = drawn_weights(space, seed)
    return picture(space.graph, space.name, weights, select(space.graph, weights)[0], epoch=str(seed))


def places(svg: str) -> list[tuple[str | None, ...]]:
    """Where everything is but the best path and edges, whose order is by weight."""
    keys = ("x", "y", "width", "height", "font-size")
    found: list[tuple[str | None, ...]] = []
    for layer in ET.fromstring(svg).iter(f"{SVG}g"):
        if layer.get("class") not in ("path", "rim", "edges"):
            found += [(layer.get("class"), one.tag, *(one.get(key) for key in keys)) for one in layer]
    return found


@pytest.mark.parametrize("one", SPACES, ids=str)
def test_weights_move_nothing(one: Shipped) -> None:
    first, second = (weighted(loaded(one), seed) for seed in (1, 2))
    assert first != second
    assert places(first) == places(second)


@pytest.mark.parametrize("one", [*SPACES, *ARCHITECTURES], ids=str)
def test_structure_is_drawn_before_anything_is_searched(one: Shipped) -> None:
    space = loaded(one)
    svg = picture(space.graph, space.name)
    assert svg == picture(space.graph, space.name)
    root = ET.fromstring(svg)
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    assert 0.999 <= width / height <= 4.001
    assert len(svg) < 1_500_000
    titles = [found.text or "" for found in root.iter(f"{SVG}title")]
    if one in SPACES:
        assert any(re.search(r"\.hc:\d+:\d+", title) for title in titles)


# ---------------------------------------------------------------- what they show


def panels(file: str, name: str, **parameters: Any) -> dict[str, Panel]:
    space = hc.load(FOLDER / file, name, **parameters)
    found, left_out = read_panels(space.graph.space, ratings(space.graph.decisions, None, space.graph.space.decided))
    assert left_out == 0
    return {panel.name: panel for panel in found}


def edges(cell: Panel) -> set[tuple[str, str, str]]:
    assert isinstance(cell, Cell)
    names = [name for name, _ in cell.nodes]
    return {(names[e.source], names[e.target], row.label) for e in cell.edges for rows in e.blocks for row in rows}


def test_the_cell_of_darts_is_two_inputs_nodes_and_an_output() -> None:
    found = panels("darts.hc", "DARTS")
    assert list(found) == ["network", "Normal", "Reduce"]
    cell = found["Normal"]
    assert isinstance(cell, Cell)
    assert [name for name, _ in cell.nodes] == ["s0", "s1", *(f"n[{i}]" for i in range(6)), "out"]
    assert cell.inputs == 2
    searched = [edge for edge in cell.edges if any(len(rows) == 8 for rows in edge.blocks)]
    assert len(searched) == 14
    assert {edge.source for edge in cell.edges if edge.target == 8} == {4, 5, 6, 7}


def test_the_published_cell_of_darts_has_its_ops_on_its_edges() -> None:
    """DARTS_V2 by hand, from the `arch` in spaces/darts.hc."""
    assert edges(panels("darts.hc", "DARTS_V2")["Normal"]) == {
        ("s0", "n[0]", "ReLUConvBN"),
        ("s1", "n[1]", "ReLUConvBN"),
        ("n[0]", "n[2]", "sep_conv_3x3"),
        ("n[1]", "n[2]", "sep_conv_3x3"),
        ("n[0]", "n[3]", "sep_conv_3x3"),
        ("n[1]", "n[3]", "sep_conv_3x3"),
        ("n[1]", "n[4]", "sep_conv_3x3"),
        ("n[0]", "n[4]", "skip_connect"),
        ("n[0]", "n[5]", "skip_connect"),
        ("n[2]", "n[5]", "dil_conv_3x3"),
    }


def test_the_published_recurrent_cell_has_its_activations_on_its_edges() -> None:
    found = edges(panels("rnn_language_model.hc", "DARTS_V1_RNN")["Cell"])
    kept = ["0 relu", "1 relu", "2 tanh", "3 relu", "4 relu", "1 identity", "5 relu", "1 relu"]
    assert found == {(f"s[{one.split()[0]}]", f"s[{i + 1}]", one.split()[1]) for i, one in enumerate(kept)}


def test_a_choice_of_node_and_op_is_drawn_on_the_edge_of_the_node_that_it_reads() -> None:
    cell = panels("nasnet.hc", "NASNet", layers=3)["Normal"]
    assert isinstance(cell, Cell)
    pairs = {(e.source, e.target): len(e.blocks) for e in cell.edges if any(len(rows) > 1 for rows in e.blocks)}
    assert len(pairs) == 2 + 3 + 4 + 5 + 6 and set(pairs.values()) == {2}, "two branches read each earlier node"
    assert len({row.label for e in cell.edges for rows in e.blocks for row in rows if len(rows) > 1}) == 10


def test_repeats_fold_and_the_network_keeps_its_order() -> None:
    flow = panels("darts.hc", "DARTS_V2")["network"]
    assert isinstance(flow, Flow)
    times = "\N{MULTIPLICATION SIGN}"
    names = [item.lines[0] for item in flow.items]
    cells = [f"6 {times} Normal", "Reduce", f"6 {times} Normal", "Reduce", f"6 {times} Normal"]
    assert names == ["x", "conv c = 108, k = 3", *cells, "AuxiliaryHead", "gap"]
    assert [item.output for item in flow.items] == [False] * 8 + [True]
    assert all(source < place for place, item in enumerate(flow.items) for source in item.sources)


def test_the_layers_of_a_chain_stand_under_their_stage() -> None:
    flow = panels("nas_bench_macro.hc", "NASBenchMacro")["network"]
    assert isinstance(flow, Flow)
    layers = [(item.stage, item.lines[0]) for item in flow.items if item.rows]
    assert layers == [(f"stage {s}", f"layer {n}") for s, count in enumerate((2, 3, 3)) for n in range(count)]


def test_the_best_path_of_a_chain_is_one_unbroken_line() -> None:
    chain = next(one for one in SPACES if one.path.stem == "nas_bench_macro")
    root = ET.fromstring(weighted(loaded(chain), 3))
    (path,) = next(g for g in root.iter(f"{SVG}g") if g.get("class") == "path")
    assert path.get("d", "").count("M") == 1


def test_level_of_detail_follows_the_size() -> None:
    space = hc.load(FOLDER / "nasnet.hc", layers=3)
    root = ET.fromstring(picture(space.graph, space.name))
    (ops,) = (g for g in root.iter(f"{SVG}g") if g.get("class") == "ops")
    assert len(ops.findall(f"{SVG}rect")) == 800 + 4
    assert len(ops.findall(f"{SVG}text")) == 4, "only an op that stands alone has a label"


def test_what_a_choice_kept_is_named_without_the_node_that_it_reads() -> None:
    kept = {label for _, _, label in edges(panels("nasnet.hc", "NASNet_A")["Normal"])}
    assert kept == {"ReLUConvBN", "sep_conv_3x3", "sep_conv_5x5", "avg_pool_3x3", "skip_connect"}


def test_different_choices_of_a_layer_are_called_by_their_names() -> None:
    found = panels("attention.hc", "VisionTransformer", layers=1)
    flow = found["network"]
    assert isinstance(flow, Flow)
    assert [(item.stage, item.lines[0]) for item in flow.items if item.rows] == [
        ("layer 0", "mix"),
        ("layer 0", "feed"),
    ]


# ---------------------------------------------------------------- the gallery


def gallery() -> dict[str, list[str]]:
    """The commands of docs/pictures.md that make its pictures, by the name of the file."""
    text = (FOLDER.parent / "docs" / "pictures.md").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = re.findall(r"^hypercuboid (render .* -o (\S+\.svg))$", text, re.MULTILINE)
    return {name: shlex.split(line) for line, name in lines}


def test_the_gallery_shows_what_its_commands_make() -> None:
    images = {path.name for path in (FOLDER.parent / "docs" / "images").glob("*.svg")}
    page = (FOLDER.parent / "docs" / "pictures.md").read_text(encoding="utf-8")
    assert set(gallery()) == set(re.findall(r"\(images/(\S+\.svg)\)", page)) <= images


@pytest.mark.parametrize("name", ["multichannelnet-max-w.svg", "sharpdarts.svg", "rnn-v2.svg", "fabric-space.svg"])
def test_a_picture_of_the_gallery_has_the_bytes_that_its_command_writes(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(FOLDER.parent)
    made = tmp_path / name
    with pytest.raises(SystemExit) as ended:
        main([*gallery()[name][:-1], str(made)])
    assert ended.value.code in (0, None)
    assert made.read_bytes() == (FOLDER.parent / "docs" / "images" / name).read_bytes()


# ---------------------------------------------------------------- formats and themes


def test_a_picture_is_written_as_what_its_name_says(tmp_path: Path) -> None:
    from PIL import Image

    render = ["render", str(FOLDER / "nas_bench_macro.hc"), "--theme", "dark"]
    for name, kind, options in (("a.png", "PNG", ["--width", "900"]), ("a.webp", "WEBP", [])):
        with pytest.raises(SystemExit) as ended:
            main([*render, "-o", str(tmp_path / name), *options])
        assert ended.value.code in (0, None)
        with Image.open(tmp_path / name) as image:
            assert image.format == kind
            assert image.width == (900 if options else 1600)
            assert max(image.convert("RGB").getpixel((2, 2))) < 40, "the page is dark"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "options", [["-o", "a.jpg"], ["-o", "a.svg", "--width", "900"], ["-o", "a.png", "--theme", "x"]]
)
def test_what_cannot_be_written_is_refused(options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["render", str(FOLDER / "nas_bench_macro.hc"), *options])
    assert ended.value.code == 2
    assert list(tmp_path.iterdir()) == []


def test_dark_keeps_every_contrast_of_light() -> None:
    inks = ("#000000", "#ffffff", INK, MUTED)
    for area in [PAPER, PANEL, "#e6e6e6", *(fill(hue, i / 10) for hue in range(len(HUES)) for i in range(11))]:
        for ink in inks:
            light, dark = contrast(ink, area), contrast(dark_ink(ink), dark_area(area))
            assert dark > 0.88 * light - 0.1, (ink, area)
        assert contrast(dark_ink(ink_on(area)), dark_area(area)) >= 4.5
    assert dark_ink("#000000") == "#ffffff" and dark_ink("#ffffff") == "#000000"


def test_auto_holds_the_colours_of_dark() -> None:
    page = picture_page(hc.load(FOLDER / "nas_bench_macro.hc").graph, "a")
    auto, light, dark = (to_svg(page, theme) for theme in (Theme.AUTO, Theme.LIGHT, Theme.DARK))
    assert "prefers-color-scheme: dark" in auto and "<style" not in light + dark
    assert re.sub(r"<style>.*?</style>\n", "", auto) == light
    used = set(re.findall(r"#[0-9a-f]{6}", re.sub(r"<style>.*?</style>", "", dark)))
    assert used <= set(re.findall(r"#[0-9a-f]{6}", auto))


def hues_of(one: Shipped) -> dict[str, str]:
    """What the legend of a picture says each label is coloured."""
    legend = next(found for found in ET.fromstring(structure(one)).iter(f"{SVG}g") if found.get("class") == "legend")
    signs, found = list(legend), {}
    for swatch, text in itertools.pairwise(signs):
        if swatch.tag == f"{SVG}rect" and swatch.get("width") == "14" and text.tag == f"{SVG}text":
            found["".join(text.itertext())] = str(swatch.get("fill") or swatch.get("class"))
    return found


@cache
def structure(one: Shipped) -> str:
    return picture(loaded(one).graph, one.name, theme=Theme.LIGHT)


def test_a_primitive_of_the_library_has_one_hue_in_all_pictures() -> None:
    found = [hues_of(one) for one in (*SPACES, *ARCHITECTURES)]
    for name in ("none", "max_pool_3x3", "skip_connect", "sep_conv_3x3", "dil_conv_5x5", "flood_conv_3x3"):
        assert len({one[name] for one in found if name in one}) == 1, name
    assert all(len(set(one.values())) == len(one) for one in found), "two labels have two hues"


@pytest.mark.parametrize("one", ARCHITECTURES, ids=str)
def test_an_architecture_has_the_hues_of_its_space(one: Shipped) -> None:
    """A label that both show; `new/fabric.hc` chooses by scale alone, without names."""
    of_space, own = hues_of(next(space for space in SPACES if space.path == one.path)), hues_of(one)
    shared = own.keys() & of_space.keys()
    assert shared or not own
    assert {name: own[name] for name in shared} == {name: of_space[name] for name in shared}
    assert own or one.name == "ByHand"
