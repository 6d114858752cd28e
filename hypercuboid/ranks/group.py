"""Several ranks: the same calls, answered by collectives of torch.distributed."""

from __future__ import annotations

import functools
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

import torch
from torch import Tensor, distributed

from hypercuboid.diagnostics import error
from hypercuboid.ranks.base import MaybeTensor, Ranks
from hypercuboid.runs.signals import StopRequest


class Group(Ranks):
    """The ranks of torch's default process group, which has been made; tensors of collectives are on `device`.

    `launcher` is the number of the process that started this one, 0 for none of ours: without it a run stops. `begun`
    says whether all ranks have something in common beyond their command.
    """

    def __init__(self, device: torch.device, launcher: int = 0) -> None:
        self.rank, self.size = distributed.get_rank(), distributed.get_world_size()
        self.device, self.launcher = device, launcher
        self.begun = False

    def mean(self, tensors: Sequence[MaybeTensor], count: int = 1) -> Sequence[MaybeTensor]:
        present = [one for one in tensors if one is not None]
        if not present:
            return tensors
        found = iter(_Mean.apply(self, count, *present))
        return [cast(MaybeTensor, one if one is None else next(found)) for one in tensors]

    def weighted(self, tensors: Sequence[Tensor], count: int) -> tuple[Tensor, ...]:
        """The mean over ranks, by one collective; each in the memory layout of what was given."""
        kind = functools.reduce(torch.promote_types, (one.dtype for one in tensors), torch.float32)
        counted = torch.tensor([count], dtype=kind, device=self.device)
        flat = torch.cat([*(count * one.detach().reshape(-1).to(kind) for one in tensors), counted])
        with _connected():
            distributed.all_reduce(flat)
        mean = flat[:-1] / flat[-1]
        return tuple(torch.empty_like(one).copy_(part) for one, part in _parts(mean, tensors))

    def total(self, numbers: Sequence[float]) -> Sequence[float]:
        values = torch.tensor(numbers, dtype=torch.float64, device=self.device)
        with _connected():
            distributed.all_reduce(values)
        return cast(list[float], values.tolist())

    def settle(self, buffers: Iterable[Tensor]) -> None:
        floating = [one for one in buffers if one.is_floating_point()]
        if not floating:
            return
        flat = torch.cat([one.reshape(-1) for one in floating])
        with _connected():
            distributed.broadcast(flat, 0)
        for one, part in _parts(flat, floating):
            one.copy_(part)

    def decide(self, value: bool) -> bool:
        return bool(self._from_writer(torch.tensor([value], dtype=torch.uint8)).item())

    def by_writer(self, make: Callable[[], bytes]) -> bytes:
        """The others end by SystemExit(1) where it raises: rank 0 says why."""
        content = b""
        if self.is_writer:
            try:
                content = make()
            except BaseException:
                self._from_writer(torch.tensor([-1]))
                raise
        size = int(self._from_writer(torch.tensor([len(content)])).item())
        if size < 0:
            raise SystemExit(1)
        self.begun = True
        filled = torch.frombuffer(bytearray(content), dtype=torch.uint8) if content else torch.empty(size).byte()
        return bytes(self._from_writer(filled).cpu().numpy().tobytes()) if size else b""

    def agree(self, stop: StopRequest) -> None:
        if self.launcher and os.getppid() != self.launcher:
            stop.name = signal.SIGHUP.name
        asked = signal.Signals[stop.name] if stop.name else 0
        number = torch.tensor([int(asked)], device=self.device)
        with _connected():
            distributed.all_reduce(number, distributed.ReduceOp.MAX)
        if number.item():
            stop.name = signal.Signals(int(number.item())).name

    def check_equal(self, tensors: Mapping[str, Tensor]) -> None:
        for kind in sorted({one.dtype for one in tensors.values()}, key=str):
            alike = {name: one for name, one in sorted(tensors.items()) if one.dtype == kind}
            self._check_alike(alike)

    def _check_alike(self, tensors: Mapping[str, Tensor]) -> None:
        mine = torch.cat([one.detach().reshape(-1).to(self.device) for one in tensors.values()])
        theirs = mine.clone()
        with _connected():
            distributed.broadcast(theirs, 0)
            same = torch.tensor([int(torch.equal(mine, theirs))], device=self.device)
            distributed.all_reduce(same, distributed.ReduceOp.MIN)
        if same.item():
            return
        parts = zip(tensors, _parts(theirs, list(tensors.values())), strict=True)
        other = (name for name, (one, part) in parts if not torch.equal(one.to(self.device), part))
        where = next(other, None)
        told = f"`{where}` of rank {self.rank} is not that of rank 0" if where else "a rank differs from rank 0"
        message = f"the ranks hold different numbers: {told}"
        raise error("HC7803", message, help="this is a defect; please report it with the command")

    def _from_writer(self, value: Tensor) -> Tensor:
        """The value of rank 0, of the same shape on all."""
        sent = value.to(self.device)
        with _connected():
            distributed.broadcast(sent, 0)
        return sent


def _parts(flat: Tensor, like: Sequence[Tensor]) -> Iterator[tuple[Tensor, Tensor]]:
    """The tensors, each with its part of one long one, in its shape."""
    start = 0
    for one in like:
        yield one, flat[start : start + one.numel()].view(one.shape)
        start += one.numel()


class _Mean(torch.autograd.Function):
    """The mean over ranks of many tensors at once. It is its own adjoint."""

    @staticmethod
    def forward(ctx: Any, group: Group, count: int, *tensors: Tensor) -> tuple[Tensor, ...]:
        ctx.group, ctx.count = group, count
        return group.weighted(tensors, count)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        return (None, None, *ctx.group.weighted(gradients, ctx.count))


@contextmanager
def _connected() -> Iterator[None]:
    """HC7802 where a collective fails: another rank has ended."""
    try:
        yield
    except RuntimeError as problem:
        note = " ".join(str(problem).split())[:200]
        message = "another rank has ended, so this one cannot go on"
        help = "look at what it said; the same command goes on from the last checkpoint"
        raise error("HC7802", message, notes=(note,), help=help) from None
