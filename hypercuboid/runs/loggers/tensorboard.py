"""`tensorboard`: event files in the folder `tensorboard` of the run; through the extra `hypercuboid[tensorboard]`."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypercuboid.runs.loggers.base import LOGGERS, Kind, Logger

if TYPE_CHECKING:
    import numpy as np

FOLDER = "tensorboard"
_WIDTH = 1600
"""Pixels of a picture."""


class TensorBoard(Logger):
    """What event files of an earlier process say is taken back by the first entry of this one."""

    def __init__(self, run: Path, config: Mapping[str, Any]) -> None:
        from tensorboardX import SummaryWriter

        self._writer = SummaryWriter(str(run / FOLDER), purge_step=0)

    def scalars(self, epoch: int, values: Mapping[str, float]) -> None:
        for name, value in values.items():
            self._writer.add_scalar(name, value, epoch)
        self._writer.flush()

    def histogram(self, epoch: int, name: str, values: np.ndarray) -> None:
        self._writer.add_histogram(name, values, epoch)

    def image(self, epoch: int, name: str, pixels_hw: np.ndarray) -> None:
        self._writer.add_image(name, pixels_hw, epoch, dataformats="HW")

    def picture(self, epoch: int, name: str, svg: str) -> None:
        import numpy as np
        from PIL import Image
        from resvg_py import svg_to_bytes

        png = bytes(svg_to_bytes(svg_string=svg, width=_WIDTH))
        with Image.open(io.BytesIO(png)) as image:
            self._writer.add_image(name, np.array(image.convert("RGB")), epoch, dataformats="HWC")

    def close(self) -> None:
        self._writer.close()


LOGGERS.add("tensorboard", Kind(("tensorboardX",), TensorBoard))
