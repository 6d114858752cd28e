"""What the README shows works: its space, its commands and its Python, run as they stand."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

import hypercuboid as hc
from hypercuboid.cli.main import COMMANDS, main

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def fences(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.fixture
def _checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that sees the spaces of the checkout and may be written to."""
    (tmp_path / "spaces").symlink_to(ROOT / "spaces")
    monkeypatch.chdir(tmp_path)


def test_the_space_compiles() -> None:
    (text,) = fences("hypercuboid")
    counts = hc.load_from_text(text).counts()
    assert counts.weights == 2 * 2 * 2 * 2
    assert counts.architectures == 2 * (2 * 2) ** 2


@pytest.mark.usefixtures("_checkout")
@pytest.mark.parametrize("line", [line for block in fences("sh") for line in block.splitlines()])
def test_the_commands_run(line: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(shlex.split(line)[1:])
    assert ended.value.code in (0, None)


@pytest.mark.usefixtures("_checkout")
def test_the_python_runs(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """One after the other in one namespace, as a reader would type them, beside a generated file."""
    import torch

    torch.set_num_threads(1)
    generated = hc.load("spaces/multichannelnet.hc", "Handmade")
    assert isinstance(generated, hc.Architecture)
    Path("handmade.py").write_text(generated.source(), encoding="utf-8")
    monkeypatch.syspath_prepend(str(Path.cwd()))
    names: dict[str, object] = {}
    for block in fences("python"):
        exec(compile(block, "README.md", "exec"), names)  # noqa: S102
    out = capsys.readouterr().out
    assert "architectures," in out and "arch " in out and "pick h[" in out


def test_the_loop_has_at_most_twenty_lines() -> None:
    loop = fences("python")[-1]
    assert len([line for line in loop.splitlines() if line.strip()]) <= 20


def test_the_loop_for_a_generated_file_has_ten_lines() -> None:
    (loop,) = [one for one in fences("python") if "from handmade" in one]
    assert len([line for line in loop.splitlines() if line.strip()]) <= 10


def test_every_command_is_in_the_table() -> None:
    assert all(f"| `hypercuboid {name}" in README for name in COMMANDS)


def test_the_two_commands_are_targets_of_make() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"demo", "test"} <= set(targets)
