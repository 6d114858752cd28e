"""`wandb`: Weights & Biases, through the extra `hypercuboid[wandb]`; WANDB_MODE=offline keeps all in the run folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypercuboid.runs.loggers.base import LOGGERS, Kind, Logger

if TYPE_CHECKING:
    import numpy as np

PROJECT = "hypercuboid"


class WeightsAndBiases(Logger):
    """One run there for one run folder, which goes on where the folder does: its name there is a hash of both."""

    def __init__(self, run: Path, config: Mapping[str, Any]) -> None:
        import wandb

        self._wandb: Any = wandb
        known = f"{run.resolve()} {json.dumps(config, sort_keys=True)}"
        name = hashlib.sha256(known.encode()).hexdigest()[:16]
        about: dict[str, Any] = {"id": name, "name": run.name, "config": dict(config), "dir": str(run)}
        self._run = wandb.init(project=PROJECT, resume="allow", **about)

    def scalars(self, epoch: int, values: Mapping[str, float]) -> None:
        self._run.log(dict(values), step=epoch)

    def histogram(self, epoch: int, name: str, values: np.ndarray) -> None:
        self._run.log({name: self._wandb.Histogram(values.tolist())}, step=epoch)

    def image(self, epoch: int, name: str, pixels_hw: np.ndarray) -> None:
        self._run.log({name: self._wandb.Image(pixels_hw, mode="L")}, step=epoch)

    def picture(self, epoch: int, name: str, svg: str) -> None:
        self._run.log({name: self._wandb.Html(svg)}, step=epoch)

    def close(self) -> None:
        self._run.finish()


LOGGERS.add("wandb", Kind(("wandb",), WeightsAndBiases))
