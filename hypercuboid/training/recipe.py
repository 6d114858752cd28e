"""How a network is trained from scratch: the numbers, checked."""

from __future__ import annotations

from pydantic import Field

from hypercuboid.regimen import Regimen


class Recipe(Regimen):
    """SGD with momentum under cosine power annealing; the defaults follow the paper where it fixes them."""

    epochs: int = Field(default=30, ge=1, le=100_000)
    """Passes over the training images."""
    lr: float = Field(default=0.05, gt=0)
    """The highest learning rate."""
    power: float = Field(default=10.0, ge=1)
    """P of cosine power annealing, Eq. 2; 1 is cosine annealing."""

    auxiliary: float = Field(default=0.4, ge=0)
    """Weight of the loss of an auxiliary head, where the network has one."""
    drop_path: float = Field(default=0.0, ge=0, lt=1)
    """Probability of drop path in the last epoch, to which it grows linearly, where the network has any."""
    label_smoothing: float = Field(default=0.0, ge=0, lt=1)
    """The part of each label that is spread evenly over all classes, in the cross entropy."""
    ema: float = Field(default=0.0, ge=0, lt=1)
    """Decay per step of a moving average of the weights, which is then what is scored and kept; 0: none."""
    channels_last: bool = False
    """Images in the memory layout channels last: faster for many networks, mixed precision above all."""
    compile: bool = False
    """The network through torch.compile: slow to begin, then faster; needs a C++ compiler."""

    def drop_path_in(self, epoch: int) -> float:
        """The probability of drop path in an epoch, from 1, as the code released with the paper has it."""
        return self.drop_path * epoch / self.epochs
