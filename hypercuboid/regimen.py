"""The settings that searches and trainings share: how weights learn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from hypercuboid.schedules import with_restarts


class Regimen(BaseModel):
    """SGD with momentum under cosine power annealing (Eq. 2)."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    epochs: int = Field(default=60, ge=1, le=100_000)
    """Passes over the training images."""
    batch: int = Field(default=64, ge=2, le=1_000_000)
    """Images in one step."""
    lr: float = Field(default=0.025, gt=0)
    """The highest learning rate of the weights."""
    lr_min: float = Field(default=1e-4, ge=0)
    """The lowest; never above the highest."""
    power: float = Field(default=2.0, ge=1)
    """P of cosine power annealing, Eq. 2; 1 is cosine annealing."""
    warmup: int = Field(default=0, ge=0)
    """Epochs of linear ramp before the annealing."""
    restart_after: int = Field(default=0, ge=0)
    """Epochs after the warm-up until the annealing begins anew (warm restarts); 0: it does not."""
    restart_factor: int = Field(default=1, ge=1, le=1000)
    """How many times longer each period is than the one before it."""
    restart_decay: float = Field(default=1.0, ge=0, le=1)
    """What multiplies the highest learning rate at each restart."""
    momentum: float = Field(default=0.9, ge=0, lt=1)
    """Of SGD on the weights."""
    weight_decay: float = Field(default=3e-4, ge=0)
    """Of the weights."""
    clip: float = Field(default=5.0, gt=0)
    """Largest norm of the gradient of the weights."""
    augment: str = ""
    """What is done to images that train weights: NAME[=VALUE],... of crop, flip, cutout, autoaugment, resized-crop."""

    loss: str = ""
    """MODULE:FUNCTION of the output and the targets; empty: cross entropy, of numbers the squared error."""
    metric: str = ""
    """MODULE:FUNCTION that scores outputs against targets, more is better; empty: accuracy, or minus the error."""
    precision: Literal["32", "bf16", "fp16"] = "32"
    """What it computes in: float32, or mixed with a half format (fp16 with scaled losses)."""

    def rate(self, epoch: int) -> float:
        """The learning rate of the weights in an epoch, from 1."""
        restarts = (self.restart_after, self.restart_factor, self.restart_decay)
        low = min(self.lr_min, self.lr)
        return with_restarts(epoch, self.epochs, self.lr, low, self.power, self.warmup, *restarts)


def with_sources(recipe: Regimen, sources: Mapping[str, str]) -> dict[str, Any]:
    """By setting its value and where that is from, for `recipe.json` of a run folder; without a source it was given."""
    values = recipe.model_dump(mode="json")
    return {name: {"value": value, "from": sources.get(name, "given")} for name, value in values.items()}
