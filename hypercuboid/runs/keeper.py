"""When a run writes its checkpoints, where it stops, and what it goes on from: the same for every kind of run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from hypercuboid.diagnostics import Diagnostic
from hypercuboid.ranks.base import ALONE, Ranks
from hypercuboid.runs.checkpoints import Checkpoint, Checkpoints, from_bytes, to_bytes
from hypercuboid.runs.folder import RunFolder
from hypercuboid.runs.restoring import Unfit, fitting
from hypercuboid.runs.signals import Stopped, StopRequest

if TYPE_CHECKING:
    import torch

METRICS_SIZE = "metrics"
"""The entry of a checkpoint's state that says how far the metrics had been written."""


class Keeper:
    """The checkpoints of one run: one once `every` seconds have passed since the last, and one where `stop` was asked.

    `about` is what each says of itself. Of several ranks one writes and reads them, and all go on from them and stop
    together.
    """

    def __init__(
        self, run: RunFolder, stop: StopRequest, every: float, about: Mapping[str, Any], ranks: Ranks = ALONE
    ) -> None:
        self._ranks = ranks
        self._run, self._stop, self._every, self._about = run, stop, every, about
        self._checkpoints = Checkpoints(run.path / "checkpoints")
        self._saved = time.monotonic()

    def newest(self, warn: Callable[[Diagnostic], None]) -> Checkpoint | None:
        """The newest whole checkpoint; the metrics written after it are taken back, all of them where there is none."""
        if self._ranks.size == 1:
            return self._newest(warn)
        return from_bytes(self._ranks.by_writer(lambda: to_bytes(self._newest(warn))))

    def _newest(self, warn: Callable[[Diagnostic], None]) -> Checkpoint | None:
        found, warnings = self._checkpoints.newest()
        for warning in warnings:
            warn(warning)
        self._run.cut_metrics(0 if found is None else self._metrics_size(found))
        return found

    def _metrics_size(self, found: Checkpoint) -> int:
        size = found.state.get(METRICS_SIZE)
        with fitting(self._run.path):
            if type(size) is not int or size < 0:
                raise Unfit(f"`{METRICS_SIZE}` is no size")
        return size

    def step_done(
        self, step: int, state: Callable[[], Mapping[str, Any]], tensors: Callable[[], Mapping[str, torch.Tensor]]
    ) -> None:
        """To be called after each step; writes a checkpoint where one is due, raises Stopped where it was asked to."""
        self._ranks.agree(self._stop)
        due = self._stop.name is not None or time.monotonic() - self._saved >= self._every
        if due and self._ranks.is_writer:
            whole = {METRICS_SIZE: self._run.metrics_size(), **state()}
            self._checkpoints.save(step, self._about, whole, tensors())
            self._saved = time.monotonic()
        if self._stop.name is not None:
            raise Stopped(self._stop.name, step)


def with_prefix(prefix: str, tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Tensors under names that begin with `prefix`, so that those of several things stand in one file."""
    return {f"{prefix}/{name}": tensor for name, tensor in tensors.items()}


def without_prefix(prefix: str, tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """What `with_prefix` put there, under its own names."""
    start = f"{prefix}/"
    return {name.removeprefix(start): tensor for name, tensor in tensors.items() if name.startswith(start)}
