"""Coefficients 1 for what is kept and 0 for the rest: those of a decided network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    import numpy as np


def binary(kept: Mapping[str, np.ndarray], alphas: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Masks by decision as coefficients, in the type and on the device of the alphas."""
    return {name: torch.from_numpy(mask).to(alphas[name]) for name, mask in kept.items()}
