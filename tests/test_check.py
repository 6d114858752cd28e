"""The command `check`: what it prints where, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hypercuboid.cli.main import main

ROOT = Path(__file__).parent.parent
GOOD = str(ROOT / "spaces" / "multichannelnet.hc")
BAD = str(ROOT / "tests" / "errors" / "undefined_name.hc")
WARNED = str(ROOT / "tests" / "errors" / "nameless_choice.hc")


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["check", *arguments])
    return int(ended.value.code or 0)


def test_a_good_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(GOOD) == 0
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("1 file: no errors\n", "")


def test_a_bad_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(GOOD, BAD) == 1
    printed = capsys.readouterr()
    assert printed.out == "2 files: 1 error\n`hypercuboid explain HC2001` says more\n"
    assert printed.err.startswith("error[HC2001]: `cnv` is not defined\n")


def test_a_warning_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(WARNED) == 0
    assert capsys.readouterr().out == "1 file: no errors, 1 warning\n"


def test_a_warning_is_an_error_where_strict(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--strict", WARNED) == 1
    printed = capsys.readouterr()
    assert printed.out == "1 file: no errors, 1 warning\n"
    assert printed.err.startswith("warning[HC2020]")
    assert run("--strict", GOOD) == 0


def test_formats(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--format", "json", WARNED) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["code"], found["severity"], found["place"]["line"]) == ("HC2020", "warning", 4)
    assert run("--format", "text", "--quiet", GOOD) == 0
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "")
    assert run("--format", "yaml", GOOD) == 2


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json", BAD) == 1
    printed = capsys.readouterr()
    assert [one["code"] for one in json.loads(printed.out)] == ["HC2001"]
    assert printed.err == ""


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("missing.hc") == 1
    assert "error[HC6001]: cannot read `missing.hc`" in capsys.readouterr().err


def test_the_file_that_may_have_been_meant(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Endings are alike, so they are no sign that a file was meant."""
    for name in ("bin.hc", "network.hc"):
        (tmp_path / name).write_text("hypercuboid 1\n", encoding="utf-8")
    run(str(tmp_path / "missing.hc"))
    assert "help: known: `bin.hc`, `network.hc`" in capsys.readouterr().err
    run(str(tmp_path / "networks.hc"))
    assert "help: did you mean `network.hc`?" in capsys.readouterr().err


def test_folders_mean_the_files_in_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("a.hc", "deep/b.hc", "deep/c.txt"):
        (tmp_path / name).write_text("hypercuboid 1\nlet a = b\n", encoding="utf-8")
    assert run(str(tmp_path)) == 1
    printed = capsys.readouterr()
    assert printed.out == "2 files: 2 errors\n`hypercuboid explain HC2001` says more\n"
    assert "deep/b.hc:2:9" in printed.err


def test_tuples_as_binders_are_elaborated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = """hypercuboid 1
use std.ops { conv, gap }
block Both(c: int) on x {
  let widths = [c * f for (f, g) in [(1, 2), (2, 1)] if f < g]
  let s = sum (f, g) in [(1, 2), (2, 1)] { f * g }
  require len(widths) == 1 and s == 4
  out sum (k, d) in zip([3, 5], [1, 2]) { x -> conv(c, k, dilation = d) }
}
space S() on x: image(3, 8, 8) {
  out x -> Both(4) -> gap
}
"""
    path = tmp_path / "a.hc"
    path.write_text(program, encoding="utf-8")
    assert run(str(path)) == 0, capsys.readouterr().err
    path.write_text(program.replace("zip([3, 5], [1, 2])", "[3, 5]"), encoding="utf-8")
    assert run(str(path)) == 1
    assert "error[HC3023]: `(k, d)` takes tuples of 2, not" in capsys.readouterr().err


def test_a_mistake_of_a_file_that_several_use_is_said_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "c.hc").write_text("hypercuboid 1\nblock C() on x { out x -> cnv(1) }\n", encoding="utf-8")
    for name in ("a", "b"):
        (tmp_path / f"{name}.hc").write_text('hypercuboid 1\nuse "./c.hc" { C }\n', encoding="utf-8")
    assert run(str(tmp_path / "a.hc"), str(tmp_path / "b.hc")) == 1
    printed = capsys.readouterr()
    assert printed.out.startswith("2 files: 1 error\n")
    assert printed.err.count("error[HC2001]") == 1
