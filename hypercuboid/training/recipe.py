"""How a network is trained from scratch: the numbers, checked."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Recipe(BaseModel):
    """SGD with momentum under cosine power annealing; the defaults follow the paper where it fixes them."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    epochs: int = Field(default=30, ge=1, le=100_000)
    """Passes over the training images."""
    batch: int = Field(default=64, ge=2, le=1_000_000)
    """Images in one step."""
    lr: float = Field(default=0.05, gt=0)
    """The highest learning rate."""
    lr_min: float = Field(default=1e-4, ge=0)
    """The lowest; never above the highest."""
    power: float = Field(default=10.0, ge=1)
    """P of cosine power annealing, Eq. 2; 1 is cosine annealing."""
    warmup: int = Field(default=0, ge=0)
    """Epochs of linear ramp before the annealing."""
    momentum: float = Field(default=0.9, ge=0, lt=1)
    """Of SGD."""
    weight_decay: float = Field(default=3e-4, ge=0)
    """Of all weights."""
    clip: float = Field(default=5.0, gt=0)
    """Largest norm of the gradient."""
    auxiliary: float = Field(default=0.4, ge=0)
    """Weight of the loss of an auxiliary head, where the network has one."""
    augment: str = ""
    """What is done to the training images: NAME[=VALUE],... of crop, flip, cutout, autoaugment, resized-crop."""
