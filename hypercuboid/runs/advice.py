"""What to do about a failure of the machine: memory that does not suffice, a loader process that died."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hypercuboid.diagnostics import HypercuboidError, error


@contextmanager
def advised(batch: int) -> Iterator[None]:
    """HC7044 and HC7045 for such failures in batches of so many; the last checkpoint is whole.

    It stands around the run folder: torch tells of a dead process by a signal, which may arrive while another of the
    same moment is on its way out.
    """
    try:
        yield
    except (RuntimeError, MemoryError) as problem:
        raise _advice(problem, batch) or problem from None


def _advice(problem: Exception, batch: int) -> HypercuboidError | None:
    """None where it is something else."""
    text = str(problem)
    if isinstance(problem, MemoryError) or "out of memory" in text.lower() or "can't allocate memory" in text:
        message = f"memory does not suffice for batches of {batch}"
        return error("HC7044", message, help=f"try --batch {max(2, batch // 2)}, or fewer or narrower layers")
    if "DataLoader worker" in text:
        message = "a loader worker died"
        return error("HC7045", message, notes=(text.splitlines()[0][:200],), help="give the command again: it goes on")
    return None
