"""Progress of long work on stderr: a bar on a terminal, a line now and then elsewhere, nothing when quiet."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from types import TracebackType

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TimeRemainingColumn
from rich.text import Text

from hypercuboid.cli.common import colored, moves, remark
from hypercuboid.cli.decisions import Decisions

_SECONDS_BETWEEN_LINES = 10.0
_WIDE = 110
"""Columns of a terminal in which the words of a task fit beside its bar."""


class Watch:
    """Shows how far long work is, its rate, the time left, and a few words (loss, accuracy). A context manager.

    Of a search it shows its `decisions` too, after each epoch: below the bar, or now and then as a line.
    """

    def __init__(self, title: str, total: int, quiet: bool, decisions: Decisions | None = None) -> None:
        self._title, self._total, self._quiet, self._decisions = title, total, quiet, decisions
        self._begun = self._last_line = self._last_epoch = time.monotonic()
        self._bar = _bar() if not quiet and moves(sys.stderr) else None
        self._task = self._bar.add_task(title, total=total, words="") if self._bar else None

    def __enter__(self) -> Watch:
        if self._decisions:
            self._decisions.changed()  # what an earlier part of the run found is no news
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._decide(at_end=True)
        if self._bar:
            self._bar.stop()

    def update(self, done: int, words: str) -> None:
        """So many steps of the total are done."""
        self._decide()
        if self._bar and self._task is not None:
            self._bar.update(self._task, completed=done, words=words)
        elif not self._quiet:
            self._line(done, words)

    def _decide(self, at_end: bool = False) -> None:
        now = time.monotonic()
        is_soon = not (self._bar or at_end) and now - self._last_epoch < _SECONDS_BETWEEN_LINES
        if self._quiet or self._decisions is None or is_soon or not self._decisions.changed():
            return
        self._last_epoch = now
        if self._bar:
            self._bar.below = self._decisions.table()
            self._bar.refresh()
        else:
            remark(f"{self._title} {self._decisions.words()}")

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


class _Bar(Progress):
    """A bar with words beside it, below it where the terminal is narrow, and something below that."""

    below: RenderableType | None = None

    def __init__(self, console: Console) -> None:
        self._own = console
        columns = ("{task.description}", BarColumn(24), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
        super().__init__(*columns, _Beside(console), console=console)

    def get_renderables(self) -> Iterable[RenderableType]:
        yield from super().get_renderables()
        if self._own.width < _WIDE:
            yield from (_words(task) for task in self.tasks if task.fields["words"])
        if self.below is not None:
            yield self.below


class _Beside(ProgressColumn):
    """The words of a task, in a wide terminal."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console

    def render(self, task: Task) -> Text:
        return _words(task) if self._console.width >= _WIDE else Text()


def _words(task: Task) -> Text:
    return Text(str(task.fields["words"]))


def _bar() -> _Bar:
    return _Bar(Console(file=sys.stderr, no_color=not colored(sys.stderr)))
