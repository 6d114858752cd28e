"""`--without LABEL`: a space with alternatives left out is the space in which they were not written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from supernets import ROOT, space_of

import hypercuboid as hc
from hypercuboid.cli.main import main
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.pipeline import Space, load_from_text

HEAD = "hypercuboid 1\nuse std.ops { conv, dwconv, gap, identity, linear, max_pool }\n"
PROGRAMS = {
    "choice": "space S() on x: image(3, 8, 8) {{ out x -> choose op {{ a: conv(3, 3), b: conv(3, 5){0} }} -> gap }}",
    "one left": "space S() on x: image(3, 8, 8) {{\n  node n = x -> choose op {{ a: conv(3, 3){0} }}\n"
    "  out n -> choose op {{ c: conv(3), d: conv(3, 5) }} -> gap\n}}",
    "nested": "space S() on x: image(3, 8, 8) {{\n"
    "  out x -> choose outer {{ a: choose inner {{ c: conv(3), d: conv(3, 3){0} }}, b: conv(3, 5){0} }} -> gap\n}}",
    "cuboid": "space S() on x: image(3, 8, 8) {{\n  node stem[v in [1, 2]] = x -> conv(4)\n  cuboid h from stem {{\n"
    "    state (a, b) in [1, 2]\n    depth d in 0..2\n    choice op in [conv(4), conv(4, 3){1}]\n"
    "    out h[a] -> op\n  }}\n  out sum(h[1], h[2]) -> gap\n}}",
    "top": "space S() on x: image(3, 8, 8) {{\n"
    "  out sum top 2 i in 0..3 {{ x -> choose op {{ a: conv(3, 3), b: conv(3){0} }} }} -> gap\n}}",
    "value": "block B() on x {{ let k = choose {{ k1: 1, k3: 3{2} }} out x -> conv(3, k) }}\n"
    "space S() on x: image(3, 8, 8) {{ out x -> B -> B -> gap }}",
}


def program(name: str, whole: bool) -> Space:
    extra = (", gone: max_pool", ", max_pool", ", gone: 5") if whole else ("", "", "")
    return load_from_text(HEAD + PROGRAMS[name].format(*extra))


def label_of(name: str) -> str:
    return "max_pool" if name == "cuboid" else "gone"


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_is_the_space_in_which_they_were_not_written(name: str) -> None:
    whole, written = program(name, True), program(name, False)
    left = whole.without([label_of(name)])
    assert left.graph.hash == written.graph.hash != whole.graph.hash
    assert left.counts() == written.counts()
    assert left.counts().architectures != whole.counts().architectures


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_found_is_an_architecture_of_the_whole_space(name: str) -> None:
    whole = program(name, True)
    left = whole.without([label_of(name)])
    found = left.select({one.name: np.full(one.shape, 0.5) * one.declared() for one in left.graph.decisions})
    assert "pick n.op = a" in found.text or name != "one left"
    again = whole.architecture(found.text)
    assert not again.is_open
    assert again.graph.hash == found.graph.hash
    assert left.architecture(found.text).graph.hash == found.graph.hash
    assert whole.contains(found).contained
    assert label_of(name) not in found.text


def test_the_ablation_of_the_paper() -> None:
    """One op in place of two: each of 4 steps among 2 x 2 pairs of filters, 2 x 2 of them from the start on."""
    whole = space_of("multichannel")
    left = whole.without(["ResizablePool"])
    assert (whole.counts().weights, left.counts().weights) == (32, 16)
    assert whole.counts().architectures == (left.counts().architectures or 0) * 2**4
    darts = hc.load(ROOT / "spaces" / "darts.hc", c=4, layers=3, inputs=(3, 16, 16))
    without = darts.without(["max_pool_3x3", "none"])
    assert (darts.counts().weights, without.counts().weights) == (28 * 8, 28 * 6)


def test_unknown_labels_and_empty_choices_are_refused() -> None:
    with pytest.raises(HypercuboidError, match="no alternative of `S` is called `gon`") as caught:
        program("choice", True).without(["gon"])
    assert (caught.value.diagnostics[0].code, caught.value.diagnostics[0].help) == ("HC7064", "did you mean `gone`?")
    with pytest.raises(HypercuboidError, match="no alternative is left without `c`, `d`") as caught:
        _ = program("one left", True).without(["c", "d"]).graph
    (found,) = caught.value.diagnostics
    assert found.code == "HC5003"
    assert found.span is not None and found.span.text.startswith("choose op")


def test_a_run_without_a_label_can_be_read_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.hc"
    file.write_text(
        HEAD.replace("}", ", relu, tanh }") + "space S() on x: image(1, 8, 8) {\n"
        "  node n = x -> choose op { a: conv(2), gone: conv(2, 3) }\n"
        "  out n -> choose act { relu, tanh, gone: identity } -> gap -> linear(10)\n}\n",
        encoding="utf-8",
    )
    run = str(tmp_path / "run")
    common = ["--data", "digits", "--quiet", "--threads", "1", "--epochs", "1", "--batch", "359"]
    for command in (
        ["search", str(file), *common, "--run", run, "--without", "gone"],
        ["select", run],
        ["render", run, "-o", str(tmp_path / "a.svg")],
        ["generate", run],
        ["check", f"{run}/arch.hc"],
    ):
        with pytest.raises(SystemExit) as ended:
            main(command)
        assert ended.value.code in (0, None), (command, capsys.readouterr().err)
    assert "pick n.op = a" in (tmp_path / "run" / "arch.hc").read_text(encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["search", str(file), *common, "--run", str(tmp_path / "none"), "--without", "a", "--without", "gone"])
    assert ended.value.code == 1
    assert not (tmp_path / "none").exists()
