"""The three supernets that search steps are timed on, and a step of each as published code makes it and as we do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn

from hypercuboid.network.plans import PLANS, NamedPlan
from hypercuboid.network.supernet import Supernet
from hypercuboid.pipeline import Space, load_target
from hypercuboid.search.footprint import example
from hypercuboid.search.layout import laid_out, lay_out
from hypercuboid.search.objective import default_loss
from hypercuboid.search.passes import constant
from hypercuboid.search.recipe import Recipe

SPACES = Path(__file__).resolve().parent.parent / "spaces"
WORKLOADS: dict[str, tuple[str, str, tuple[str, ...], tuple[str, ...]]] = {
    "W1": ("darts.hc", "DARTS", ("c=16", "layers=8"), ()),
    "W2": ("sharpdarts.hc", "SharpDARTS", ("c=16", "layers=8"), ()),
    "W3": ("multichannelnet.hc", "MultiChannelNet", ("layers=2",), ("3x32x32",)),
}
"""File, space, parameters and input: DARTS with 16 channels and 8 cells, sharpDARTS with its nine primitives in the
same size, MultiChannelNet with 32 to 256 filters in three pairs of layers."""


def space_of(name: str) -> Space:
    file, space, parameters, inputs = WORKLOADS[name]
    return load_target(str(SPACES / file), space, parameters, inputs)


@dataclass(frozen=True)
class Way:
    """How a step is made. The defaults are those of published code: images as torch has them (NCHW), one module for
    each alternative, gradients of all parameters in both steps, of which one half is not used.
    """

    passes: tuple[str, ...] = ()
    channels_last: bool = False
    only_what_is_used: bool = False
    """The architecture step does without gradients of weights, the weight step without those of alphas."""
    device: str = "cpu"


BASELINE = Way()


class Steps:
    """Pairs of steps of a first-order search in one of the ways: `pair()` makes one, on noise."""

    def __init__(
        self, space: Space, way: Way, batch: int, supernet: Supernet | None = None, foreach: bool | None = None
    ) -> None:
        """`foreach`: optimizers take all parameters at once, as they do by themselves on a GPU."""
        self.way, recipe, device = way, Recipe(), torch.device(way.device)
        self.supernet = supernet if supernet is not None else space.supernet()
        self.supernet.to(device).train()
        name = "benchmark: " + " ".join(way.passes)
        if name not in PLANS:
            PLANS.add(name, replace(PLANS["plain"], passes=way.passes))
        self.supernet.run_by(name)
        torch.manual_seed(0)
        halves = (example(self.supernet, batch, device) for _ in range(2))
        if way.channels_last:
            lay_out(self.supernet)
            halves = ((laid_out(x), y) for x, y in halves)
        self.training, self.validation = halves
        self.weights, self.alphas = self.supernet.weights(), self.supernet.alphas()
        decay, momentum = recipe.weight_decay, recipe.momentum
        self.of_weights = torch.optim.SGD(self.weights, recipe.lr, momentum, weight_decay=decay, foreach=foreach)
        self.of_alphas = torch.optim.Adam(self.alphas, recipe.alpha_lr, recipe.alpha_betas, foreach=foreach)
        self.clip = recipe.clip

    def pair(self) -> None:
        self.architecture_step()
        self.weight_step()

    def architecture_step(self) -> None:
        if self.way.only_what_is_used:
            with constant(self.weights):
                loss = self._loss(self.validation, self.supernet.coefficients())
            _take(self.alphas, torch.autograd.grad(loss, self.alphas))
        else:
            self._backward(self._loss(self.validation, self.supernet.coefficients()))
        self.of_alphas.step()

    def weight_step(self) -> None:
        if self.way.only_what_is_used:
            with torch.no_grad():
                coefficients = self.supernet.coefficients()
            _take(self.weights, torch.autograd.grad(self._loss(self.training, coefficients), self.weights))
        else:
            self._backward(self._loss(self.training, self.supernet.coefficients()))
        nn.utils.clip_grad_norm_(self.weights, self.clip)
        self.of_weights.step()

    def _backward(self, loss: Tensor) -> None:
        self.of_weights.zero_grad()
        self.of_alphas.zero_grad()
        torch.autograd.backward(loss)

    def _loss(self, batch: tuple[Tensor, Tensor], coefficients: dict[str, Tensor]) -> Tensor:
        x, y = batch
        return default_loss(self.supernet(x, coefficients=coefficients), y)


def _take(parameters: list[nn.Parameter], gradients: tuple[Tensor, ...]) -> None:
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = gradient


ALONE: dict[str, Way] = {
    "memory format": Way(channels_last=True),
    "no unused gradients": Way(only_what_is_used=True),
    "same": Way(("same",)),
    "same + norms": Way(("same", "norms", "same")),
    "zeros": Way(("same", "zeros")),
    "chains": Way(("chains",), channels_last=True),
    "mixes": Way(("mixes",), channels_last=True),
}
"""Each switch by itself; those of fused steps are made for channels last, and so are to be held against that."""


def of_plan(named: NamedPlan) -> Way:
    """All that a search does under a named plan."""
    return Way(named.passes, channels_last=True, only_what_is_used=True)
