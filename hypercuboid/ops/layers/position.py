"""Learned positions of a sequence."""

import torch
from torch import nn


class Position(nn.Module):
    """Adds a learned vector to each of the first `t` places of (n, t, d)."""

    def __init__(self, t: int, d: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(t, d))
        nn.init.normal_(self.weight, std=0.02)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.weight[: x.shape[1]]
