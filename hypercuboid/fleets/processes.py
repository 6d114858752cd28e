"""The fleet of this machine: a process for each task."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from hypercuboid.fleets.base import FLEETS, Asked, Task


@dataclass(frozen=True)
class Process:
    """A task in a process of its own, and of a group of its own: Ctrl-C reaches it through us alone."""

    process: subprocess.Popen[bytes]

    def code(self) -> int | None:
        return self.process.poll()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)


class Processes:
    """Starts tasks as processes of this one."""

    def start(self, task: Task) -> Process:
        task.log.parent.mkdir(parents=True, exist_ok=True)
        line = [sys.executable, "-m", "hypercuboid.cli.main", *task.arguments]
        with task.log.open("ab") as log:
            return Process(
                subprocess.Popen(
                    line, stdout=log, stderr=subprocess.STDOUT, start_new_session=True, env=dict(os.environ)
                )
            )


@contextmanager
def local(asked: Asked) -> Iterator[Processes]:
    """Takes no options."""
    yield Processes()


FLEETS.add("local", local)
