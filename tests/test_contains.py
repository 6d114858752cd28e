"""`hypercuboid contains`: an architecture is in a space exactly where deciding the space gives its network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import run, write

from hypercuboid.containment import containment
from hypercuboid.pipeline import Space, load

SPACES = Path(__file__).parent.parent / "spaces"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write(tmp_path_factory.mktemp("contains"))


def codes(space: Space, other: Space) -> list[str]:
    found = space.contains(other)
    assert found.contained == (not found.reasons)
    return [one.code for one in found.reasons]


@pytest.mark.parametrize(
    ("space", "other"),
    [
        ("S", "A"),
        ("S", "S"),
        ("S", "Half"),
        ("S(up = true)", "Up"),
        ("S", "Up"),  # a subset of the space, one decision less
        ("S", "S(up = true, acts = [tanh])"),
        ("S(acts = [tanh])", "A"),  # the decision that is no decision there has the same outcome
        ("Half", "Up"),
        ("Half", "Half"),
        ("Same", "A"),
        ("S", "Same"),
        ("Twice", "Tanh"),
        ("Nodes", "One"),
        ("Nodes", "Other"),
    ],
)
def test_contained(space: str, other: str, file: str) -> None:
    assert codes(load(file, space), load(file, other)) == []


@pytest.mark.parametrize(
    ("space", "other", "expected"),
    [
        ("S(up = true)", "A", ["HC5045", "HC5043"]),
        ("S(acts = [relu])", "A", ["HC5045", "HC5041"]),
        ("S(layers = 1)", "A", ["HC5045", "HC5041"]),
        ("S(layers = 30)", "A", ["HC5045", "HC5044"]),
        ("Half", "A", ["HC5042"]),
        ("Half", "S", ["HC5041"]),
        ("T", "A", ["HC5047"]),
        ("S", "T", ["HC5047"]),
        ("Shared", "Tanh", ["HC5047"]),
        ("S", "One", ["HC5046", *["HC5041"] * 6]),
        ("S(up = true)", "S", ["HC5045", "HC5043", "HC5043"]),
    ],
)
def test_not_contained(space: str, other: str, expected: list[str], file: str) -> None:
    found = codes(load(file, space), load(file, other))
    assert found[: len(expected)] == expected
    assert set(found[len(expected) :]) <= {"HC5041", "HC5043", "HC5044"}


def test_parameters_and_shapes_count(file: str) -> None:
    architecture = load(file, "A")
    assert codes(load(file, "S", classes=100), architecture) == ["HC5045"]
    assert codes(load(file, "S", inputs=(3, 8, 8)), architecture) == ["HC5046"]
    assert codes(load(file, "S", classes=100), load(file, "A", classes=100)) == []


@pytest.mark.parametrize("seed", range(3))
def test_what_is_drawn_from_a_space_is_in_it(file: str, seed: int) -> None:
    """And in no space that lacks what it keeps."""
    space, narrow = load(file, "S"), load(file, "S(up = true)")
    for one in space.sample(5, seed):
        assert containment(space, one).contained
        rises = all("16 -> 8" not in line for line in one.text.split("\n"))
        assert containment(narrow, one).contained == rises


def test_published_architectures() -> None:
    darts = load(SPACES / "darts.hc", c=36, layers=20)
    assert codes(darts, load(SPACES / "darts.hc", "DARTS_V2")) == []
    assert set(codes(load(SPACES / "darts.hc"), load(SPACES / "darts.hc", "DARTS_V2"))) == {"HC5045"}
    sharp = load(SPACES / "sharpdarts.hc", "SHARP_DARTS")
    assert "HC5043" in codes(darts, sharp)
    paths = load(SPACES / "multichannelnet.hc", reductions=4, layers=2)
    assert codes(paths, load(SPACES / "multichannelnet.hc", "MaxWPath")) == []


def test_the_answer(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("contains", f"{file}:S", f"{file}:A") == 0
    assert capsys.readouterr() == ("`S` contains `A`\n", "")
    assert run("contains", f"{file}:S", f"{file}:A", "--quiet") == 0
    assert capsys.readouterr() == ("", "")


def test_the_reasons(file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(Path(file).parent)
    assert run("contains", "a.hc:S", "a.hc:A", "-p", "up=true") == 1
    printed = capsys.readouterr()
    assert printed.out == "`S` does not contain `A`\n"
    assert printed.err == (
        "error[HC5045]: `up` is false in `A` and true in `S`\n"
        " help: give both one value: `-p up=...`\n\n"
        "error[HC5043]: `S` has no alternative `16 -> 8: 3` at `h[layer = 0]`\n"
        "  --> a.hc:20:3\n"
        "   |\n"
        "20 |   pick h[layer = 0] = 16 -> 8: 3\n"
        "   |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  --> a.hc:10:34\n"
        "   |\n"
        "10 |     state (a, b) in widths where b >= a or not up\n"
        "   |                                  ---------------- this condition leaves some out\n"
        "   = alternatives: 8 -> 8: 1; 8 -> 8: 3; 8 -> 16: 1; 8 -> 16: 3; 16 -> 16: 1; 16 -> 16: 3\n"
        "   help: pick one of these, or widen the space\n"
    )


@pytest.mark.parametrize(
    ("space", "other", "expected"),
    [
        ("S(layers = 1)", "A", "`S` has no open decision `h[layer = 1]`"),
        ("S(layers = 1)", "A", "= `h` is open at [layer = 0]"),
        ("S(acts = [relu])", "A", "20 |   pick out.act = tanh\n"),
        ("S(acts = [relu])", "A", "^ `A` decides it"),
        ("S(layers = 30)", "A", "`A` leaves 28 decisions of `S` open"),
        ("S(layers = 30)", "A", "= open: `h[layer = 2]`, `h[layer = 3]`, "),
        ("Half", "A", "`Half` has decided `h[layer = 0]` in another way"),
        ("Half", "A", "= it keeps `8 -> 8: 3` there"),
        ("S", "One", "the input `x` is (4, 8, 8) in `One` and (3, 16, 16) in `S`"),
        ("T", "A", "the decisions of `A` give another network in `T`"),
        ("T", "A", "= the first tensor that differs is `h[0][16,8][3].Wide.identity`, identity() (a.hc:"),
        ("S(up = true)", "S", "the first `S` has no alternative `16 -> 8: 1` at `h[layer = 0]`"),
        ("Half", "S", "`Half` has no open decision `h[layer = 0]`"),
        ("S", "T", "= `TSample0` was drawn from the architectures of `T`"),
    ],
)
def test_each_reason_says_what_it_is(
    space: str,
    other: str,
    expected: str,
    file: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(Path(file).parent)
    assert run("contains", f"a.hc:{space}", f"a.hc:{other}") == 1
    assert expected.replace("20 |", "22 |") in capsys.readouterr().err


def test_many_reasons_are_cut_short(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    small = "S(up = true, layers = 30)"
    assert run("contains", f"{file}:{small}", f"{file}:S(layers = 30)") == 1
    err = capsys.readouterr().err
    assert err.count("error[") == 10 and err.endswith("\nand 21 more\n")


def test_json(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("contains", f"{file}:Half", f"{file}:A", "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["space"], found["architecture"], found["contained"]) == ("Half", "A", False)
    assert [(one["code"], one["place"]["line"]) for one in found["reasons"]] == [("HC5042", 20)]
    assert run("contains", f"{file}:S", f"{file}:A", "--json") == 0
    assert json.loads(capsys.readouterr().out)["reasons"] == []


def test_what_cannot_be_answered_is_2(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        (f"{file}:S", f"{file}:Nothing"),
        ("none.hc", f"{file}:A"),
        (f"{file}:S", f"{file}:A", "-p", "z=1"),
    ):
        assert run("contains", *arguments) == 2
        printed = capsys.readouterr()
        assert printed.out == "" and "error[HC" in printed.err
