"""What to do about a failure of the machine: too little memory, a loader worker that died."""

from __future__ import annotations

import errno
import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

from hypercuboid.diagnostics import HypercuboidError, error

_FAILURES = (RuntimeError, MemoryError, ConnectionError, EOFError)
_REFUSED = ("out of memory", "can't allocate memory", "cannot allocate memory", "std::bad_alloc")
_RESERVE = 2**24
"""Bytes, of which none is touched."""
_REFUSED_UNDER_A_LIMIT = ("failed to map segment", "can't start new thread")


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
    if _lacks_memory(problem):
        message = f"memory does not suffice for batches of {batch}"
        return error("HC7044", message, help=f"try --batch {max(2, batch // 2)}, or fewer or narrower layers")
    if _is_death(problem):
        return error("HC7045", "a loader worker died", notes=_said(problem), help="give the command again: it goes on")
    return None


def too_little_memory(problem: BaseException) -> HypercuboidError | None:
    """HC7044 where a command failed for lack of memory, wherever that was; None where it failed of something else."""
    if not _lacks_memory(problem):
        return None
    allowed = _allowed()
    way = "give it less to do, or a machine with more memory"
    if allowed is not None:
        way = f"`ulimit -v` allows this process {allowed / 2**30:.1f} GiB of addresses: allow it more"
    return error("HC7044", "memory does not suffice", notes=_said(problem), help=way)


def memory_reserve() -> bytearray:
    """Room for the message about a lack of memory, to be given back (`clear`) before it; none where no limit is set."""
    return bytearray(0 if _allowed() is None else _RESERVE)


def _lacks_memory(problem: BaseException) -> bool:
    """Whether memory was asked for in vain; under a limit libraries and threads say so in words of their own."""
    if isinstance(problem, MemoryError) or (isinstance(problem, OSError) and problem.errno == errno.ENOMEM):
        return True
    words = _REFUSED if _allowed() is None else (*_REFUSED, *_REFUSED_UNDER_A_LIMIT)
    text = str(problem).lower()
    return isinstance(problem, RuntimeError | ImportError | OSError) and any(one in text for one in words)


def _allowed() -> int | None:
    """The most bytes that this process may address; None without a limit."""
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if limit == resource.RLIM_INFINITY else limit


def _said(problem: BaseException) -> tuple[str]:
    return ((str(problem).splitlines() or [type(problem).__name__])[0][:200],)


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
