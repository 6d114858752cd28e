"""Weights that architectures trained alone begin with: those of a supernet, trained on uniform single paths."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from hypercuboid.schedules import cosine_power_annealing
from hypercuboid.search.strategies.base import Batch, Measured, Moment, Setting
from hypercuboid.search.strategies.bilevel import Bilevel


class Beginning:
    """The first `steps` of a search train shared weights, each a path drawn uniformly (SPOS, Guo et al. 2020).

    Their rate anneals over these steps, from `lr` for each `small_batch` in a batch: it grows with the batch (Goyal et
    al. 2017).
    """

    def __init__(self, setting: Setting, steps: int, pieces: int) -> None:
        self.recipe, self.steps, self.supernet = setting.recipe, steps, setting.supernet
        self.highest = self.recipe.lr * pieces
        self.supernet.weighting = "uniform"
        self.trainer = Bilevel(self.supernet, self.recipe, setting.ranks)

    def step(self, batch: Batch, moment: Moment) -> Measured:
        """One step of the weights, of `moment.step` from 1 to `steps`."""
        low = min(self.recipe.lr_min, self.highest)
        rate = cosine_power_annealing(moment.step, self.steps, self.highest, low, self.recipe.power)
        for group in self.trainer.weight_optimizer.param_groups:
            group["lr"] = rate
        return self.trainer.weight_step(batch, moment.where, moment.draw)

    def weights(self) -> Mapping[str, Tensor]:
        """Parameters and buffers by the names that an architecture's own network has too."""
        return self.trainer.shared()

    def tensors(self) -> dict[str, Tensor]:
        return self.trainer.tensors()

    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        self.trainer.restore(tensors, {})
