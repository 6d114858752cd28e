"""A linear layer over several vectors."""

import torch
from torch import nn


class ConcatLinear(nn.Linear):
    """A linear layer on its inputs, concatenated along their features."""

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        return super().forward(torch.cat(inputs, dim=-1))
