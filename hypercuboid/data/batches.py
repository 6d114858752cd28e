"""Batches of a split. Order and augmentation are functions of seed, epoch and position: workers cannot matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from hypercuboid.data.augment.base import Augmentation
from hypercuboid.data.base import Split
from hypercuboid.diagnostics import Diagnostic, HypercuboidError
from hypercuboid.ranks.base import ALONE, Ranks

if TYPE_CHECKING:
    import numpy as np
    import torch

Batch: TypeAlias = "tuple[torch.Tensor, torch.Tensor]"
"""Inputs (B, ...) and classes (B,), or (B, T) for tokens."""


def epoch_order(size: int, seed: int, epoch: int) -> np.ndarray:
    """The order of an epoch: a permutation of range(size) that depends on its arguments alone."""
    import numpy as np

    return np.random.default_rng([seed, epoch]).permutation(size)


def step_seed(seed: int, step: int, rank: int = 0) -> int:
    """What torch's generators are seeded with before a step: dropout is free of history, and another on each rank."""
    import numpy as np

    parts = [seed, step, rank] if rank else [seed, step]
    return int(np.random.SeedSequence(parts).generate_state(1, np.uint64)[0] >> 1)


def batches(split: Split, batch: int, order: np.ndarray, device: torch.device, workers: int = 0) -> Iterator[Batch]:
    """All of `order`, not augmented; the last batch may be smaller."""
    pieces = [_Piece(order[start : start + batch].tolist()) for start in range(0, len(order), batch)]
    yield from _moved(_reader(_Reader(split, Augmentation()), _Pieces(pieces), workers), device)


class Loader:
    """The batches of a split for as long as a run lasts; its worker processes live as long.

    With several ranks, `batch` is that of all of them together, and this is the share of one.
    """

    def __init__(
        self,
        split: Split,
        batch: int,
        device: torch.device,
        seed: int = 0,
        workers: int = 0,
        augmentation: Augmentation | None = None,
        ranks: Ranks = ALONE,
    ) -> None:
        self.split, self.batch, self.device, self.seed = split, batch, device, seed
        self.augmentation, self.ranks = augmentation or Augmentation(), ranks
        self._pieces = _Pieces()
        self._reader = _reader(_Reader(split, self.augmentation), self._pieces, workers)

    def epoch(self, epoch: int, first: int = 0, count: int | None = None) -> Iterator[Batch]:
        """The batches of an epoch from number `first` (from 0) up to number `count` of it, or to its end."""
        size, batch = len(self.split), self.batch
        order = epoch_order(size, self.seed, epoch)
        draws = self.augmentation.draws(size, self.seed, epoch)
        last = size if count is None else min(size, count * batch)
        starts = range(first * batch, last, batch)
        shares = [self.ranks.share(start, min(start + batch, last)) for start in starts]
        self._pieces.held = [_Piece(order[start:stop].tolist(), draws[start:stop]) for start, stop in shares]
        yield from _moved(self._reader, self.device)


@dataclass(frozen=True, eq=False)
class _Piece:
    """What one batch is read of: positions in the split, and the numbers that its augmentation draws, per input."""

    positions: list[int]
    draws: np.ndarray | None = None


@dataclass
class _Pieces:
    """The pieces of the epoch that is about to be read, as torch's DataLoader asks a sampler for them."""

    held: list[_Piece] = field(default_factory=list)

    def __iter__(self) -> Iterator[_Piece]:
        return iter(self.held)

    def __len__(self) -> int:
        return len(self.held)


@dataclass(frozen=True)
class _Failed:
    """What was wrong with an input. A worker hands it on as a value: raised there, it would arrive as text."""

    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, eq=False)
class _Reader:
    """A batch by its piece, as torch's DataLoader reads them."""

    split: Split
    augmentation: Augmentation

    def __len__(self) -> int:
        return len(self.split)

    def __getitem__(self, piece: _Piece) -> Batch | _Failed:
        import torch

        y = torch.from_numpy(self.split.y[piece.positions])
        try:
            return self.augmentation.read(self.split, piece.positions, piece.draws), y
        except HypercuboidError as problem:
            return _Failed(problem.diagnostics)


def _reader(reader: _Reader, pieces: _Pieces, workers: int) -> Iterable[Batch | _Failed]:
    """Batches by piece, read here or by worker processes that live as long as what is returned."""
    import torch

    if not workers:
        return _Here(reader, pieces)
    # The generator is for the seeds of the workers, which draw nothing: torch's own must not move.
    return torch.utils.data.DataLoader(
        cast(Any, reader),
        batch_size=None,
        sampler=cast(Any, pieces),
        num_workers=workers,
        persistent_workers=True,
        generator=torch.Generator(),
    )


@dataclass(frozen=True)
class _Here:
    """Reads in this process."""

    reader: _Reader
    pieces: _Pieces

    def __iter__(self) -> Iterator[Batch | _Failed]:
        return map(self.reader.__getitem__, self.pieces)


def _moved(source: Iterable[Batch | _Failed], device: torch.device) -> Iterator[Batch]:
    for read in source:
        if isinstance(read, _Failed):
            raise HypercuboidError(*read.diagnostics)
        yield read[0].to(device), read[1].to(device)
