"""Batches of a split. Their order is a function of seed and epoch, so the number of workers cannot matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from hypercuboid.data.base import Split

if TYPE_CHECKING:
    import numpy as np
    import torch


def epoch_order(size: int, seed: int, epoch: int) -> np.ndarray:
    """The order of an epoch: a permutation of range(size) that depends on its arguments alone."""
    import numpy as np

    return np.random.default_rng([seed, epoch]).permutation(size)


def step_seed(seed: int, step: int) -> int:
    """What torch's generators are seeded with before a step, so that dropout is free of history."""
    import numpy as np

    return int(np.random.SeedSequence([seed, step]).generate_state(1, np.uint64)[0] >> 1)


def batches(
    split: Split, batch: int, order: np.ndarray, device: torch.device, workers: int = 0
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Images (B, C, H, W) and classes (B,) on `device`, all of `order`; the last batch may be smaller."""
    import torch

    chunks = [order[start : start + batch].tolist() for start in range(0, len(order), batch)]
    source = _Chunks(split, chunks)
    loader: Iterable[tuple[torch.Tensor, torch.Tensor]] = map(source.__getitem__, range(len(chunks)))
    if workers:
        loader = torch.utils.data.DataLoader(cast(Any, source), batch_size=None, num_workers=workers)
    for x_nchw, y in loader:
        yield x_nchw.to(device), y.to(device)


@dataclass(frozen=True, eq=False)
class _Chunks:
    """Batches by position, as torch's DataLoader reads them."""

    split: Split
    chunks: list[list[int]]

    def __len__(self) -> int:
        return len(self.chunks)

    def __getitem__(self, position: int) -> tuple[torch.Tensor, torch.Tensor]:
        import torch

        chosen = self.chunks[position]
        return torch.from_numpy(self.split.x[chosen]), torch.from_numpy(self.split.y[chosen])
