"""Image files, read by Pillow."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from hypercuboid.runs.files import read_regular

if TYPE_CHECKING:
    import torch
    from PIL import Image

LARGEST = 256 * 2**20
"""Bytes of an image file."""

_MODES = {1: "L", 3: "RGB", 4: "RGBA"}
"""What Pillow calls images of so many channels."""

_READABLE = frozenset({"1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr"})
"""The modes of 8 bits, which turn into each other without harm."""


def decode_image(path: Path, channels: int) -> torch.Tensor:
    """The image of a file, uint8 (channels, h, w), as large as it is there; what is transparent is not looked at.

    ValueError or OSError where the file is none that can be read.
    """
    import numpy as np
    import torch
    from PIL import Image, UnidentifiedImageError

    content = io.BytesIO(read_regular(path, LARGEST))
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(content) as image:
                pixels = np.array(_converted(image, channels))
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
            raise ValueError(str(problem)) from None
        except UnidentifiedImageError:
            raise ValueError("it is no image that is known") from None
        except (SyntaxError, EOFError, TypeError, AttributeError, LookupError) as problem:  # what its readers raise
            raise ValueError(f"it is damaged: {problem}") from None
    return torch.from_numpy(pixels.reshape(*pixels.shape[:2], -1)).permute(2, 0, 1).contiguous()


def _converted(image: Image.Image, channels: int) -> Image.Image:
    if image.mode not in _READABLE:
        raise ValueError(f"its pixels are of the mode {image.mode}, which is not one of 8 bits")
    if channels not in _MODES:
        raise ValueError(f"images have 1, 3 or 4 channels, not {channels}")
    return image.convert(_MODES[channels])
