"""The fleet of a Slurm cluster: submitit submits a job for each task, which may run on any machine with this disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from hypercuboid.fleets.base import FLEETS, Asked, Task, missing
from hypercuboid.fleets.remote import run_task, stop_file

if TYPE_CHECKING:
    import submitit

LOST = -1
"""The code of a job of which Slurm has no result: killed, out of time or of memory."""


@dataclass(frozen=True)
class Submitted:
    """A task that is a job of the cluster."""

    task: Task
    job: submitit.Job[int]

    def code(self) -> int | None:
        if not self.job.done():
            return None
        try:
            return int(self.job.result())
        except Exception:  # submitit tells of a lost job by several classes
            return LOST

    def stop(self) -> None:
        stop_file(self.task).touch()


@dataclass(frozen=True)
class Cluster:
    """Submits tasks through an executor of submitit."""

    executor: submitit.AutoExecutor

    def start(self, task: Task) -> Submitted:
        task.log.parent.mkdir(parents=True, exist_ok=True)
        stop_file(task).unlink(missing_ok=True)
        return Submitted(task, self.executor.submit(run_task, task))


@contextmanager
def submitted(kind: str, asked: Asked) -> Iterator[Cluster]:
    """`kind` is slurm, or local, which runs submitit's jobs on this machine.

    Options are those of submitit: `timeout_min=600`, `gpus_per_node=1`, `slurm_partition=long`, ... HC7813 where
    submitit is missing.
    """
    try:
        import submitit
    except ModuleNotFoundError as problem:
        raise missing("a fleet on Slurm", "slurm", problem) from None
    executor = submitit.AutoExecutor(folder=asked.folder / "submitit", cluster=kind)
    options = {name: int(value) if value.isdecimal() else value for name, value in asked.options.items()}
    executor.update_parameters(**{"name": "hypercuboid", "timeout_min": 24 * 60, **options})
    yield Cluster(executor)


FLEETS.add("slurm", partial(submitted, "slurm"))
FLEETS.add("submitit-local", partial(submitted, "local"))
