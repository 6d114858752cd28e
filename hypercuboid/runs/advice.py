"""What to do about a failure of the machine: too little memory, a loader worker that died."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from hypercuboid.diagnostics import HypercuboidError, error

_FAILURES = (RuntimeError, MemoryError, ConnectionError, EOFError)


@contextmanager
def advised(batch: int) -> Iterator[None]:
    """HC7044 where memory does not suffice inside, HC7045 where a loader worker died; what else is raised goes on.

    It stands around all of a run: torch tells of a worker's death whatever the process is just doing, once for each
    loader. So a second announcement may come while the first is on its way out; later ones are not heard.
    """
    _hear_workers()
    try:
        try:
            yield
        except _FAILURES as problem:
            _hear_no_more(problem)
            raise
    except _FAILURES as problem:
        _hear_no_more(problem)
        raise _advice(problem, batch) or problem from None


def _advice(problem: Exception, batch: int) -> HypercuboidError | None:
    """The error of the failure; None where it is another. The last checkpoint is whole."""
    text = str(problem)
    if isinstance(problem, MemoryError) or "out of memory" in text.lower() or "can't allocate memory" in text:
        message = f"memory does not suffice for batches of {batch}"
        return error("HC7044", message, help=f"try --batch {max(2, batch // 2)}, or fewer or narrower layers")
    if _is_death(problem):
        note = (text.splitlines() or [type(problem).__name__])[0][:200]
        return error("HC7045", "a loader worker died", notes=(note,), help="give the command again: it goes on")
    return None


def _is_death(problem: Exception) -> bool:
    return "DataLoader worker" in str(problem) or isinstance(problem, ConnectionError | EOFError)


@dataclass(frozen=True)
class _Deaf:
    """Stands for torch's handler of SIGCHLD after a death has been told; torch sets its own only once."""

    before: Any

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Says nothing."""


def _hear_no_more(problem: Exception) -> None:
    handler = signal.getsignal(signal.SIGCHLD)
    if _is_death(problem) and not isinstance(handler, _Deaf) and _may_set():
        signal.signal(signal.SIGCHLD, _Deaf(handler))


def _hear_workers() -> None:
    """Torch's handler again, for another run of this process."""
    handler = signal.getsignal(signal.SIGCHLD)
    if isinstance(handler, _Deaf) and _may_set():
        signal.signal(signal.SIGCHLD, handler.before)


def _may_set() -> bool:
    """Python lets the main thread alone set handlers."""
    return threading.current_thread() is threading.main_thread()
