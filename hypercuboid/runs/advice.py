"""What to do about a failure of the machine: too little memory, a loader worker that died."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hypercuboid.diagnostics import HypercuboidError, error


@contextmanager
def advised(batch: int) -> Iterator[None]:
    """HC7044 where memory does not suffice inside, HC7045 where a loader worker died; what else is raised goes on.

    It stands around all of a run: torch tells of a worker's death whatever the process is just doing.
    """
    try:
        yield
    except (RuntimeError, MemoryError, ConnectionError, EOFError) as problem:
        raise _advice(problem, batch) or problem from None


def _advice(problem: Exception, batch: int) -> HypercuboidError | None:
    """The error of the failure; None where it is another. The last checkpoint is whole."""
    text = str(problem)
    if isinstance(problem, MemoryError) or "out of memory" in text.lower() or "can't allocate memory" in text:
        message = f"memory does not suffice for batches of {batch}"
        return error("HC7044", message, help=f"try --batch {max(2, batch // 2)}, or fewer or narrower layers")
    if "DataLoader worker" in text or isinstance(problem, ConnectionError | EOFError):
        note = (text.splitlines() or [type(problem).__name__])[0][:200]
        return error("HC7045", "a loader worker died", notes=(note,), help="give the command again: it goes on")
    return None
