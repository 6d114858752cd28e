"""An exponential moving average of the weights of a network while it is trained."""

from __future__ import annotations

from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn


def moving_average(network: nn.Module, decay: float) -> AveragedModel:
    """A copy of the network whose parameters and buffers follow it: x' = decay x + (1 - decay) x_network.

    The first update copies. Running statistics are averaged as the weights are, so that the two belong together; what
    is no floating-point number, as a count of batches, is that of the network.
    """
    follow = get_ema_multi_avg_fn(decay)

    def average(averaged: list[Tensor], current: list[Tensor], count: Tensor) -> None:
        if averaged[0].is_floating_point():
            follow(averaged, current, count)
            return
        for one, new in zip(averaged, current, strict=True):
            one.copy_(new)

    return AveragedModel(network, multi_avg_fn=average, use_buffers=True)
