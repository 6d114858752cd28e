"""Drop path (stochastic depth): Larsson et al. 2016, as scheduled in NASNet and DARTS."""

import torch
from torch import nn


class DropPath(nn.Module):
    """Drops the whole path of a sample with `probability` in training.

    What is left is scaled so that the mean stays. The training loop sets
    `probability`; it is 0.0 at the start.
    """

    def __init__(self) -> None:
        super().__init__()
        self.probability = 0.0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training or self.probability == 0.0:
            return x
        keep = 1.0 - self.probability
        mask = torch.rand(x.shape[0], *[1] * (x.dim() - 1), device=x.device) < keep
        return x / keep * mask
