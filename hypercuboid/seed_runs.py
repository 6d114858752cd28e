"""One search or training under several seeds: a run folder each below one folder, in turn or in processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from hypercuboid.diagnostics import Diagnostic, error
from hypercuboid.runs.folder import is_finished
from hypercuboid.runs.signals import Stopped, StopRequest
from hypercuboid.searching import SearchRequest, run_config, run_search

if TYPE_CHECKING:
    from hypercuboid.search.progress import Step as SearchStep
    from hypercuboid.training.run import TrainingRequest
    from hypercuboid.training.train import Step as TrainingStep

STOPPED = 75
"""The exit code of a command that can be given again."""


Step = TypeVar("Step")


@dataclass(frozen=True)
class SeedRun(Generic[Step]):
    """One of several runs that differ in their seed: its folder, what makes it the same, how it runs."""

    what: str
    seed: int
    run: Path
    config: Mapping[str, Any]
    start: Callable[[Callable[[Step], None], Callable[[Diagnostic], None]], object]

    @property
    def finished(self) -> bool:
        """Whether its folder holds all of it; HC7008 where that is a run of something else."""
        return is_finished(self.run, self.config)


def searches_of(request: SearchRequest, seeds: int) -> list[SeedRun[SearchStep]]:
    """The searches of the seeds from that of the recipe on, in the folders `seed-0` and so on."""
    first = request.recipe.seed
    requests = [
        replace(request, run=request.run / f"seed-{seed}", recipe=request.recipe.model_copy(update={"seed": seed}))
        for seed in range(first, first + seeds)
    ]
    return [SeedRun("search", one.recipe.seed, one.run, run_config(one), partial(run_search, one)) for one in requests]


def trainings_of(request: TrainingRequest, seeds: int) -> list[SeedRun[TrainingStep]]:
    """The trainings of the seeds from that of the request on, in the folders `seed-0` and so on."""
    from hypercuboid.training.run import config_of, train_file

    requests = [
        replace(request, run=request.run / f"seed-{seed}", seed=seed)
        for seed in range(request.seed, request.seed + seeds)
    ]
    return [SeedRun("training", one.seed, one.run, config_of(one), partial(train_file, one)) for one in requests]


def run_one_after_another(
    runs: Sequence[SeedRun[Step]],
    watch: Callable[[int, Step], None],
    warn: Callable[[Diagnostic], None] = lambda one: None,
) -> None:
    """Runs what is not finished; `watch` gets the position of the run and its step. Raises Stopped as one does."""
    for position, one in enumerate(runs):
        if not one.finished:
            one.start(partial(watch, position), warn)


def run_in_processes(runs: Sequence[SeedRun[Step]], jobs: int, arguments: Sequence[str]) -> None:
    """The same by `jobs` processes at a time of the command with these arguments, each for one seed.

    Asked to stop, it lets them write their checkpoints and raises Stopped. HC7045 where one of them fails.
    """
    waiting = [one for one in runs if not one.finished]
    for one in waiting:
        one.run.parent.mkdir(parents=True, exist_ok=True)
    run_commands([Command(f"the {one.what} of seed {one.seed}", _of(one, arguments)) for one in waiting], jobs)


@dataclass(frozen=True)
class Command:
    """A command of ours in a process of its own: what it does, for messages, and its arguments."""

    what: str
    arguments: Sequence[str]


def run_commands(commands: Sequence[Command], jobs: int) -> None:
    """Runs commands, `jobs` of them at a time; raises Stopped and HC7045 as `run_in_processes` does."""
    waiting = list(commands)
    running: dict[subprocess.Popen[bytes], Command] = {}
    with StopRequest() as stop:
        try:
            while waiting or running:
                while waiting and len(running) < jobs and stop.name is None:
                    command = waiting.pop(0)
                    running[_started(command)] = command
                for process in [one for one in running if one.poll() is not None]:
                    _look(process, running.pop(process))
                if stop.name is not None:
                    raise Stopped(stop.name, 0)
                time.sleep(0.05)
        finally:
            _end(running)


def _of(one: SeedRun[Step], arguments: Sequence[str]) -> list[str]:
    """Of an option that is given twice the last one counts."""
    own = ["--run", str(one.run), "--seed", str(one.seed), "--seeds", "1", "--jobs", "1", "--quiet"]
    return [*arguments, *own]


def _started(command: Command) -> subprocess.Popen[bytes]:
    """A group of its own: Ctrl-C reaches it through us alone."""
    line = [sys.executable, "-m", "hypercuboid.cli.main", *command.arguments]
    return subprocess.Popen(line, stdout=subprocess.DEVNULL, start_new_session=True, env=dict(os.environ))


def _look(process: subprocess.Popen[bytes], command: Command) -> None:
    if process.returncode != 0 and process.returncode != STOPPED:
        message = f"{command.what} ended with code {process.returncode}"
        raise error("HC7045", message, help="what it said stands above; the same command goes on")
    if process.returncode == STOPPED:
        raise Stopped("SIGTERM", 0)


def _end(running: Iterable[subprocess.Popen[bytes]]) -> None:
    """Asks what still runs to write its checkpoint and waits for it."""
    for process in running:
        process.send_signal(signal.SIGTERM)
    for process in running:
        process.wait()
