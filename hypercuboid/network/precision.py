"""The number format in which a network computes: float32, or the half formats of automatic mixed precision."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor

FORMATS = {"bf16": torch.bfloat16, "fp16": torch.float16}
"""By the name of a precision; `32` is none of them."""


def computing(device: torch.device, precision: str) -> AbstractContextManager[None]:
    """Inside, matrix products and convolutions run in the format of `precision`, what needs range in float32.

    Parameters keep their own type; with `32` nothing is different.
    """
    if precision not in FORMATS:
        return nullcontext()
    mixed: AbstractContextManager[None] = torch.autocast(device.type, FORMATS[precision])
    return mixed


def is_mixed(x: Tensor) -> bool:
    """Whether what runs on a tensor now runs in a half format."""
    return x.device.type != "meta" and torch.is_autocast_enabled(x.device.type)
