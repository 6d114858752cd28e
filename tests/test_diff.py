"""`hypercuboid diff`: what two spaces or architectures have apart, and that equal ones have nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from commands import few_digits, run, write

from hypercuboid.beginnings import beginning
from hypercuboid.differences import AxisChange, DecisionChange, Difference, difference
from hypercuboid.pipeline import load
from hypercuboid.search.recipe import Recipe
from hypercuboid.searching import SearchRequest, load_for_data, run_search

SPACES = Path(__file__).parent.parent / "spaces"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write(tmp_path_factory.mktemp("diff"))


def of(file: str, first: str, second: str) -> Difference:
    return difference(load(file, first), load(file, second))


@pytest.mark.parametrize("name", ["S", "A", "Half", "Nodes", "One", "T"])
def test_nothing_differs_from_itself(name: str, file: str) -> None:
    assert of(file, name, name).is_empty


def test_the_order_of_terms_says_nothing(file: str) -> None:
    found = of(file, "One", "Other")
    assert found.picks == {"n[3]": ("[0: relu, 2: identity]", "[1: relu, 2: identity]")}
    assert not found.is_empty


def test_other_words_for_one_space(file: str) -> None:
    """The name of the input is a word too: only it differs."""
    found = of(file, "S", "Same")
    assert found.inputs == {"x": ("image(3, 16, 16)", None), "image": (None, "image(3, 16, 16)")}
    assert not (found.arguments or found.changed or found.picks or found.added or found.removed)


def test_labels_and_axes(file: str) -> None:
    found = of(file, "S(layers = 3, acts = [relu])", "S")
    assert found.arguments == {"acts": ("[`relu`]", "[`relu`, `tanh`]"), "layers": ("3", "2")}
    assert (found.removed, found.added) == ((), ("out.act",))
    assert found.changed == (DecisionChange("h", (), (), (AxisChange("layer", ("2",), ()),), None),)
    moved = of(file, "S(acts = [tanh, relu])", "S").changed
    assert moved == (DecisionChange("out.act", (), (), (AxisChange("act", (), (), True),), None),)


def test_competing_groups(tmp_path: Path) -> None:
    text = (SPACES / "fabric.hc").read_text(encoding="utf-8")
    (tmp_path / "a.hc").write_text(text, encoding="utf-8")
    (tmp_path / "b.hc").write_text(text.replace("compete per (layer, t)", "compete per layer"), encoding="utf-8")
    found = difference(load(tmp_path / "a.hc"), load(tmp_path / "b.hc"))
    assert found.changed == (DecisionChange("f", (), (), (), (("layer", "t"), ("layer",))),)
    assert found.counts["groups"] == (48, 8)


def test_counts_are_those_of_both(file: str) -> None:
    found = of(file, "S", "S(layers = 1)")
    first, second = load(file, "S").counts(), load(file, "S(layers = 1)").counts()
    assert found.counts["architectures"] == (first.architectures, second.architectures) == (64, 16)
    assert found.counts["params"] == (first.params, second.params)


def test_networks_that_differ_in_ops_alone(file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "b.hc"
    other.write_text(
        Path(file)
        .read_text()
        .replace("node stem[c in widths] = x -> conv(c, 3)", "node stem[c in widths] = x -> conv(c, 3) -> identity")
    )
    found = difference(load(file, "S"), load(other, "S"))
    assert found.networks and not (found.arguments or found.changed or found.picks)
    assert all(a == b for a, b in found.counts.values())
    assert run("diff", f"{file}:A", f"{other}:A") == 1
    assert "the decisions are alike, the networks are not" in capsys.readouterr().out


def test_two_architectures(capsys: pytest.CaptureFixture[str]) -> None:
    darts = str(SPACES / "darts.hc")
    assert run("diff", f"{darts}:DARTS_V1", f"{darts}:DARTS_V2") == 1
    assert capsys.readouterr().out == (
        f"- {darts}:DARTS_V1\n+ {darts}:DARTS_V2\n"
        "\npicks\n"
        "  Normal.n[3]\n    - [0: skip_connect, 1: sep_conv_3x3]\n    + [0: sep_conv_3x3, 1: sep_conv_3x3]\n"
        "  Normal.n[5]\n    - [0: sep_conv_3x3, 2: skip_connect]\n    + [0: skip_connect, 2: dil_conv_3x3]\n"
        "  Reduce.n[3]\n    - [0: max_pool_3x3, 2: skip_connect]\n    + [1: max_pool_3x3, 2: skip_connect]\n"
        "  Reduce.n[5]\n    - [0: avg_pool_3x3, 2: skip_connect]\n    + [1: max_pool_3x3, 2: skip_connect]\n"
        "\ncounts              -            +   difference\n"
        "params      3,169,414    3,349,342     +179,928\n"
        "macs      500,987,520  528,359,040  +27,371,520\n"
        "add_mult  518,940,288  547,473,024  +28,532,736\n"
    )


def test_two_spaces(file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(Path(file).parent)
    assert run("diff", "a.hc:S", "a.hc:S(layers = 3, acts = [relu])") == 1
    out = capsys.readouterr().out
    assert "\narguments\n  acts\n    - [`relu`, `tanh`]\n    + [`relu`]\n  layers\n    - 2\n    + 3\n" in out
    assert "\ndecisions\n  - out.act\n  h\n    + layer: 2\n\ncounts" in out
    (weights,) = [line.split() for line in out.split("\n") if line.startswith("weights")]
    assert weights == ["weights", "18", "24", "+6"]


def test_parameters_hold_for_both(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("diff", f"{file}:S", f"{file}:S", "-p", "layers=3", "-p", "classes=5", "--input", "3x8x8") == 0
    assert capsys.readouterr().out == "no difference\n"


def test_json(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("diff", f"{file}:S", f"{file}:Half", "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["equal"], found["names"], found["kinds"]) == (False, ["S", "Half"], ["space", "space"])
    assert found["picks"] == {"h[layer = 0]": [None, "8 -> 8: 3"]}
    assert found["decisions"]["changed"] == [
        {
            "name": "h",
            "axes_removed": [],
            "axes_added": [],
            "axes": {"layer": {"removed": ["0"], "added": [], "moved": False}},
            "compete": None,
        }
    ]
    assert found["counts"]["architectures"] == [64, 8, -56]
    assert run("diff", f"{file}:A", f"{file}:A", "--json") == 0
    assert json.loads(capsys.readouterr().out)["equal"] is True


def test_what_cannot_be_compared_is_2(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("diff", f"{file}:S", "none.hc") == 2
    assert "error[HC6001]" in capsys.readouterr().err
    assert run("diff", f"{file}:S") == 2


def test_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A run is what it found; beside an open space it is the space that it searched."""
    monkeypatch.chdir(tmp_path)
    torch.set_num_threads(1)
    Path("a.hc").write_text(beginning("Tiny", "chain"), encoding="utf-8")
    for seed, name in enumerate(("one", "two")):
        space = load_for_data("a.hc", None, ("kernels=[1]",), (), few_digits())
        request = SearchRequest(space, few_digits(), Path(name), Recipe(epochs=1, seed=seed), torch.device("cpu"))
        run_search(request, lambda step: None)
    assert run("diff", "one", "one") == 0
    assert run("fmt", "--check", "one/arch.hc", "one/space.hc") == 0
    assert run("diff", "one", "one/space.hc") == 0
    assert run("diff", "one/space.hc:Tiny", "two") == 0
    assert run("contains", "one", "two") == 0
    assert run("contains", "a.hc", "one", "-p", "kernels=[1]") == 0
    assert run("contains", "a.hc:Tiny(kernels = [3])", "one") == 1
    err = capsys.readouterr().err
    assert "`kernels` is [1] in `TinyFound` and [3] in `Tiny`\n --> one/arch.hc:4:" in err
    assert run("diff", "a.hc:ByHand", "one") == 1
    assert "\n    + MBConv(expansion = " in capsys.readouterr().out
