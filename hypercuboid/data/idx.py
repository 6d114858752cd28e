"""The idx format of the MNIST family: a header that says the shape, then bytes; plain or gzipped."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

_UNSIGNED_BYTES = 8


def read_idx(path: Path) -> np.ndarray:
    """uint8 of the shape that the header says; ValueError where the file is no such file or is cut off."""
    import numpy as np

    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] != _UNSIGNED_BYTES:
        raise ValueError("not an idx file of bytes")
    axes = content[3]
    if not 1 <= axes <= 4 or len(content) < 4 + 4 * axes:
        raise ValueError(f"an idx file of {axes} axes")
    shape = [int(one) for one in np.frombuffer(content, ">u4", axes, offset=4)]
    count = int(np.prod(shape, dtype=object))
    if len(content) != 4 + 4 * axes + count:
        raise ValueError(f"{len(content) - 4 - 4 * axes} bytes for a shape of {' x '.join(map(str, shape))}")
    return np.frombuffer(content, np.uint8, count, offset=4 + 4 * axes).reshape(shape).copy()
