"""The gradients of architecture parameters over an epoch, summed over every other step: how much of them is noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from hypercuboid.runs.keeper import with_prefix, without_prefix
from hypercuboid.runs.restoring import Unfit, require_like

PREFIX = "alpha-gradient"


class Halves:
    """Sums of gradients by decision over the odd and over the even architecture steps of an epoch, float64.

    The gradients are those that the optimizer steps along, penalties and costs included.
    """

    def __init__(self, alphas: Mapping[str, Tensor]) -> None:
        """`alphas` are the architecture parameters by decision."""
        self.like = {name: torch.zeros(alpha.shape, dtype=torch.float64) for name, alpha in alphas.items()}
        self.begin()

    def begin(self) -> None:
        """A new epoch."""
        self.steps = 0
        self.sums: tuple[dict[str, Tensor], dict[str, Tensor]] = ({}, {})

    def add(self, gradients: Sequence[Tensor]) -> None:
        """The gradients of one step, one for each decision."""
        half = self.sums[self.steps % 2]
        for name, gradient in zip(self.like, gradients, strict=True):
            value = gradient.detach().double().cpu()
            half[name] = half[name] + value if name in half else value
        self.steps += 1

    def mean(self) -> dict[str, Tensor]:
        """The mean gradient of the epoch by decision; empty where there was no step."""
        first, second = self.sums
        return {name: (one + second.get(name, 0.0)) / self.steps for name, one in first.items()}

    def correlation(self) -> float | None:
        """Pearson's correlation between the two sums over all entries; None where one of them is constant."""
        first, second = (list(half.values()) for half in self.sums)
        return correlation(first, second) if first and second else None

    def tensors(self) -> dict[str, Tensor]:
        """All of it; nothing where there was no step."""
        if not self.steps:
            return {}
        halves = [with_prefix(f"{PREFIX}/{number}", half) for number, half in enumerate(self.sums)]
        return {**halves[0], **halves[1], f"{PREFIX}/steps": torch.tensor(self.steps)}

    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        """Puts back what `tensors` gave; Unfit where it is of other decisions."""
        self.begin()
        self.steps = int(tensors.get(f"{PREFIX}/steps", 0))
        first, second = (self._half(without_prefix(f"{PREFIX}/{number}", tensors), number) for number in range(2))
        self.sums = (first, second)

    def _half(self, found: Mapping[str, Tensor], number: int) -> dict[str, Tensor]:
        """A half of a checkpoint in the order of the decisions; it is empty before its first step."""
        wanted = self.like if self.steps > number else {}
        if found.keys() != wanted.keys():
            raise Unfit("the gradients of architecture parameters are those of other decisions")
        for name, like in wanted.items():
            require_like(name, found[name], like)
        return {name: found[name] for name in wanted}


def correlation(first: Sequence[Tensor], second: Sequence[Tensor]) -> float | None:
    """Pearson's correlation over all entries of two lists of tensors; None where one is constant."""
    one, other = (torch.cat([tensor.reshape(-1).double() for tensor in half]) for half in (first, second))
    one, other = one - one.mean(), other - other.mean()
    norms = float(one.norm() * other.norm())
    return float(one @ other) / norms if norms > 0 else None
