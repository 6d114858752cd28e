"""The elaborated space: what `expected.json` says of the specification's programs, and rulings one by one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hypercuboid as hc
from hypercuboid.cli.compile import describe
from hypercuboid.pipeline import load_from_text, load_target

TESTS = Path(__file__).parent
EXPECTED: dict[str, Any] = {
    key: value for key, value in json.loads((TESTS / "golden" / "expected.json").read_text()).items() if key != "note"
}


def target(key: str) -> tuple[str, str, list[str]]:
    """File, name and parameters of a key such as `a.hc:B -p c=[1,2] -p d=3`."""
    where, *parameters = re.split(r" -p ", key)
    file, name = where.split(":", 1)
    own = TESTS.parent / "spaces" / file
    return str(own if own.exists() else TESTS / "programs" / file), name, parameters


@pytest.mark.parametrize("key", EXPECTED)
def test_counts_are_those_of_the_specification(key: str) -> None:
    file, name, parameters = target(key)
    space = load_target(file, name, parameters, ())
    found = describe(space, space.counts())
    assert {field: found[field] for field in EXPECTED[key]} == EXPECTED[key]


def counts_of(text: str, name: str | None = None) -> dict[str, Any]:
    space = load_from_text("hypercuboid 1\n" + text, name)
    return describe(space, space.counts())


OPS = "use std.ops { conv, bn, relu, gap, linear, identity }\n"


def test_two_choices_that_have_one_name_are_numbered_in_the_order_of_the_text() -> None:
    found = counts_of(
        OPS
        + "space S() on x: image(3, 8, 8) { out x -> choose { a: conv(4), b: conv(4, 3) }"
        + " -> choose { a: relu, b: identity } -> gap -> linear(2) }"
    )
    assert [decision["name"] for decision in found["decisions"]] == ["out.choice", "out.choice@2"]
    assert found["architectures"] == 4


def test_a_choice_of_blocks_that_is_used_twice_is_one_decision() -> None:
    text = "space S() on x: image(3, 8, 8) {{ let act = choose {{ a: relu, b: identity }} out x -> {use} -> gap }}"
    assert counts_of(OPS + text.format(use="act -> conv(4) -> act"))["architectures"] == 2
    assert counts_of(OPS + text.format(use="act"))["architectures"] == 2


def test_one_alternative_is_no_decision_and_none_is_an_error() -> None:
    text = "space S() on x: image(3, 8, 8) {{ out x -> choose op in [conv(4), conv(4, 3)] where {c} {{ op }} -> gap }}"
    assert counts_of(OPS + text.format(c="true"))["architectures"] == 2
    with pytest.raises(hc.HypercuboidError, match="no alternative is left"):
        counts_of(OPS + text.format(c="false"))


def test_two_axes_of_values_in_one_body_are_one_decision_over_their_product() -> None:
    found = counts_of(
        OPS
        + "block B(c: int) on x { let k = choose { k1: 1, k3: 3 } let m = choose { s: c, d: 2 * c } "
        + "out x -> conv(m, k) -> conv(c) } space S() on x: image(3, 8, 8) { out x -> B(4) -> B(8) -> gap }"
    )
    assert [(d["name"], d["axes"]) for d in found["decisions"]] == [
        ("out.k, m", {"k": ["k1", "k3"], "m": ["s", "d"]}),
        ("out.k, m@2", {"k": ["k1", "k3"], "m": ["s", "d"]}),
    ]
    assert (found["weights"], found["groups"], found["architectures"]) == (8, 2, 16)


def test_a_pick_of_one_axis_leaves_the_other_open() -> None:
    text = (
        "block B(c: int) on x { let k = choose { k1: 1, k3: 3 } let m = choose { s: c, d: 2 * c } "
        "out x -> conv(m, k) -> conv(c) } space S() on x: image(3, 8, 8) { out x -> B(4) -> gap } "
        "arch Half of S() partial { pick out.k = k3 } arch Whole of S() { pick out.k = k3 pick out.m = d }"
    )
    assert counts_of(OPS + text, "Half")["architectures"] == 2
    whole = counts_of(OPS + text, "Whole")
    assert (whole["kind"], whole["params"]) == ("architecture", 3 * 8 * 9 + 8 * 4)


def test_an_architecture_that_leaves_a_decision_open_names_it() -> None:
    space = hc.load(TESTS / "programs" / "hard.hc", "TwoAxes")
    with pytest.raises(hc.HypercuboidError, match="leaves 1 decision open"):
        space.architecture("arch A of TwoAxes() { pick h[layer = 0] = 8 -> 16: (3, 1) }").elaborated  # noqa: B018


@pytest.mark.parametrize(
    ("pick", "message"),
    [
        ("pick h[layer = 0] = 8 -> 24: (3, 1)", "is no alternative here"),
        ("pick h[layer = 7] = 8 -> 16: (3, 1)", "is not open at this coordinate"),
        ("pick g[layer = 0] = 8 -> 16: (3, 1)", "is no open decision"),
        ("pick h = 8 -> 16: (3, 1) pick h[layer = 0] = 8 -> 16: (3, 1)", "is decided twice"),
        ("pick h[layer = 0] = 8 -> 16: (3, 1) pick h[layer = 1] = 8 -> 16: (3, 1)", "path through `h` is broken"),
    ],
)
def test_impossible_picks_say_what_is_wrong(pick: str, message: str) -> None:
    space = hc.load(TESTS / "programs" / "hard.hc", "TwoAxes")
    with pytest.raises(hc.HypercuboidError, match=message):
        space.architecture(f"arch A of TwoAxes() {{ {pick} }}").elaborated  # noqa: B018


def test_a_giant_axis_is_refused_with_the_exact_count() -> None:
    path = TESTS.parent / "spaces" / "multichannelnet.hc"
    with pytest.raises(hc.HypercuboidError, match="too large to elaborate") as caught:
        load_target(str(path), None, ["layers=1000000000"], ())
    assert "96000000000 weights: 32 alternatives in each of 3000000000 steps" in caught.value.diagnostics[0].notes[0]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("out x -> con(3)", "`con` is not defined"),
        ("out x -> conv(3, size = 1)", "has no parameter `size`"),
        ("out x -> conv()", "needs `c`"),
        ("out x -> conv(3, 1, 1, 1, 1, false, 0, 9)", "takes no more than"),
        ("out sum p in [x, x -> conv(3, 3, stride = 2)] { p }", "have different shapes"),
        ("out x -> 3", "must be a block, not an integer"),
        ("out [x, x] -> bn", "must be a tensor, not a list"),
        ("let y = 1 / 0 out x", "division by zero"),
        ("let y = 2 ** 2 ** 30 out x", "exponent is over 1024"),
        ("let y = x.z out x", "has no attribute `z`"),
        ('require x.c % 2 == 0 else "even only" out x', "even only"),
        ("node n[0] = x out n[1]", "`n` has no member"),
        ("out x -> conv(choose { a: 1, b: 2 })", "must be the whole right side of a `let`"),
    ],
)
def test_mistakes_are_found_at_their_place(body: str, message: str) -> None:
    with pytest.raises(hc.HypercuboidError, match=re.escape(message)) as caught:
        counts_of(OPS + f"space S() on x: image(3, 8, 8) {{ {body} }}")
    assert all(one.span is not None for one in caught.value.diagnostics)


def test_a_size_of_an_input_may_follow_from_arguments_before_it() -> None:
    head = (
        "hypercuboid 1\n"
        + OPS
        + "space S(wide: bool = false, c: int, size: int = 16 + c if wide else 8) on x: image(3, size, size) "
    )
    head += "{ out x -> conv(c) }"
    assert load_from_text(head, "S(c = 4)").elaborated.input_types[0].shape == (3, 8, 8)
    assert load_from_text(head, "S(c = 4)", wide=True).elaborated.input_types[0].shape == (3, 20, 20)
    assert load_from_text(head, "S(c = 4)", size=5).elaborated.input_types[0].shape == (3, 5, 5)
    with pytest.raises(hc.HypercuboidError, match="`S` needs `c`"):
        load_from_text(head, "S").elaborated  # noqa: B018


def test_a_file_alone_is_its_only_space_or_its_only_architecture(tmp_path: Path) -> None:
    use = "hypercuboid 1\nuse std.ops { relu, silu }\n"
    space, arch = (
        "space %s() on x: image(1, 4, 4) { out x -> choose op { relu, silu } }\n",
        "arch %s of S() { pick out.op = silu }\n",
    )
    assert load_from_text(use + space % "S" + arch % "A").name == "S"
    (tmp_path / "space.hc").write_text(use + space % "S")
    head = 'hypercuboid 1\nuse "./space.hc" { S }\n'
    (tmp_path / "arch.hc").write_text(head + arch % "A")
    assert hc.load(tmp_path / "arch.hc").name == "A"
    wrong = {
        "has 2 spaces; say which": use + space % "S" + space % "T",
        "has 2 architectures; say which": head + arch % "A" + arch % "B",
        "has no space": use + "block B() on x { out x -> relu }\n",
    }
    for message, text in wrong.items():
        (tmp_path / "wrong.hc").write_text(text)
        with pytest.raises(hc.HypercuboidError, match=message):
            hc.load(tmp_path / "wrong.hc")


def test_a_block_that_uses_what_asks_for_searching_is_made_anew_for_the_selected_network() -> None:
    """Also the second block that uses it: where the first was elaborated, the inner one is only remembered."""
    block = "block Norm(affine: bool = not searching) on x { out x -> bn(affine = affine) }\n"
    uses = "block First() on x { out x -> Norm() -> relu }\nblock Second() on x { out x -> relu -> Norm() }\n"
    flow = "x -> conv(8) -> First() -> Second() -> choose op { plain: relu, conv: conv(8) } -> gap -> linear(10)"
    space = f"space Net() on x: image(3, 8, 8) {{ out {flow} }}\narch Plain of Net() {{ pick out.op = plain }}\n"
    text = "hypercuboid 1\nuse std.ops { bn, conv, gap, linear, relu }\n" + block + uses + space
    searched, written = load_from_text(text, "Net"), load_from_text(text, "Plain")
    searched.counts()
    selected = searched.select({one.name: np.array([1.0, 0.0]) for one in searched.graph.decisions})
    assert selected.counts().params == written.counts().params
    assert "affine=False" not in selected.source()
