"""Requests to stop: SIGTERM, SIGINT and SIGUSR1 are noted, and the work stops where it can be continued."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1)


class Stopped(Exception):  # noqa: N818 - an outcome, with exit code 75
    """Work ended early at the wish of a signal, saved so that the same command goes on."""

    def __init__(self, name: str, step: int) -> None:
        super().__init__(f"stopped by {name} after step {step}")
        self.name, self.step = name, step


class StopRequest:
    """While it is entered, the first signal is noted; a second one does what it would have done without this.

    Python runs signal handlers in the main thread only; entered in another one, it notes nothing.
    """

    def __init__(self) -> None:
        self.name: str | None = None
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> StopRequest:
        if threading.current_thread() is threading.main_thread():
            self._before = {one: signal.signal(one, self._note) for one in SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._restore()

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.name = signal.Signals(number).name
        self._restore()

    def _restore(self) -> None:
        for one, handler in self._before.items():
            signal.signal(one, handler)
        self._before = {}
