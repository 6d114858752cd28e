"""Batch norm over the whole batch: layers that exchange their statistics with those of the other ranks."""

from __future__ import annotations

import torch
from torch import nn

from hypercuboid.diagnostics import error
from hypercuboid.ranks.base import Ranks


def check_synchronised(ranks: Ranks, device: torch.device, twice: str = "") -> None:
    """HC7808 where batch statistics cannot be exchanged; `twice` names what takes second derivatives, if anything."""
    if ranks.size == 1:
        return
    if device.type != "cuda":
        message = f"batch norm of all ranks together works on GPUs only, and this is `{device}`"
        raise error("HC7808", message, help="leave --sync-batch-norm out: each rank has the statistics of its share")
    if twice:
        message = f"batch norm of all ranks together has no second derivative, which {twice} takes"
        raise error("HC7808", message, help="leave --sync-batch-norm out, or take `second_order_difference`")


def synchronised(layer: nn.Module) -> nn.Module:
    """The layer, or another with its parameters and buffers, in which every batch norm is synchronised."""
    found: nn.Module = nn.SyncBatchNorm.convert_sync_batchnorm(layer)  # type: ignore[no-untyped-call]
    return found
