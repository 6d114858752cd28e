"""Our own launcher: the same command once for each device of this machine, watched until all of them have ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hypercuboid.diagnostics import error
from hypercuboid.runs.signals import StopRequest

LAUNCHED = "HYPERCUBOID_LAUNCHED"
"""Set in a process that this launcher started: the number of the process that started it."""

STOPPED = 75
"""The exit code of a command that can be given again."""

LOST = 76
"""The exit code of a rank that another one left alone, which says nothing of it: the launcher does."""

GRACE = 15.0
"""Seconds in which the other ranks may end by themselves once one has failed."""


@dataclass(frozen=True)
class Layout:
    """So many devices (processes) on each of so many nodes (machines)."""

    devices: int = 1
    nodes: int = 1

    @property
    def size(self) -> int:
        return self.devices * self.nodes


def layout_of(devices: int, nodes: int) -> Layout:
    """What was asked for; under torchrun what that was asked for, so that neither needs to be said again."""
    if "TORCHELASTIC_RUN_ID" not in os.environ:
        return Layout(devices, nodes)
    local = int(os.environ["LOCAL_WORLD_SIZE"])
    return Layout(local, int(os.environ["WORLD_SIZE"]) // local)


def is_launcher(layout: Layout) -> bool:
    """Whether this process is to start the ranks: there are several, and nobody has started them."""
    by_cluster = os.environ.get("SLURM_NTASKS") == str(layout.size) and "SLURM_PROCID" in os.environ
    return layout.size > 1 and "LOCAL_RANK" not in os.environ and not by_cluster


def launch(layout: Layout, arguments: Sequence[str]) -> int:
    """Runs the command with these arguments as the ranks of this machine; its exit code.

    A request to stop reaches every rank. HC7806 where a rank was killed; the others are then ended.
    """
    ranks: list[subprocess.Popen[bytes]] = []
    with StopRequest() as stop:
        try:
            for environment in _environments(layout):
                command = [sys.executable, "-m", "hypercuboid.cli.main", *arguments]
                # Groups of their own: Ctrl-C reaches them through us alone.
                ranks.append(subprocess.Popen(command, env=environment, start_new_session=True))
            _watch(ranks, stop)
            codes = [rank.returncode for rank in ranks]
        finally:
            _kill(ranks)
    return _outcome(codes, layout)


def _environments(layout: Layout) -> list[Mapping[str, str]]:
    """What tells each rank who it is. On several machines MASTER_ADDR, MASTER_PORT and NODE_RANK are given to us."""
    given = os.environ
    if layout.nodes > 1 and not {"MASTER_ADDR", "MASTER_PORT", "NODE_RANK"} <= given.keys():
        message = f"{layout.nodes} machines have to find each other"
        way = "set MASTER_ADDR and MASTER_PORT alike on all and NODE_RANK from 0, or start the command by torchrun"
        raise error("HC7807", message, help=way)
    shared = {
        **given,
        "MASTER_ADDR": given.get("MASTER_ADDR", "127.0.0.1"),
        "MASTER_PORT": given.get("MASTER_PORT") or str(_free_port()),
        "NODE_RANK": given.get("NODE_RANK", "0"),
        "WORLD_SIZE": str(layout.size),
        LAUNCHED: str(os.getpid()),
    }
    return [{**shared, "LOCAL_RANK": str(rank)} for rank in range(layout.devices)]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _watch(ranks: Sequence[subprocess.Popen[bytes]], stop: StopRequest) -> None:
    """Until all have ended, or one has failed and the others had time to see it."""
    told, failed = False, 0.0
    while any(rank.poll() is None for rank in ranks):
        if stop.name is not None and not told:
            _send(ranks, signal.Signals[stop.name])
            told = True
        if not failed and any(rank.returncode not in (None, 0, STOPPED) for rank in ranks):
            failed = time.monotonic()
        if failed and time.monotonic() - failed > GRACE:
            return
        time.sleep(0.05)


def _send(ranks: Sequence[subprocess.Popen[bytes]], number: signal.Signals) -> None:
    for rank in ranks:
        if rank.poll() is None:
            rank.send_signal(number)


def _kill(ranks: Sequence[subprocess.Popen[bytes]]) -> None:
    """What has not ended by now waits for a rank that is gone."""
    _send(ranks, signal.SIGKILL)
    for rank in ranks:
        rank.wait()


def _outcome(codes: Sequence[int | None], layout: Layout) -> int:
    """The exit code of all; HC7806 where it is not rank 0 that says why. None: it was waiting when we gave up."""
    failed = {place: code for place, code in enumerate(codes) if code is not None and code not in (0, STOPPED)}
    told = {place: code for place, code in failed.items() if code != LOST}
    if not failed:
        return max(code or 0 for code in codes)
    if told.get(0, 0) > 0:
        return told[0]
    place, code = min((told or failed).items(), key=lambda pair: pair[1] > 0)
    how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
    rank = int(os.environ.get("NODE_RANK", "0")) * layout.devices + place
    message = f"rank {rank} of {layout.size} {'lost the others' if code == LOST else how}"
    raise error("HC7806", message, help="what it said stands above; the same command goes on from the last checkpoint")
