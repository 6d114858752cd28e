"""The fleet of a Dask cluster: its workers run the tasks. Without an address, workers on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypercuboid.fleets.base import FLEETS, Asked, Task, missing
from hypercuboid.fleets.remote import run_task, stop_file

if TYPE_CHECKING:
    from distributed import Client, Future

LOST = -1
"""The code of a task whose workers died."""


@dataclass(frozen=True)
class Sent:
    """A task that is with the scheduler."""

    task: Task
    future: Future

    def code(self) -> int | None:
        if not self.future.done():
            return None
        return int(self.future.result()) if self.future.status == "finished" else LOST

    def stop(self) -> None:
        stop_file(self.task).touch()


@dataclass(frozen=True)
class Workers:
    """Sends tasks to the scheduler of a client."""

    client: Client

    def start(self, task: Task) -> Sent:
        task.log.parent.mkdir(parents=True, exist_ok=True)
        stop_file(task).unlink(missing_ok=True)
        return Sent(task, self.client.submit(run_task, task, pure=False, retries=0))


@contextmanager
def dask(asked: Asked) -> Iterator[Workers]:
    """`address=tcp://HOST:8786` names the scheduler of a cluster. HC7813 where Dask is missing."""
    try:
        from distributed import Client, LocalCluster
    except ModuleNotFoundError as problem:
        raise missing("a fleet on Dask", "dask", problem) from None
    address = asked.options.get("address")
    if address is not None:
        with Client(address) as client:
            yield Workers(client)
        return
    kept = str(asked.folder / "dask")
    with (
        LocalCluster(asked.jobs, threads_per_worker=1, dashboard_address=None, local_directory=kept) as cluster,
        Client(cluster) as client,
    ):
        yield Workers(client)


FLEETS.add("dask", dask)
