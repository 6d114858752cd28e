"""Normalisation per channel: how uint8 images become what a network reads, and what float data become at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import torch


_NOTHING = 1e-9
"""The part of a mean that is rounding and no deviation."""


@dataclass(frozen=True)
class Scale:
    """`(x / 255 - mean) / std` per channel."""

    mean: tuple[float, ...]
    std: tuple[float, ...]

    def __call__(self, x_nchw: torch.Tensor) -> torch.Tensor:
        """uint8 (N, C, H, W) as float32."""
        import torch

        mean = torch.tensor(self.mean, device=x_nchw.device)[:, None, None]
        std = torch.tensor(self.std, device=x_nchw.device)[:, None, None]
        return x_nchw.to(torch.float32).div_(255).sub_(mean).div_(std)


def statistics(x: np.ndarray) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and deviation per channel of images (N, C, H, W), or per number of vectors (N, D), in float64.

    Those of uint8 images are in units of 255. A channel that never varies has deviation 1.
    """
    import numpy as np

    if x.dtype == np.uint8:
        counts = [np.bincount(x[:, channel].ravel(), minlength=256) for channel in range(x.shape[1])]
        values = np.arange(256) / 255
        means = [float(np.average(values, weights=one)) for one in counts]
        about = zip(counts, means, strict=True)
        deviations = [float(np.average((values - mean) ** 2, weights=one) ** 0.5) for one, mean in about]
    else:
        axes = (0, 2, 3)[: x.ndim - 1]
        means = [float(one) for one in np.atleast_1d(x.mean(axis=axes, dtype=np.float64))]
        deviations = [float(one) for one in np.atleast_1d(x.std(axis=axes, dtype=np.float64))]
    pairs = zip(means, deviations, strict=True)
    return tuple(means), tuple(one if one > _NOTHING * abs(mean) else 1.0 for mean, one in pairs)


def normalised(x: np.ndarray, mean: tuple[float, ...], std: tuple[float, ...]) -> np.ndarray:
    """Float data `(x - mean) / std` per channel, in float32."""
    import numpy as np

    shape = (1, -1, *([1] * (x.ndim - 2)))
    centred = x.astype(np.float32) - np.asarray(mean, np.float32).reshape(shape)
    scaled: np.ndarray = centred / np.asarray(std, np.float32).reshape(shape)
    return scaled
