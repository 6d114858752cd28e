"""Joining the other ranks: Lightning Fabric finds them by what torchrun, a cluster or our own launcher has set."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from hypercuboid.diagnostics import HypercuboidError, error
from hypercuboid.ranks.base import ALONE, Ranks
from hypercuboid.ranks.launch import LAUNCHED, LOST, Layout
from hypercuboid.runs.signals import Stopped

if TYPE_CHECKING:
    import torch
    from lightning_fabric import Fabric

    from hypercuboid.ranks.group import Group

PATIENCE = timedelta(minutes=30)
"""How long a rank waits for the others."""


@contextmanager
def joined(layout: Layout, device: str) -> Iterator[tuple[Ranks, torch.device | None]]:
    """The ranks, and this one's device; a process alone, which has no device yet, where the layout is of one.

    HC7804: Lightning Fabric is missing; HC7805: there are not so many devices.
    """
    if layout.size == 1:
        yield ALONE, None
        return
    fabric = _fabric(layout, _accelerator(layout, device))
    fabric.launch()
    from hypercuboid.ranks.group import Group

    ranks = Group(fabric.device, int(os.environ.get(LAUNCHED, 0)))
    try:
        yield ranks, fabric.device
    except Stopped:  # all of them at once
        _leave()
        raise
    except HypercuboidError as problem:
        if layout.nodes == 1 and ranks.launcher:
            _leave_it_to_others(ranks, problem)
        raise
    _leave()


def _leave_it_to_others(ranks: Group, problem: HypercuboidError) -> None:
    """Ends in silence where rank 0 says the same, or the launcher which rank has ended."""
    if problem.diagnostics[0].code == "HC7802":
        raise SystemExit(LOST) from None
    if not ranks.begun and not ranks.is_writer:
        raise SystemExit(1) from None


def _accelerator(layout: Layout, device: str) -> str:
    import torch

    if device not in ("auto", "cpu", "cuda"):
        message = f"`{device}` is one device, and there are {layout.size} ranks"
        raise error("HC7805", message, help="give --device cpu, cuda or auto; each rank takes a device of its own")
    there = torch.cuda.device_count()
    if device == "cpu" or (device == "auto" and not there):
        return "cpu"
    if there < layout.devices:
        message = f"{layout.devices} devices were asked for, and this machine has {there} GPUs"
        raise error("HC7805", message, help="give fewer --devices, or --device cpu")
    return "cuda"


def _fabric(layout: Layout, accelerator: str) -> Fabric:
    try:
        from lightning_fabric import Fabric
    except ModuleNotFoundError:
        message = "several devices need the package `lightning-fabric`"
        raise error("HC7804", message, help="pip install 'hypercuboid[distributed]'") from None
    from lightning_fabric.plugins.environments.lightning import LightningEnvironment
    from lightning_fabric.strategies.ddp import DDPStrategy

    logging.getLogger("lightning_fabric").setLevel(logging.WARNING)
    # Ranks of our own launcher inside a job of a cluster are not the tasks of that cluster.
    own = LightningEnvironment() if LAUNCHED in os.environ else None
    return Fabric(
        accelerator=accelerator,
        strategy=DDPStrategy(timeout=PATIENCE),
        devices=layout.devices,
        num_nodes=layout.nodes,
        plugins=own,
    )


def _leave() -> None:
    """All ranks together: gloo may abort a process that ends while another still talks to it."""
    from torch import distributed

    gc.collect()
    distributed.barrier()
    distributed.destroy_process_group()
