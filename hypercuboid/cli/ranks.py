"""What `search` and `train` share where they run on several devices: the options, and the ranks that they ask for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hypercuboid.cli.common import use_device, warn

if TYPE_CHECKING:
    import torch

    from hypercuboid.ranks import Ranks

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--devices",
        type=click.IntRange(min=1, max=1024),
        default=1,
        help="GPUs (or CPU processes) of this machine that share every batch.",
    ),
    click.option(
        "--nodes", type=click.IntRange(min=1, max=4096), default=1, help="Machines, each with so many devices."
    ),
    click.option(
        "--sync-batch-norm", is_flag=True, help="Batch norm of the whole batch, not of each device's share; on GPUs."
    ),
)


def ranks_options(command: Command) -> Command:
    """`--devices`, `--nodes` and `--sync-batch-norm`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@contextmanager
def on_ranks(
    devices: int, nodes: int, device: str, threads: int | None, sync_batch_norm: bool = False
) -> Iterator[tuple[Ranks, torch.device]]:
    """The ranks that run together, and the device of this one. Torchrun or a cluster may have started them.

    Where nobody has, this process starts them, waits for them, and leaves with their exit code.
    """
    from hypercuboid.ranks.launch import is_launcher, launch, layout_of

    layout = layout_of(devices, nodes)
    if is_launcher(layout):
        raise SystemExit(launch(layout, sys.argv[1:]))
    from hypercuboid.ranks.join import joined

    with joined(layout, device) as (ranks, own):
        if sync_batch_norm and ranks.size == 1:
            warn("`--sync-batch-norm` does nothing: one device has the whole batch")
        yield ranks, use_device(device if own is None else str(own), threads)
