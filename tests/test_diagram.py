"""Pictures of cuboids, checked by machine: geometry, colours, text, size, and that only looks depend on weights."""

from __future__ import annotations

import math
import re
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from hypercuboid.targets.diagram import draw
from hypercuboid.targets.diagram_data import Drawing, DrawnOp, DrawnStep
from hypercuboid.targets.diagram_layout import arrange
from hypercuboid.targets.diagram_legend import Key, drawing_key, legend, legend_height
from hypercuboid.targets.diagram_marks import Text
from hypercuboid.targets.diagram_pinned import trellis_dot
from hypercuboid.targets.diagram_style import HUES, clip, contrast, darkness, fill, ink_on, luminance, text_width

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</text><script>alert(1)</script>\"'&lt;]]>\x1b[31m\u202e"


def made(
    states: int = 4, primitives: int = 2, steps: int = 9, phase: float | None = 0.0, names: tuple[str, str] = ("", "")
) -> Drawing:
    """A drawing with weights that `phase` moves (None: structure only) and a connected path."""
    cells = [(a, b, p) for a in range(states) for b in range(states) for p in range(primitives)]
    drawn, current = [], 0
    for step in range(steps):
        raw = [math.exp(math.sin(1.7 * step + 12.9898 * k + (phase or 0))) for k in range(len(cells))]
        mine = [k for k in range(len(cells)) if cells[k][0] == current]
        best = max(mine, key=lambda k: raw[k])
        ops = tuple(
            DrawnOp(
                *cell,
                uniform=1 / len(cells),
                weight=None if phase is None else raw[k] / sum(raw),
                rank=k + 1,
                params=1000,
                macs=20,
                place="a.hc:3:1",
                kept=phase is not None and k == best,
            )
            for k, cell in enumerate(cells)
        )
        current = cells[best][1]
        drawn.append(DrawnStep(f"reduction {step // 3}, layer {step % 3}{names[1]}", "stride 1, 8..64x8x8", ops, ()))
    labels = tuple(f"{8 * (i + 1)}{names[0]}" for i in range(states))
    kinds = tuple(f"{n}{names[0]}" for n in ("SharpSepConv", "ResizablePool", "SepConv", "Skip")[:primitives])
    return Drawing(f"Net{names[0]}", ("288 weights", f"epoch 3{names[1]}"), labels, kinds, tuple(drawn))


def layer(svg: str, name: str) -> list[ET.Element]:
    root = ET.fromstring(svg)
    (found,) = [g for g in root.iter(f"{SVG}g") if g.get("class") == name]
    return list(found)


def box(element: ET.Element) -> tuple[float, float, float, float]:
    x, y, w, h = (float(element.get(key, "nan")) for key in ("x", "y", "width", "height"))
    return x, y, x + w, y + h


def rects(svg: str, name: str) -> list[tuple[float, float, float, float]]:
    return [box(one) for one in layer(svg, name) if one.tag == f"{SVG}rect"]


def texts(svg: str) -> Iterator[ET.Element]:
    yield from ET.fromstring(svg).iter(f"{SVG}text")


SIZES = [(4, 2, 9), (3, 2, 4), (4, 2, 1), (2, 2, 40), (20, 2, 4), (1, 2, 3), (6, 4, 30)]


@pytest.mark.parametrize("size", SIZES)
def test_no_op_lies_on_another_and_all_lie_in_frames_on_the_page(size: tuple[int, int, int]) -> None:
    svg = draw(made(*size))
    ops, frames = rects(svg, "ops"), rects(svg, "frames")
    assert len(frames) == size[2]
    width = float(ET.fromstring(svg).get("width", "0"))
    assert all(0 <= one[0] < one[2] <= width for one in (*ops, *rects(svg, "states")))
    for op in ops:
        assert any(f[0] <= op[0] and f[1] <= op[1] and op[2] <= f[2] and op[3] <= f[3] for f in frames)
    for a, b in combinations(sorted(frames), 2):
        assert not overlap(a, b)
    for frame in frames:
        inside = sorted((o for o in ops if frame[0] <= o[0] <= frame[2] and frame[1] <= o[1] <= frame[3]), key=rows)
        assert not any(overlap(a, b) for a, b in pairwise(inside))
    for state in rects(svg, "states"):
        assert not any(overlap(state, frame) for frame in frames)


def rows(one: tuple[float, float, float, float]) -> tuple[float, float]:
    return one[1], one[0]


def overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    slack = 0.02  # coordinates are rounded to two decimals
    return a[0] < b[2] - slack and b[0] < a[2] - slack and a[1] < b[3] - slack and b[1] < a[3] - slack


@pytest.mark.parametrize("size", SIZES)
def test_labels_stay_in_their_boxes_and_are_large_enough(size: tuple[int, int, int]) -> None:
    svg = draw(made(*size))
    width = float(ET.fromstring(svg).get("width", "0"))
    for one in texts(svg):
        assert float(one.get("font-size", "0")) * 1600 / width >= 7
    marks = layer(svg, "ops")
    for rect, text in pairwise(marks):
        if rect.tag == f"{SVG}rect" and text.tag == f"{SVG}text":
            shown = "".join(text.itertext()).removeprefix("".join(t.text or "" for t in text.findall(f"{SVG}title")))
            left, _, right, _ = box(rect)
            assert text_width(shown, float(text.get("font-size", "0"))) <= right - left


@pytest.mark.parametrize("size", SIZES)
def test_shape_of_the_page(size: tuple[int, int, int]) -> None:
    root = ET.fromstring(draw(made(*size)))
    assert 0.999 <= float(root.get("width", "0")) / float(root.get("height", "1")) <= 4.001


@pytest.mark.parametrize("size", SIZES)
def test_rows_are_the_states_in_declared_order_in_every_column(size: tuple[int, int, int]) -> None:
    drawing = made(*size)
    layout = arrange(drawing, legend_height(drawing_key(drawing)))
    assert layout is not None
    for band in layout.bands:
        ys = {tuple(pill.y for pill in column.pills) for column in band.columns}
        assert len(ys) == 1
        assert list(next(iter(ys))) == sorted(next(iter(ys)))
        for frame in band.frames:
            ops = drawing.steps[frame.step].ops
            middles = [
                [b.middle for o, b in zip(ops, frame.ops, strict=True) if o.source == s]
                for s in range(len(drawing.states))
            ]
            assert all(max(a) < min(b) for a, b in pairwise(middles))


@pytest.mark.parametrize("size", [*SIZES, (40, 2, 3)])
def test_the_best_path_is_one_unbroken_red_line_in_front(size: tuple[int, int, int]) -> None:
    svg = draw(made(*size))
    (path,) = layer(svg, "path")
    assert path.get("d", "").count("M") == 1
    assert path.get("stroke") == "#c1121f"
    names = [g.get("class") for g in ET.fromstring(svg).iter(f"{SVG}g")]
    assert names.index("path") > max(names.index(n) for n in ("ops", "edges", "states") if n in names)


def test_without_a_connected_path_there_is_no_line() -> None:
    drawing = made()
    first = drawing.steps[0]
    cut = replace(first, ops=tuple(replace(op, kept=False) for op in first.ops))
    assert layer(draw(replace(drawing, steps=(cut, *drawing.steps[1:]))), "path") == []
    assert layer(draw(made(phase=None)), "path") == []


@pytest.mark.parametrize("size", [*SIZES, (40, 2, 3)])
def test_two_epochs_differ_only_in_colour_width_and_path(size: tuple[int, int, int]) -> None:
    first, second = (geometry(draw(made(*size, phase=phase))) for phase in (0.0, 2.5))
    assert first == second


def geometry(svg: str) -> list[tuple[str, ...]]:
    keys = ("x", "y", "width", "height", "font-size")
    found = []
    for name in ("header", "frames", "ops", "states", "names", "legend"):
        if f'<g class="{name}">' in svg:
            found += [(name, one.tag, *(one.get(key, "") for key in keys)) for one in layer(svg, name)]
    return found


def test_structure_alone_stands_where_the_weighted_picture_does() -> None:
    plain, weighted = draw(made(phase=None)), draw(made())
    for name in ("frames", "ops", "states"):
        assert rects(plain, name) == rects(weighted, name)


def test_edges_are_as_many_as_live_ops_ask_for() -> None:
    drawing = made(3, 2, 4)
    first = drawing.steps[0]
    dead = replace(first, ops=(replace(first.ops[-1], live=False, kept=False), *first.ops[:-1]))
    svg = draw(replace(drawing, steps=(dead, *drawing.steps[1:])))
    assert len(layer(svg, "edges")) == 2 * (drawing.op_count - 1)
    assert "cannot reach the output" in svg


# ---------------------------------------------------------------- colours


def test_weight_is_darkness() -> None:
    assert darkness(1 / 32, 1 / 32) == 0.5
    assert darkness(1.0, 0.5) == 1.0
    assert darkness(0.0, 0.5) == 0.0
    for hue in range(len(HUES)):
        light, heavy = fill(hue, darkness(0.02, 1 / 32)), fill(hue, darkness(0.2, 1 / 32))
        assert contrast(light, heavy) > 2
        shades = [luminance(fill(hue, i / 20)) for i in range(21)]
        assert shades == sorted(shades, reverse=True)


def test_uniform_weights_look_uniform() -> None:
    drawing = made()
    steps = tuple(
        replace(step, ops=tuple(replace(op, weight=op.uniform, kept=False) for op in step.ops))
        for step in drawing.steps
    )
    svg = draw(replace(drawing, steps=steps))
    fills = {one.get("fill") for one in layer(svg, "ops") if one.tag == f"{SVG}rect"}
    assert len(fills) == len(drawing.primitives)


def test_text_can_be_read_on_every_fill() -> None:
    backgrounds = [fill(hue, i / 50) for hue in range(len(HUES)) for i in range(51)]
    assert min(contrast(ink_on(one), one) for one in backgrounds) >= 4.5
    inks = {one.get("fill", "") for one in texts(draw(made()))} - {"#ffffff"}
    assert all(contrast(one, "#f7f7f7") >= 4.5 for one in inks)


# ---------------------------------------------------------------- text


def test_clip_keeps_within_the_width_and_says_that_it_cut() -> None:
    assert clip("SharpSepConv", 200, 10) == "SharpSepConv"
    cut = clip("SharpSepConv" * 9, 80, 10)
    assert cut.endswith("…") and text_width(cut, 10) <= 80
    assert clip("abc", 1, 10) == ""


@pytest.mark.parametrize("size", [(4, 2, 2), (12, 2, 4), (40, 2, 3)])
def test_hostile_names_stay_text(size: tuple[int, int, int]) -> None:
    svg = draw(made(*size, names=(HOSTILE, HOSTILE)))
    tags = {one.tag.removeprefix(SVG) for one in ET.fromstring(svg).iter()}
    assert tags <= {"svg", "title", "desc", "rect", "g", "path", "text", "style"}
    assert "<script" not in svg and "\x1b" not in svg and "\u202e" not in svg


def test_each_op_has_a_tooltip_with_everything() -> None:
    drawing = made(3, 2, 2)
    titles = [one.findtext(f"{SVG}title", "") for one in layer(draw(drawing), "ops") if one.tag == f"{SVG}rect"]
    assert len(titles) == drawing.op_count
    for title in titles:
        assert re.search(r"reduction 0, layer \d: \d+ → \d+, (SharpSepConv|ResizablePool)", title)
        assert re.search(r"weight [\d.e-]+, rank \d+ of 18", title)
        assert "1,000 params, 20 macs" in title and "a.hc:3:1" in title


# ---------------------------------------------------------------- size


def test_level_of_detail_follows_the_size() -> None:
    for size, level in (((4, 2, 12), "boxes"), ((4, 2, 13), "heat"), ((20, 2, 6), "heat")):
        layout = arrange(made(*size), 60)
        assert layout is not None and layout.level == level
    big = made(30, 2, 3)
    assert arrange(big, 60) is None
    assert "summary of 5,400 ops" in draw(big)


def test_three_thousand_ops_are_quick_and_small() -> None:
    drawing = made(20, 2, 4)
    assert drawing.op_count == 3200
    began = time.perf_counter()
    svg = draw(drawing)
    assert time.perf_counter() - began < 10  # 2 s promised
    assert len(svg.encode()) < 1_500_000


def test_same_drawing_same_bytes() -> None:
    assert draw(made()) == draw(made())


def test_dot_text_pins_every_node_where_the_picture_has_it() -> None:
    drawing = made(3, 2, 4)
    text = trellis_dot(drawing)
    assert text.count('!"') == drawing.op_count + 3 * 5
    assert trellis_dot(made(3, 2, 4, phase=2.5)).count("pos=") == text.count("pos=")
    pins = re.compile(r'pos="([^"]*)"')
    assert pins.findall(text) == pins.findall(trellis_dot(made(3, 2, 4, phase=2.5)))


@pytest.mark.parametrize("least", [7.21e-4, 1.5e-5, 0.0, 1e-12, 0.25])
def test_no_weight_is_cut_in_the_legend(least: float) -> None:
    found = legend(Key((("op", 0),), (least, 0.000234), True, True, "state", False), 0.0, 900.0)
    words = [mark.text for mark in found.marks if isinstance(mark, Text)]
    assert f"weight: least {min(least, 0.000234):.3g}" in words
    assert not any(word.endswith("…") for word in words)
