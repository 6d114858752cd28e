"""`hypercuboid new`: each file to start from is sound, and NAME is nothing but a name."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from commands import few_digits, run

from hypercuboid.beginnings import beginning, kinds
from hypercuboid.cli.check import examine
from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.frontend.style import format_text
from hypercuboid.pipeline import load
from hypercuboid.search.progress import Step
from hypercuboid.search.recipe import Recipe
from hypercuboid.searching import SearchRequest, load_for_data, run_search


def test_there_is_something_to_start_from() -> None:
    assert {"cuboid", "cell", "chain", "fabric"} <= set(kinds())


@pytest.mark.parametrize("kind", kinds())
def test_each_is_sound(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("new", "MySpace", "--like", kind, "--quiet") == 0
    text = Path("MySpace.hc").read_text(encoding="utf-8")
    assert "NAME" not in text and "hypercuboid search MySpace.hc" in text
    assert sum(line.lstrip().startswith("#") for line in text.split("\n")) > 8
    assert examine(Path("MySpace.hc")) == []
    assert format_text(text) == text
    space, architecture = load("MySpace.hc"), load("MySpace.hc", "ByHand")
    count, costs = space.counts(), architecture.counts()
    assert space.name == "MySpace" and space.is_open and not architecture.is_open
    assert count.params_range is not None and costs.params is not None
    assert count.params_range[0] <= costs.params <= count.params_range[1]


@pytest.mark.parametrize("name", ["S", "a_long_name_of_a_space"])
def test_the_commands_of_the_heading_stand_in_columns(name: str) -> None:
    lines = [line for line in beginning(name, "cell").splitlines() if line.startswith("#   hypercuboid ")]
    assert len(lines) == 4
    assert len({len(line) - len(line.split("  ")[-1].lstrip()) for line in lines}) == 1


@pytest.mark.parametrize("kind", kinds())
def test_each_is_searched(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    torch.set_num_threads(1)
    Path("MySpace.hc").write_text(beginning("MySpace", kind), encoding="utf-8")
    digits = few_digits()
    space = load_for_data("MySpace.hc", None, (), (), digits)
    seen: list[Step] = []
    request = SearchRequest(space, digits, Path("run"), Recipe(epochs=1, batch=32), torch.device("cpu"))
    found = run_search(request, seen.append)
    assert len(seen) == 2
    assert not found.is_open and (Path("run") / "model.py").is_file()


def test_it_says_what_to_do_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("new", "Tiny") == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "wrote Tiny.hc; next:",
        "  hypercuboid check Tiny.hc                                 # find mistakes",
    ]


def test_nothing_is_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("Tiny.hc").write_text("mine", encoding="utf-8")
    assert run("new", "Tiny") == 1
    assert "error[HC7003]: cannot write `Tiny.hc`: it exists" in capsys.readouterr().err
    assert Path("Tiny.hc").read_text() == "mine"
    Path("Link.hc").symlink_to("nowhere")
    assert run("new", "Link") == 1
    assert not Path("nowhere").exists()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("my-net", "`my-net` cannot name a space"),
        ("../up", "`../up` cannot name a space"),
        ("3x", "`3x` cannot name a space"),
        ("", "`` cannot name a space"),
        ("a\u202eb", "`a\\u{202e}b` cannot name a space"),
        ("x" * 61, "cannot name a space"),
        ("block", "`block` is a word of the language"),
        ("conv", "`conv` means something else in the file"),
        ("ByHand", "`ByHand` means something else in the file"),
        ("NAME", "`NAME` means something else in the file"),
        ("len", "`len` means something else in the file"),
    ],
)
def test_a_name_is_a_name(
    name: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(HypercuboidError) as caught:
        beginning(name, "cuboid")
    assert expected in str(caught.value)
    assert run("new", "--", name) == 1
    assert "error[HC1034]" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_kind_is_wrong_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("new", "Tiny", "--like", "cubiod") == 2
    assert "did you mean `cuboid`?" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
