"""The command line itself: help, exit codes, targets, errors without tracebacks. Each command has tests of its own."""

from __future__ import annotations

import json
import os
import runpy
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hypercuboid import __version__
from hypercuboid.cli import common
from hypercuboid.cli.main import COMMANDS, main
from hypercuboid.diagnostics import HypercuboidError

MODEL = """from torch import nn


class Network(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Flatten(), nn.Linear(64, 10))
"""


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    code = ended.value.code
    assert code is None or isinstance(code, int)
    return code or 0


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out == f"hypercuboid {__version__}\n"


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    out = capsys.readouterr().out
    assert all(name in out and summary in out for name, summary in COMMANDS.items())


@pytest.mark.parametrize("name", list(COMMANDS))
def test_help_of_every_command_has_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(name, "--help") == 0
    out = capsys.readouterr().out
    assert f"Usage: hypercuboid {name}" in out
    assert f"hypercuboid {name}" in out.split("Examples:")[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("serch",), "No command `serch`: did you mean `search`?"),
        (("compile",), "Missing argument"),
        (("compile", "a.hc", "--no-such"), "No such option"),
        (("train", "model.py", "--data", "digits", "--run", "r", "--epochs", "0"), "Invalid value for '--epochs'"),
        (("train", "model.py", "--data", "digits", "--run", "r", "--seed", "many"), "--seed"),
    ],
)
def test_wrong_usage_is_2(arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments) == 2
    assert message in capsys.readouterr().err


def test_mistakes_are_1_with_a_diagnostic_and_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.py").write_text(MODEL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    given = ("train", "model.py", "--run", "r")
    for arguments, code, message in [
        ((*given, "--data", "digit"), "HC7050", "did you mean `digits`?"),
        ((*given, "--data", "digits", "--device", "cuda:77"), "HC7060", "the device `cuda:77` cannot be used"),
        ((*given, "--data", "digits", "--device", "toaster"), "HC7060", "try --device cpu"),
        (("train", "nowhere.py", "--data", "digits", "--run", "r"), "HC7020", "cannot read `nowhere.py`"),
        (("train", ".", "--data", "digits", "--run", "r"), "HC7007", "is not a run folder"),
    ]:
        assert run(*arguments) == 1
        err = capsys.readouterr().err
        assert code in err and message in err
        assert "Traceback" not in err and "\x1b" not in err
        assert not Path("r").exists()


def test_a_defect_is_70_and_asks_for_a_report(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**options: bool) -> None:
        raise RuntimeError("out\nof luck")

    monkeypatch.setattr("hypercuboid.cli.doctor.doctor.callback", broken)
    assert run("doctor") == 70
    err = capsys.readouterr().err
    assert "a defect of its own: RuntimeError: out of luck\nPlease report it" in err
    assert "Traceback" not in err
    assert run("--debug", "doctor") == 70
    assert "Traceback" in capsys.readouterr().err
    monkeypatch.setenv("HYPERCUBOID_DEBUG", "1")
    assert run("doctor") == 70
    assert "Traceback" in capsys.readouterr().err


@contextmanager
def nobody() -> Iterator[None]:
    """Without the rights of an administrator, who may enter everything."""
    own = os.geteuid()
    if own == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(own)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "locked"),
        ("check", "locked/a.hc"),
        ("fmt", "locked/a.hc"),
        ("compile", "locked/a.hc"),
        ("show", "locked/run"),
        ("report", "locked/run"),
        ("runs", "locked/run"),
    ],
)
def test_a_folder_that_may_not_be_entered_is_no_defect(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("locked").mkdir()
    with pytest.raises(SystemExit):
        main(arguments)  # what it needs is imported
    capsys.readouterr()
    Path("locked").chmod(0)
    try:
        with nobody(), pytest.raises(SystemExit) as ended:
            main(arguments)
    finally:
        Path("locked").chmod(0o700)
    shown = capsys.readouterr().err
    assert ended.value.code == 1
    assert "permission denied" in shown and "defect" not in shown


@pytest.mark.parametrize("arguments", [("check", "a" * 300 + ".hc"), ("show", "a" * 300)])
def test_a_name_that_is_too_long_is_no_defect(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments) == 1
    assert "name too long" in capsys.readouterr().err


def test_ctrl_c_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(**options: bool) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("hypercuboid.cli.doctor.doctor.callback", stopped)
    assert run("doctor") == 130


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("a.hc", ("a.hc", None)),
        ("a.hc:Space", ("a.hc", "Space")),
        ("a.hc:FlexSepConv(c = 64)", ("a.hc", "FlexSepConv(c = 64)")),
        ('a.hc:B(path = "x.hc:y")', ("a.hc", 'B(path = "x.hc:y")')),
        ("dir.hc/a.txt", ("dir.hc/a.txt", None)),
        ("C:/a.hc:Space", ("C:/a.hc", "Space")),
        ("a.txt:Space", ("a.txt", "Space")),
        ("a.txt:", ("a.txt", None)),
    ],
)
def test_targets_are_split_at_the_end_of_the_file(target: str, expected: tuple[str, str | None]) -> None:
    assert common.split_target(target) == expected


def test_a_file_with_a_colon_in_its_name_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.hc:b").write_text("", encoding="utf-8")
    assert common.split_target("a.hc:b") == ("a.hc:b", None)


def test_train_prints_accuracy_with_its_interval(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "model.py").write_text(MODEL, encoding="utf-8")
    given = ("train", str(tmp_path / "model.py"), "--data", "digits", "--threads", "1", "--epochs", "2")
    assert run(*given, "--run", str(tmp_path / "one")) == 0
    printed = capsys.readouterr()
    result = json.loads((tmp_path / "one" / "result.json").read_text())
    assert f"({result['correct']} of 360), 95 % interval" in printed.out
    assert "train 46/46 steps" in printed.err and "s left, loss" in printed.err
    assert run(*given, "--run", str(tmp_path / "two"), "--quiet", "--json") == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["correct"] == result["correct"]
    assert printed.err == ""
    assert run(*given, "--run", str(tmp_path / "one")) == 1
    assert "holds a finished run" in capsys.readouterr().err


def test_doctor_tells_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    import torch

    assert run("doctor", "--json") in (0, 1)
    found = json.loads(capsys.readouterr().out)
    assert found["torch"]["version"] == torch.__version__
    assert found["packages"]["lark"] and found["python"].startswith("3.")
    assert run("doctor") == (1 if found["missing"] else 0)
    assert torch.__version__ in capsys.readouterr().out


def test_doctor_without_torch_is_1(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    assert run("doctor") == 1
    assert "missing: torch: search and train cannot run; pip install torch" in capsys.readouterr().out


def test_colours_need_a_terminal_and_no_objection(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    assert common.colored(stream)  # type: ignore[arg-type]
    monkeypatch.setenv("NO_COLOR", "1")
    assert not common.colored(stream)  # type: ignore[arg-type]
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not common.colored(stream)  # type: ignore[arg-type]


def test_module_can_be_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["hypercuboid", "--version"])
    monkeypatch.delitem(__import__("sys").modules, "hypercuboid.cli.main")
    with pytest.raises(SystemExit):
        runpy.run_module("hypercuboid.cli.main", run_name="__main__")
    assert __version__ in capsys.readouterr().out


def test_json_refuses_nan() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        common.print_json({"score": float("nan")})


def test_diagnostics_print_themselves() -> None:
    with pytest.raises(HypercuboidError, match=r"error\[HC7060\]"):
        common.use_device("toaster", None)
