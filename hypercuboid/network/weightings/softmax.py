"""The weights w of competing groups: softmax(alpha) over the entries that take part."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def softmax(alpha_gn: Tensor, mask_gn: Tensor) -> Tensor:
    """The weights w of each group: softmax over the entries that take part; a group without any is zero."""
    absent = ~mask_gn
    low = alpha_gn.masked_fill(absent & mask_gn.any(dim=-1, keepdim=True), -math.inf)
    return torch.softmax(low, dim=-1).masked_fill(absent, 0.0)
