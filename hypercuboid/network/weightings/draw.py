"""What a weighting may use beside alphas: how far the search is, and random numbers of seed and step alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

import torch

from hypercuboid.network.instances import derived_seed


@dataclass(frozen=True)
class Draw:
    """One use of a weighting: the coefficients of one forward pass.

    Whatever is random comes from a generator made of `seed`, `step`, `learns_alphas` and `name`, never from torch's
    global one: a search that goes on from a checkpoint draws what it would have drawn.
    """

    seed: int = 0
    step: int = 0
    """The pair of steps, from 1."""
    progress: float = 0.0
    """0 at the first step of the search, 1 at its last."""
    temperature: float = 1.0
    """T of Gumbel-softmax at this moment."""
    learns_alphas: bool = True
    """Whether gradients of architecture parameters are wanted; False in a step of the weights alone."""
    name: str = ""
    """What is drawn within the step: a decision."""

    def __post_init__(self) -> None:
        assert 0 <= self.progress <= 1
        assert self.temperature > 0

    def of(self, name: str) -> Draw:
        """The same moment for one thing: it draws its own numbers."""
        return replace(self, name=name)

    def generator(self) -> torch.Generator:
        """A fresh generator on the CPU, so that every device draws the same."""
        return torch.Generator().manual_seed(self.number())

    def random(self) -> Random:
        """The same for what draws without torch."""
        return Random(self.number())

    def number(self) -> int:
        """What generators are seeded with, 63 bits."""
        return derived_seed(self.seed, f"draw/{self.step}/{int(self.learns_alphas)}/{self.name}")
