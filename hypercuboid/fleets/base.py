"""What a fleet is: a place that runs commands; and how all of them come to their ends there, whatever happens."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias

from hypercuboid.diagnostics import HypercuboidError, error
from hypercuboid.registry import Registry
from hypercuboid.runs.signals import Stopped, StopRequest

STOPPED = 75
"""The exit code of a command that was saved and can be given again."""


@dataclass(frozen=True)
class Task:
    """A command of ours: its name, its arguments, the file that takes what it prints."""

    name: str
    arguments: tuple[str, ...]
    log: Path


class Job(Protocol):
    """A task that was started."""

    def code(self) -> int | None:
        """The exit code once it has ended, negative where a signal or the place ended it; None before."""

    def stop(self) -> None:
        """Asks it to write its checkpoint and end."""


class Fleet(Protocol):
    """A place that runs tasks side by side."""

    def start(self, task: Task) -> Job: ...


@dataclass(frozen=True)
class Asked:
    """What a fleet is made from: a folder for what it writes itself, tasks at a time, and options `NAME=VALUE`."""

    folder: Path
    jobs: int = 1
    options: Mapping[str, str] = field(default_factory=dict)


Open: TypeAlias = Callable[[Asked], AbstractContextManager[Fleet]]

FLEETS: Registry[Open] = Registry("fleet")


def missing(what: str, extra: str, problem: ModuleNotFoundError) -> HypercuboidError:
    """HC7813 for the package of a fleet."""
    return error("HC7813", f"{what} needs the package `{problem.name}`", help=f"pip install 'hypercuboid[{extra}]'")


@dataclass
class _Runs:
    """Where the tasks of one call of `run_fleet` stand."""

    waiting: list[Task]
    left: dict[str, int]
    running: dict[str, tuple[Task, Job]] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)


def run_fleet(
    fleet: Fleet,
    tasks: Sequence[Task],
    jobs: int,
    retries: int,
    tell: Callable[[str, str], None] = lambda name, what: None,
    pause: float = 0.1,
) -> Mapping[str, int]:
    """Runs all tasks, `jobs` at a time; the exit codes of those that failed, by name.

    What ends otherwise than by 0 is started again, up to `retries` times, and goes on from its checkpoint; a task that
    was saved (75) is started again without counting. One that fails for good stops no other. `tell` hears of it all.
    Asked to stop, it asks all tasks, waits for their checkpoints and raises Stopped.
    """
    runs = _Runs(list(tasks), {task.name: retries for task in tasks})
    with StopRequest() as stop:
        try:
            while runs.waiting or runs.running:
                while runs.waiting and len(runs.running) < jobs:
                    task = runs.waiting.pop(0)
                    tell(task.name, "started")
                    runs.running[task.name] = (task, fleet.start(task))
                _collect(runs, tell)
                if stop.name is not None:
                    raise Stopped(stop.name, 0)
                time.sleep(pause)
        finally:
            _end([job for _, job in runs.running.values()], pause)
    return runs.failed


def _collect(runs: _Runs, tell: Callable[[str, str], None]) -> None:
    """Takes what has ended off, and puts back what is to be started again."""
    ended = {name: code for name, (_, job) in runs.running.items() if (code := job.code()) is not None}
    for name, code in ended.items():
        task, _ = runs.running.pop(name)
        if code == 0:
            tell(name, "finished")
        elif code == STOPPED:
            tell(name, "was stopped and goes on")
            runs.waiting.append(task)
        elif runs.left[name]:
            runs.left[name] -= 1
            tell(name, f"ended with code {code} and goes on from its checkpoint")
            runs.waiting.append(task)
        else:
            tell(name, f"ended with code {code}; what it said is in {task.log}")
            runs.failed[name] = code


def _end(running: Sequence[Job], pause: float) -> None:
    for job in running:
        job.stop()
    while any(job.code() is None for job in running):
        time.sleep(pause)
