"""`hypercuboid ops`: the standard library describes itself, and its examples are what the compiler says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from commands import run

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.library import Entry, entries, find
from hypercuboid.library_examples import example, overview
from hypercuboid.ops import OPS
from hypercuboid.pipeline import load_from_text

STD = Path(__file__).parent.parent / "spaces" / "std"
BY_HAND = {"DartsCell", "NasnetCell"}
"""Blocks whose arguments nobody can guess."""


def entry(name: str) -> Entry:
    (found,) = find(name)
    return found


def test_everything_that_can_be_used_is_listed() -> None:
    ops = [one.name for one in entries() if one.library == "std.ops"]
    assert ops == [name for name in OPS if OPS[name].callable]
    for path in STD.glob("*.hc"):
        blocks = re.findall(r"^block (\w+)", path.read_text(encoding="utf-8"), flags=re.M)
        assert blocks == [one.name for one in entries() if one.library == f"std.{path.stem}" and one.kind == "block"]


def test_everything_is_documented_or_speaks_for_itself() -> None:
    assert all(one.doc for one in entries() if one.kind == "op")
    assert entry("SharpSepConv").doc.startswith("Two separable convolutions around a `mid`-filter bottleneck")


def test_everything_has_an_example() -> None:
    listed = [one for one in entries() if one.kind != "value" and one.name not in BY_HAND]
    lacking = [f"{one.library}.{one.name}" for one, found in zip(listed, overview(listed), strict=True) if not found]
    assert lacking == []


def test_an_example_is_what_the_compiler_says() -> None:
    """The paper's block: 2 (9 c) + 2 c^2 weights in convolutions and 4 c in two affine batch norms."""
    found = example(entry("SharpSepConv"), (), (16, 32, 32))
    assert found is not None
    assert (found.call, found.output.shape) == ("SharpSepConv(c = 16)", (16, 32, 32))
    assert found.params == 2 * 9 * 16 + 2 * 16 * 16 + 4 * 16
    block = "block B() on x: image(16, 32, 32) { out x -> SharpSepConv(16) }"
    counts = load_from_text(f"hypercuboid 1\nuse std.blocks {{ SharpSepConv }}\n{block}", "B").counts()
    assert (found.params, found.macs, found.add_mult) == (counts.params, counts.macs, counts.add_mult)


def test_each_kind_of_tensor_is_tried() -> None:
    kinds = {
        name: [one.input.kind for one in overview([entry(name)])[0]]
        for name in ("conv", "relu", "embed", "linear", "attention")
    }
    assert kinds == {
        "conv": ["image"],
        "relu": ["image", "vector", "sequence"],
        "embed": ["tokens"],
        "linear": ["vector", "sequence"],
        "attention": ["sequence"],
    }


def test_one_op(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ops", "conv(32, 3, stride = 2)", "--input", "3x8x8") == 0
    out = capsys.readouterr().out
    assert "  k: int or (int, int), 1 if not given\n" in out
    assert out.endswith(
        "conv(32, 3, stride = 2) on image 3x8x8\n"
        "  output    image 32x4x4\n"
        "  params    864\n"
        "  macs      13,824\n"
        "  add_mult  13,824\n"
        "  in torch  nn.Conv2d(3, 32, 3, stride=2, padding=1, bias=False)\n"
    )


def test_one_block_with_names_of_the_library(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ops", "DartsCell(16, 1, darts_primitives)") == 0
    out = capsys.readouterr().out
    assert "node n[i in 2..6] = sum top 2 j in 0..i {" in out
    assert "on 2 x image 16x32x32\n  output    image 64x32x32\n" in out
    assert run("ops", "DartsCell") == 0
    assert "For an example give the arguments: hypercuboid ops 'DartsCell(...)'" in capsys.readouterr().out


def test_a_name_of_two_libraries(capsys: pytest.CaptureFixture[str]) -> None:
    assert [one.library for one in find("max_pool_3x3")] == ["std.darts", "std.sharpdarts"]
    assert run("ops", "max_pool_3x3") == 0
    assert capsys.readouterr().out.count("block max_pool_3x3(c: int, stride: int = 1) on x {") == 2
    assert run("ops", "std.darts.max_pool_3x3(8)", "--json") == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["library"], found["examples"][0]["call"]) == ("std.darts", "max_pool_3x3(8)")


def test_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ops") == 0
    out = capsys.readouterr().out
    assert "std.ops\n  attention(heads, causal = false)   3 x sequence 4x16 -> sequence 4x16\n" in out
    assert "  split(n)   image 16x32x32 -> 4 x image 4x32x32, also vector, sequence\n" in out
    assert (
        "\nstd.blocks\n  SharpSepConv(c, k = 3, stride = 1, dilation = 1, mid = c, affine = not searching)   image"
        in out
    )
    assert "      none, max_pool_3x3, avg_pool_3x3, skip_connect, sep_conv_3x3, sep_conv_5x5, dil_conv_3x3, dil" in out


def test_the_list_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ops", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in found] == [one.name for one in entries()]
    pool = next(one for one in found if one["name"] == "max_pool")
    assert pool["arguments"][2] == {"name": "padding", "type": 'int or "same"', "default": '"same"'}
    assert pool["examples"] == [
        {
            "call": "max_pool()",
            "input": {"kind": "image", "shape": [16, 32, 32]},
            "output": {"kind": "image", "shape": [16, 32, 32]},
        }
    ]
    listed = next(one for one in found if one["name"] == "darts_primitives")
    assert (listed["kind"], len(listed["elements"])) == ("value", 8)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ("SharpSepCon",),
            "error[HC2001]: the standard library has no `SharpSepCon`\n help: did you mean `SharpSepConv`?",
        ),
        (("std.dart",), "did you mean `std.darts`?"),
        (("conv(32, 3",), "error[HC1030]"),
        (("conv(32, kernel = 3)",), "error[HC3013]"),
        (("conv(32)", "--input", "16"), "`conv` needs an image (c, h, w), not a vector (d)"),
        (("conv", "--input", "3x3x"), "error[HC1032]"),
    ],
)
def test_mistakes(arguments: tuple[str, ...], expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ops", *arguments) == 1
    assert expected in capsys.readouterr().err


def test_an_unknown_name_is_shown_escaped() -> None:
    with pytest.raises(HypercuboidError, match=r"no `a\\u\{1b\}b`"):
        find("a\x1bb")
