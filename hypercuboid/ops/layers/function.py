"""A layer made of a function: for ops that are an expression in generated source."""

from collections.abc import Callable

import torch
from torch import nn


class Function(nn.Module):
    """Applies a function of tensors; has no weights."""

    def __init__(self, function: Callable[..., torch.Tensor | tuple[torch.Tensor, ...]]) -> None:
        super().__init__()
        self.function = function

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor | tuple[torch.Tensor, ...]:
        return self.function(*inputs)
