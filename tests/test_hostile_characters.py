"""Characters that hide what is read or command a terminal: refused in source, shown escaped in everything we print."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hypercuboid.cli.main import main
from hypercuboid.terminal import escape

CHARACTERS = {
    "right to left": "\u202e",
    "left to right": "\u202d",
    "isolate": "\u2066",
    "end of isolate": "\u2069",
    "zero width space": "\u200b",
    "zero width joiner": "\u200d",
    "byte order mark": "\ufeff",
    "soft hyphen": "\u00ad",
    "line separator": "\u2028",
    "hangul filler": "\u3164",
    "tag": "\U000e0041",
    "colour": "\x1b[31m",
    "control sequence": "\x9b2J",
    "bell": "\x07",
}

SPACE = """hypercuboid 1
use std.ops { conv }
param k: int = 3
space S() on x: image(3, 8, 8) { out x -> conv(k, 1) }
"""
WRONG = SPACE.replace("conv(k", "conv(j")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """The exit code of a command and all that it printed, which must be safe to show."""

    def command(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        said = capsys.readouterr()
        text = said.out + said.err
        assert escape(text) == text, arguments
        assert ended.value.code in (0, 1, 2, None), said.err
        return int(ended.value.code or 0), text

    return command


Run = Callable[..., tuple[int, str]]


def each(path: Path, run: Run) -> list[str]:
    """What `check` prints of a file in its three forms."""
    return [run("check", *form, str(path))[1] for form in ((), ("--json",), ("--format", "sarif"))]


@pytest.mark.parametrize("name", CHARACTERS)
def test_in_source(name: str, tmp_path: Path, run: Run) -> None:
    """In a comment, in documentation, in a string and among names: refused at its place."""
    hidden = CHARACTERS[name]
    for text in (
        f"hypercuboid 1\n# a {hidden}comment\n{SPACE[14:]}",
        f"hypercuboid 1\n## a {hidden}doc\n{SPACE[14:]}",
        SPACE.replace("{ out", f'{{ require true else "{hidden}"\nout'),
        SPACE.replace("param k", f"param {hidden}k"),
    ):
        path = tmp_path / "a.hc"
        path.write_text(text, encoding="utf-8")
        shown, data, sarif = each(path, run)
        code = f"\\u{{{ord(hidden[0]):x}}}"
        assert f"the character `{code}` cannot be seen" in shown
        (first, *_) = json.loads(data)
        assert first["code"] == "HC1001" and first["place"]["line"] > 1
        assert json.loads(sarif)["runs"][0]["results"][0]["ruleId"] == "HC1001"


@pytest.mark.parametrize("name", CHARACTERS)
def test_in_the_name_of_a_file(name: str, tmp_path: Path, run: Run) -> None:
    path = tmp_path / f"a{CHARACTERS[name]}b.hc"
    path.write_text(WRONG, encoding="utf-8")
    shown, data, _ = each(path, run)
    assert "error[HC2001]" in shown
    assert json.loads(data)[0]["place"]["file"] == str(path), "JSON keeps what it escapes"
    path.write_text(SPACE, encoding="utf-8")
    written = path.with_suffix(".json")
    assert run("compile", str(path), "-o", str(written))[0] == 0
    assert json.loads(written.read_text(encoding="utf-8"))["graph"]["name"] == "S"
    assert run("generate", str(path))[0] == 0
    assert run("render", str(path), "-o", str(path.with_suffix(".dot")))[0] == 0


@pytest.mark.parametrize("name", CHARACTERS)
def test_in_the_name_of_a_used_file(name: str, tmp_path: Path, run: Run) -> None:
    """A program cannot write such a name; a link with a plain name may lead to it."""
    target = tmp_path / f"used{CHARACTERS[name]}.hc"
    target.write_text(WRONG, encoding="utf-8")
    (tmp_path / "link.hc").symlink_to(target.name)
    path = tmp_path / "a.hc"
    path.write_text('hypercuboid 1\nuse "./link.hc" { S }\n', encoding="utf-8")
    shown, data, _ = each(path, run)
    assert "error[HC2001]" in shown
    assert json.loads(data)[0]["place"]["file"] == target.name


@pytest.mark.parametrize("name", CHARACTERS)
def test_on_the_command_line(name: str, tmp_path: Path, run: Run) -> None:
    hidden, path = CHARACTERS[name], tmp_path / "a.hc"
    path.write_text(SPACE, encoding="utf-8")
    for arguments in (
        (f"{path}:{hidden}S",),
        (str(path), "-p", f"k={hidden}3"),
        (str(path), "-p", f"k{hidden}=3"),
        (str(path), "-p", f'k="{hidden}"'),
        (str(path), "--input", f"3x8x8{hidden}"),
        (str(tmp_path / f"no{hidden}.hc"),),
    ):
        assert run("compile", *arguments)[0] == 1
    assert run("select", str(path), "--weights", str(tmp_path / f"{hidden}.json"))[0] == 1
    assert run("render", str(tmp_path / f"run{hidden}"))[0] == 1
    assert run(f"chec{hidden}k", str(path))[0] == 2
    assert run("check", f"--{hidden}", str(path))[0] == 2


@pytest.mark.parametrize("name", CHARACTERS)
def test_in_weights_and_runs(name: str, tmp_path: Path, run: Run) -> None:
    """Names and labels of a file of weights, and the files of a run folder."""
    hidden, path = CHARACTERS[name], tmp_path / "a.hc"
    choice = SPACE.replace("out x -> conv(k, 1)", "out x -> choose op { a: conv(k, 1), b: conv(k, 3) }")
    path.write_text(choice, encoding="utf-8")
    weights = tmp_path / "weights.json"
    for decisions in (
        {hidden: {"axes": {"op": ["a", "b"]}, "values": [0.5, 0.5]}},
        {"out.op": {"axes": {hidden: ["a", "b"]}, "values": [0.5, 0.5]}},
        {"out.op": {"axes": {"op": ["a", hidden]}, "values": [0.5, 0.5]}},
        {"out.op": {"axes": {"op": ["a", "b"]}, "values": [0.5, hidden]}},
    ):
        weights.write_text(json.dumps({"space": "S", "decisions": decisions}), encoding="utf-8")
        assert run("select", str(path), "--weights", str(weights))[0] == 1
    weights.write_text(json.dumps({"space": hidden, "decisions": {}}), encoding="utf-8")
    assert run("select", str(path), "--weights", str(weights))[0] == 1
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"space": f"S{hidden}"}), encoding="utf-8")
    (folder / "state.json").write_text(json.dumps({"state": f"finished{hidden}"}), encoding="utf-8")
    (folder / "space.hc").write_text(choice, encoding="utf-8")
    assert run("compile", str(folder))[0] == 1
    assert run("generate", str(folder))[0] == 1


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are bytes")
def test_in_names_that_are_no_text(tmp_path: Path, run: Run) -> None:
    name = os.fsdecode(os.fsencode(str(tmp_path)) + b"/\xff\xfe.hc")
    Path(name).write_text(WRONG, encoding="utf-8")
    shown, data, _ = each(Path(name), run)
    assert "error[HC2001]" in shown and json.loads(data)
    Path(name).write_text(SPACE, encoding="utf-8")
    assert run("compile", name, "-o", f"{name}.json")[0] == 0
    assert run("generate", name, "-o", f"{name}.py")[0] == 0
