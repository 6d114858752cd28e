"""What a first-order search step holds in memory, and the largest batch that fits, before anything is run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from hypercuboid.network.memory import Held
from hypercuboid.network.outlines import Outlined, Outlines
from hypercuboid.network.supernet import Supernet
from hypercuboid.network.workspaces import workspace_of
from hypercuboid.search.objective import default_loss
from hypercuboid.search.passes import constant
from hypercuboid.search.recipe import Recipe

if TYPE_CHECKING:
    from hypercuboid.search.strategies.base import Batch

LARGEST_BATCH = 1_000_000
"""What is said where memory would suffice for more."""

MOST_TRIED = 12
"""Batches that are tried on the way to the largest."""


@dataclass(frozen=True)
class Footprint:
    """Bytes: of parameters and buffers, of gradients, of what both optimizers remember, of what backward needs of the
    architecture step, and the most that are held at any time of a pair of steps, all of it and temporary tensors
    included. `moments` is what is held in each op, in order.
    """

    weights: int
    gradients: int
    optimizers: int
    activations: int
    peak: int
    moments: tuple[int, ...] = field(repr=False)


class StepOnMeta:
    """The pair of steps of `search.strategies.bilevel` on tensors without numbers. A supernet is moved to `meta`."""

    def __init__(self, supernet: Supernet, recipe: Recipe, device: torch.device) -> None:
        """`device` is where the search is to run."""
        self.supernet = supernet.to("meta").train()
        self.recipe = recipe
        self.workspace = workspace_of(device)
        self.outlines = Outlines()
        self.weights, self.alphas = supernet.weights(), supernet.alphas()
        self.of_weights = torch.optim.SGD(
            self.weights, lr=recipe.lr, momentum=recipe.momentum, weight_decay=recipe.weight_decay
        )
        self.of_alphas = torch.optim.Adam(
            self.alphas, lr=recipe.alpha_lr, betas=recipe.alpha_betas, weight_decay=recipe.alpha_weight_decay
        )

    def footprint(self, batch: int) -> Footprint:
        """After a first pair of steps, which makes gradients and the memory of the optimizers, one is held."""
        inputs = example(self.supernet, batch, torch.device("meta"))
        if not self.of_weights.state:
            with Outlined(self.outlines):
                self._step(inputs, lambda: None)
        network = [*self.supernet.parameters(), *self.supernet.buffers()]
        gradients = [one.grad for one in self.supernet.parameters() if one.grad is not None]
        remembered = [*_remembered(self.of_weights), *_remembered(self.of_alphas)]
        forward: list[int] = []
        with Held([*network, *gradients, *remembered, *inputs], self.workspace, self.outlines) as held:
            before = held.now
            self._step(inputs, lambda: forward.append(held.now - before))
        sizes = _bytes(network), _bytes(gradients), _bytes(remembered)
        return Footprint(*sizes, forward[0], held.peak, tuple(held.moments))

    def peaks(self, known: Mapping[int, Footprint]) -> Callable[[int], int]:
        """The peak at any batch, from the footprints at two: what is held in each op is linear in the batch.

        Where the two do not make the same ops, each batch is looked at.
        """
        (first, one), (second, other) = known.items()
        if len(one.moments) != len(other.moments):
            return lambda batch: self.footprint(batch).peak
        base, slope = np.array(one.moments), (np.array(other.moments) - one.moments) // (second - first)
        return lambda batch: int((base + slope * (batch - first)).max())

    def _step(self, batch: Batch, after_forward: Callable[[], None]) -> None:
        with constant(self.weights):
            loss = self._loss(batch)
        after_forward()
        _take(self.alphas, torch.autograd.grad(loss, self.alphas, allow_unused=True))
        self.of_alphas.step()
        del loss
        with torch.no_grad():
            coefficients = self.supernet.coefficients()
        loss = self._loss(batch, coefficients)
        _take(self.weights, torch.autograd.grad(loss, self.weights, allow_unused=True))
        nn.utils.clip_grad_norm_(self.weights, self.recipe.clip)
        self.of_weights.step()

    def _loss(self, batch: Batch, coefficients: dict[str, Tensor] | None = None) -> Tensor:
        x, y = batch
        logits = self.supernet(x, coefficients=coefficients or self.supernet.coefficients())
        return default_loss(logits, y)


def example(supernet: Supernet, batch: int, device: torch.device) -> Batch:
    """A batch in the shapes of a space: noise, or tokens 0; classes 0."""
    space = supernet.graph.space
    (type,), output = space.input_types, space.definition.body.type
    shape = (batch, *type.shape)
    x = torch.zeros(shape, dtype=torch.long) if type.kind == "tokens" else torch.randn(shape, device="cpu")
    places = output.shape[1:] if output.kind == "image" else output.shape[:-1]
    return x.to(device), torch.zeros((batch, *places), dtype=torch.long, device=device)


def largest_batch(peak: Callable[[int], int], memory: int, batch: int = 64) -> int | None:
    """The largest batch whose peak is within `memory` bytes, to one in a hundred; None where not even 2 fits.

    What is held at any moment grows linearly with the batch, so the peak over moments is convex: the line through two
    batches that fit says too much beyond them, the one through a batch that fits and one that does not too little.
    """
    known = {size: peak(size) for size in (2, max(batch, 4))}
    if known[2] > memory:
        return None
    for turn in range(MOST_TRIED):
        fit = sorted(size for size in known if known[size] <= memory)
        fails = min((size for size in known if known[size] > memory), default=LARGEST_BATCH + 1)
        if fails - fit[-1] <= max(1, fit[-1] // 100):
            break
        across = turn % 2 == 0 and fails in known
        pair = (fit[-1], fails) if across else tuple(fit[-2:])
        size = _on_line(known, pair, memory) if len(pair) == 2 else (fit[-1] + fails) // 2
        size = min(max(size, fit[-1] + 1), fails - 1)
        known[size] = peak(size)
    return max(size for size in known if known[size] <= memory)


def _on_line(known: dict[int, int], pair: tuple[int, ...], memory: int) -> int:
    """Where the line through two batches reaches `memory`."""
    first, second = pair
    return first + (memory - known[first]) * (second - first) // max(1, known[second] - known[first])


def _take(parameters: Iterable[Tensor], gradients: Iterable[Tensor | None]) -> None:
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = gradient


def _remembered(optimizer: torch.optim.Optimizer) -> list[Tensor]:
    return [one for state in optimizer.state.values() for one in state.values() if isinstance(one, Tensor)]


def _bytes(tensors: Iterable[Tensor]) -> int:
    return sum({one.untyped_storage()._cdata: one.untyped_storage().nbytes() for one in tensors}.values())
