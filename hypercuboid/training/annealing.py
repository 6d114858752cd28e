"""Cosine power annealing as a scheduler of torch, for training loops of any kind."""

from __future__ import annotations

from torch import Tensor
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from hypercuboid.schedules import with_restarts


class CosinePowerAnnealing(LRScheduler):
    """Sets the rate of each epoch by Eq. 2 of sharpDARTS, with linear warm-up and warm restarts (`schedules`).

    The maximum of a parameter group is the rate that the optimizer was made with; `minimum` holds for all groups. To be
    stepped after each epoch. After the last of `epochs` the rate stays. Rates are computed from the epoch alone, so a
    training that goes on with `last_epoch`, or with a loaded state, has the rates of an unbroken one to the bit.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        epochs: int,
        minimum: float = 0.0,
        power: float = 10.0,
        warmup: int = 0,
        restart_after: int = 0,
        restart_factor: int = 1,
        restart_decay: float = 1.0,
        last_epoch: int = -1,
    ) -> None:
        """`restart_after` is the length of the first period in epochs, 0 for one period: `schedules.with_restarts`.

        ValueError for settings that are no schedule.
        """
        if epochs < 1 or warmup < 0 or restart_after < 0 or restart_factor < 1:
            raise ValueError("epochs and restart_factor must be at least 1, warmup and restart_after at least 0")
        if power < 1 or minimum < 0 or not 0 <= restart_decay <= 1:
            raise ValueError("power must be at least 1, minimum at least 0, restart_decay from 0 to 1")
        self.epochs, self.minimum, self.power, self.warmup = epochs, minimum, power, warmup
        self.restart_after, self.restart_factor, self.restart_decay = restart_after, restart_factor, restart_decay
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float | Tensor]:
        return [self._rate(float(maximum)) for maximum in self.base_lrs]

    def _rate(self, maximum: float) -> float:
        epoch, low = min(self.last_epoch + 1, self.epochs), min(self.minimum, maximum)
        restarts = (self.restart_after, self.restart_factor, self.restart_decay)
        return with_restarts(epoch, self.epochs, maximum, low, self.power, self.warmup, *restarts)
