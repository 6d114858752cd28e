"""What a search and a training ask of the ranks they run on; and one process alone, for which nothing is to be done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from hypercuboid.diagnostics import error

if TYPE_CHECKING:
    import torch

    from hypercuboid.runs.signals import StopRequest

Value = TypeVar("Value")
MaybeTensor = TypeVar("MaybeTensor", bound="torch.Tensor | None")


class Ranks:
    """One process alone. With several (`group.Group`) every rank must make the same calls in the same order.

    After each step all ranks hold the same parameters and buffers; only rank 0 writes.
    """

    rank = 0
    size = 1

    @property
    def is_writer(self) -> bool:
        """Whether this is the process that writes the run folder and prints."""
        return self.rank == 0

    def check_batch(self, batch: int, images: int) -> None:
        """HC7801 where the ranks cannot have equal shares of at least two of every whole batch."""
        if self.size == 1:
            return
        if batch % self.size or batch < 2 * self.size:
            message = f"a batch of {batch} cannot be shared equally by {self.size} ranks, two images each or more"
            fitting = max(2, round(batch / self.size)) * self.size
            raise error("HC7801", message, help=f"`--batch` is that of all ranks together: try --batch {fitting}")
        if images < batch:
            message = f"{self.size} ranks need a whole batch of {batch}, and there are {images} images"
            raise error("HC7801", message, help="give a smaller --batch")

    def share(self, start: int, stop: int) -> tuple[int, int]:
        """This rank's part of the images from `start` up to `stop` of an order: in turn, without overlap.

        What does not give every rank two images (the end of an epoch of training) every rank has whole.
        """
        count = stop - start
        if count < 2 * self.size:
            return start, stop
        return start + count * self.rank // self.size, start + count * (self.rank + 1) // self.size

    def mean(self, tensors: Sequence[MaybeTensor], count: int = 1) -> Sequence[MaybeTensor]:
        """The mean over ranks of each tensor, weighted by `count`; None where a tensor is None, on all ranks alike.

        Its derivative is the same mean of what comes back, so that a loss which is the mean over ranks of losses of it
        has the mean over ranks of the gradients that `autograd.grad` gives here.
        """
        return tensors

    def total(self, numbers: Sequence[float]) -> Sequence[float]:
        """The sum over ranks of each number."""
        return numbers

    def settle(self, buffers: Iterable[torch.Tensor]) -> None:
        """Gives all ranks the floating-point buffers (running statistics) of rank 0."""

    def decide(self, value: bool) -> bool:
        """What rank 0 says."""
        return value

    def by_writer(self, make: Callable[[], bytes]) -> bytes:
        """What rank 0 makes; where it raises there, every rank ends."""
        return make()

    def agree(self, stop: StopRequest) -> None:
        """Where one rank was asked to stop, all are."""

    def check_equal(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """HC7803 where a tensor is not the same on all ranks, to the bit."""


ALONE = Ranks()
"""The ranks of a process that was started alone."""
