"""The steps of the batched plan: ops of one kind on channels side by side, and what they read.

A *pack* is a tensor (N, C, H, W) whose channels are those of several values, one after another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod

import numpy as np
import torch
from torch import Tensor

from hypercuboid.network.plans.batching.places import Places
from hypercuboid.network.steps import Fused, RunOp, Slot
from hypercuboid.ops._shapes import Window, window


@dataclass(frozen=True)
class Batch(Fused):
    """Members, each of one op or of batch norms of one value, of which each gives one value.

    The channels of `pieces`, one after another, are what the members read; `outputs` begin with the pack of all that
    they give, where `whole`, and go on with runs of it, of `splits` channels each.
    """

    members: tuple[tuple[RunOp, ...], ...] = ()
    pieces: tuple[Slot, ...] = ()
    weights: tuple[Slot, ...] = ()
    whole: bool = True
    splits: tuple[int, ...] = ()

    @cached_property
    def inputs(self) -> tuple[Slot, ...]:
        return (*self.pieces, *self.weights)

    @cached_property
    def channels(self) -> tuple[int, ...]:
        """Of what each member gives."""
        return tuple(member[0].type.channels for member in self.members)

    @cached_property
    def sources(self) -> tuple[Slot, ...]:
        """The values that stand in the pieces, in their order."""
        return tuple(member[0].inputs[0] for member in self.members)

    @property
    def taken(self) -> tuple[Taken, ...]:
        """What it needs of the weights of its members."""
        return ()


@dataclass(frozen=True)
class Each(Batch):
    """An op on each channel by itself, without weights."""


@dataclass(frozen=True)
class Norms(Batch):
    """Batch norms; the last of `outputs` are the statistics that they saw."""

    @property
    def taken(self) -> tuple[Taken, ...]:
        if not self.members[0][0].arguments["affine"]:
            return ()
        names = [(member[0].name, member[0].type.channels) for member in self.members]
        parameters = (tuple((name, kind, size) for name, size in names) for kind in ("weight", "bias"))
        return tuple(Taken(one, (sum(self.channels),)) for one in parameters)


POINT = Window((1, 1), (1, 1), (0, 0), 1)


@dataclass(frozen=True)
class Convolutions(Batch):
    """Convolutions as one with `groups` and weights of `shape`, of the values in `read`, where these are not one each.

    `placing` is where the weights of the members, one after another, stand in that; `before` where the channels of the
    pieces stand in what it reads, and `after` those of the members in what it gives: None where they stand in a row.
    """

    shape: tuple[int, ...] = ()
    window: Window = POINT
    groups: int = 1
    read: tuple[Slot, ...] = ()
    placing: Places | None = None
    before: Places | None = None
    after: Places | None = None

    @cached_property
    def sources(self) -> tuple[Slot, ...]:
        return self.read or tuple(member[0].inputs[0] for member in self.members)

    @property
    def taken(self) -> tuple[Taken, ...]:
        names = ((op.name, "weight", _size(op)) for op, *_ in self.members)
        return (Taken(tuple(names), self.shape, self.placing),)


def _size(op: RunOp) -> int:
    """How many weights a convolution has."""
    groups = op.arguments.get("groups", op.type.channels)
    assert isinstance(groups, int)
    return op.type.channels * op.input_types[0].channels // groups * prod(window(op.op, op.arguments).kernel)


@dataclass(frozen=True)
class Taken:
    """A tensor of `shape` made of parameters, one after another: names of layers and attributes, with their sizes. With
    `places` they stand there in it, and zeros elsewhere.
    """

    parameters: tuple[tuple[str, str, int], ...]
    shape: tuple[int, ...]
    places: Places | None = None


@dataclass(frozen=True)
class Weights(Fused):
    """Weights of batches, taken from the layers at once; `outputs` are one for each of `taken`, which have places all
    or none.
    """

    taken: tuple[Taken, ...] = ()

    @cached_property
    def parameters(self) -> tuple[tuple[str, str, int], ...]:
        return tuple(one for taken in self.taken for one in taken.parameters)

    @cached_property
    def places(self) -> Places | None:
        """Of all numbers."""
        found, begin = [], 0
        for taken in self.taken:
            if taken.places is None:
                return None
            found.append(begin + taken.places.at)
            begin += taken.places.size
        return Places(np.concatenate(found), begin)


@dataclass(frozen=True)
class Coefficients(Fused):
    """Matrices (N, sums, terms) of coefficients, the same for each input of the batch: for each of `outputs` its places
    in those of `decisions`, one after another; one past their end is 0. It reads an input of the network for N."""

    decisions: tuple[str, ...] = ()
    places: tuple[tuple[tuple[tuple[str, int] | None, ...], ...], ...] = ()
    _known: dict[torch.device, Tensor] = field(default_factory=dict, repr=False, compare=False)

    @property
    def inputs(self) -> tuple[Slot, ...]:
        return (0,)

    @cached_property
    def sizes(self) -> list[int]:
        return [sum(map(len, rows)) for rows in self.places]

    def index(self, sizes: Sequence[int], device: torch.device) -> Tensor:
        """Of all matrices, given how many coefficients each decision has."""
        if device not in self._known:
            starts = dict(zip(self.decisions, np.cumsum([0, *sizes]).tolist(), strict=False))
            numbers = [sum(sizes) if one is None else starts[one[0]] + one[1] for row in self._rows for one in row]
            self._known[device] = torch.tensor(numbers, device=device)
        return self._known[device]

    @property
    def _rows(self) -> list[tuple[tuple[str, int] | None, ...]]:
        return [row for rows in self.places for row in rows]


@dataclass(frozen=True)
class Contraction(Fused):
    """Parts of weighted sums: the matrix in `weights` (rows, columns) times the values in `pieces`, whose channels, and
    those of the sums, stand in it in runs of `width` each.

    What is in `added`, if anything, is added. `outputs` begin with the pack of all sums, where `whole`, and go on with
    runs of it, of `splits` channels each.
    """

    pieces: tuple[Slot, ...] = ()
    weights: Slot = 0
    added: tuple[Slot, ...] = ()
    width: int = 1
    whole: bool = True
    splits: tuple[int, ...] = ()

    @cached_property
    def inputs(self) -> tuple[Slot, ...]:
        return (*self.pieces, self.weights, *self.added)


@dataclass(frozen=True)
class Shared(Fused):
    """`value` under as many names as there are steps that read it, whose gradients are added up at once."""

    value: Slot = 0

    @property
    def inputs(self) -> tuple[Slot, ...]:
        return (self.value,)


@dataclass(frozen=True)
class Total(Fused):
    """A weighted sum, or several added up, from the parts of it in `partials`."""

    partials: tuple[Slot, ...] = ()

    @cached_property
    def inputs(self) -> tuple[Slot, ...]:
        return self.partials or Fused(self.parts, self.outputs).inputs


@dataclass(frozen=True)
class Statistics(Fused):
    """Moves the running statistics of all batch norms at once: for each of `seen` the layers of each member."""

    seen: tuple[Slot, ...] = ()
    norms: tuple[tuple[tuple[RunOp, ...], ...], ...] = ()

    @cached_property
    def inputs(self) -> tuple[Slot, ...]:
        return self.seen
