"""An exponential moving average of the weights of a network while it is trained."""

from __future__ import annotations

from typing import TypeAlias

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

Tensors: TypeAlias = tuple[Tensor, ...] | list[Tensor]


def moving_average(network: nn.Module, decay: float) -> AveragedModel:
    """A copy of the network whose parameters and buffers follow it: x' = decay x + (1 - decay) x_network.

    The first update copies. Running statistics are averaged as the weights are, so that the two belong together; what
    is no floating-point number, as a count of batches, is that of the network.
    """

    def follow(averaged: Tensors, current: Tensors, count: Tensor | int) -> None:
        for one, new in zip(averaged, current, strict=True):
            if one.is_floating_point():
                one.lerp_(new, 1 - decay)
            else:
                one.copy_(new)

    return AveragedModel(network, multi_avg_fn=torch.no_grad()(follow), use_buffers=True)
