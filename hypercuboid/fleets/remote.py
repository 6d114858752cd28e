"""A task on another machine, which shares the disk with this one: run there as a process, stopped by a file."""

from __future__ import annotations

import time
from pathlib import Path

from hypercuboid.fleets.base import Task


def stop_file(task: Task) -> Path:
    """Where this file is, the task is to write its checkpoint and end."""
    return task.log.with_suffix(".stop")


def run_task(task: Task) -> int:
    """Called on the other machine: runs the task to its end, or until it is to stop; its exit code."""
    from hypercuboid.fleets.processes import Processes

    job, told = Processes().start(task), False
    while (code := job.code()) is None:
        if not told and stop_file(task).exists():
            job.stop()
            told = True
        time.sleep(0.2)
    return code
