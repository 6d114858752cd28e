"""The bar of long work: its words beside it or below it by the width of the terminal, and no bar on a dumb one."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from rich.text import Text

from hypercuboid.cli.common import colored, moves
from hypercuboid.cli.decisions import Decisions
from hypercuboid.cli.progress import Watch, _Bar


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("width", "lines"), [(120, 2), (80, 3)])
def test_numbers_are_whole_at_any_width(width: int, lines: int) -> None:
    console = Console(file=Terminal(), width=width, force_terminal=True, no_color=True)
    bar = _Bar(console)
    words = "loss 1.3907, accuracy 67.97 % and 71.09 % (train, validation)"
    bar.add_task("search", total=33, completed=13, words=words)
    bar.below = Text("epoch 1")
    with console.capture() as shown:
        console.print(bar.get_renderable())
    found = [line.rstrip() for line in shown.get().splitlines() if line.strip()]
    assert len(found) == lines and found[-1] == "epoch 1"
    assert "13/33" in found[0] and "…" not in shown.get() and words in found[lines - 2]


def test_a_dumb_terminal_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert moves(Terminal()) and colored(Terminal()) and not moves(StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert moves(Terminal()) and not colored(Terminal())
    monkeypatch.setenv("TERM", "dumb")
    assert not moves(Terminal())


def test_quick_epochs_are_not_a_line_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Watch("search", 3, False, Decisions(tmp_path)) as watch:
        for epoch in (1, 2, 3):
            with (tmp_path / "metrics.jsonl").open("a", encoding="utf-8") as file:
                file.write(f'{{"epoch": {epoch}, "entropy": 0.5}}\n')
            watch.update(epoch, "loss 1")
    told = capsys.readouterr().err
    assert told.count("search epoch") == 1 and "search epoch 3: entropy 0.5000" in told and "3/3 steps" in told
