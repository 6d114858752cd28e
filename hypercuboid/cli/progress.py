"""Progress of long work on stderr: a bar on a terminal, a line now and then elsewhere, nothing when quiet."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from hypercuboid.cli.common import colored, remark

_SECONDS_BETWEEN_LINES = 10.0


class Watch:
    """Shows how far long work is, its rate, the time left, and a few words (loss, accuracy). A context manager."""

    def __init__(self, title: str, total: int, quiet: bool) -> None:
        self._title, self._total, self._quiet = title, total, quiet
        self._begun = self._last_line = time.monotonic()
        self._bar = _bar() if not quiet and sys.stderr.isatty() else None
        self._task = self._bar.add_task(title, total=total, words="") if self._bar else None

    def __enter__(self) -> Watch:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def update(self, done: int, words: str) -> None:
        """So many steps of the total are done."""
        if self._bar and self._task is not None:
            self._bar.update(self._task, completed=done, words=words)
        elif not self._quiet:
            self._line(done, words)

    def _line(self, done: int, words: str) -> None:
        now = time.monotonic()
        if now - self._last_line < _SECONDS_BETWEEN_LINES and done < self._total:
            return
        self._last_line = now
        rate = done / max(now - self._begun, 1e-9)
        left = (self._total - done) / max(rate, 1e-9)
        remark(f"{self._title} {done}/{self._total} steps, {rate:.1f}/s, {left:.0f} s left, {words}")


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.finished_speed or task.speed or 0:.1f}/s")


def _bar() -> Progress:
    console = Console(file=sys.stderr, no_color=not colored(sys.stderr))
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    return Progress(*columns, TextColumn("{task.fields[words]}"), console=console)
