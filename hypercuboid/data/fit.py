"""How an image of any size is made one of the size that a network reads: by torch alone, the same on every machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hypercuboid.registry import Registry

if TYPE_CHECKING:
    import torch

FITS: Registry[Callable[[torch.Tensor, int, int], torch.Tensor]] = Registry("fit")
"""Each makes of uint8 (C, h, w) one (C, height, width); an image of that size stays as it is."""

_MARGIN = 256 / 224
"""How much larger a photograph is made before its middle is taken, as is usual for ImageNet."""


@FITS.entry("photograph")
def photograph(image_chw: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """The middle of an image whose shorter side becomes 256 / 224 of the size."""
    if image_chw.shape[1:] == (height, width):
        return image_chw
    return _middle(_covering(image_chw, round(height * _MARGIN), round(width * _MARGIN)), height, width)


@FITS.entry("whole")
def whole(image_chw: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """All of an image, its longer side cut where the sides are in another proportion.

    Where both sides are the same multiple of what is wanted, each pixel is the mean over a square, as `@SIZE` has it.
    """
    down, across = image_chw.shape[1] // height, image_chw.shape[2] // width
    if down == across and image_chw.shape[1:] == (height * down, width * across):
        return _pooled(image_chw, down)
    return _middle(_covering(image_chw, height, width), height, width)


def _pooled(image_chw: torch.Tensor, block: int) -> torch.Tensor:
    if block == 1:
        return image_chw
    channels, height, width = image_chw.shape
    squares = image_chw.reshape(channels, height // block, block, width // block, block)
    return squares.float().mean(dim=(2, 4)).round_().to(image_chw.dtype)


def _covering(image_chw: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """The image made smaller or larger, in its proportions, until it just covers a size; bilinear, antialiased."""
    import torch
    from torch.nn import functional

    high, wide = image_chw.shape[1:]
    if high * width <= wide * height:
        size = (height, max(width, int(height * wide / high)))
    else:
        size = (max(height, int(width * high / wide)), width)
    if size == (high, wide):
        return image_chw
    resized = functional.interpolate(image_chw[None].float(), size, mode="bilinear", antialias=True)[0]
    return resized.round_().clamp_(0, 255).to(torch.uint8)


def _middle(image_chw: torch.Tensor, height: int, width: int) -> torch.Tensor:
    top, left = round((image_chw.shape[1] - height) / 2), round((image_chw.shape[2] - width) / 2)
    return image_chw[:, top : top + height, left : left + width]
