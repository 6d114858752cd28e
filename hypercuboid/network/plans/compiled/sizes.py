"""The kernel on tensors of the device `meta`: shapes of what it gives, and the memory it takes for itself meanwhile.

The sizes are those of the buffers in `kernel/run.h`, counted in vectors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import torch
from torch import Tensor

from hypercuboid.network.plans.compiled.chains import DEPTHWISE, Unit
from hypercuboid.network.plans.compiled.groups import Group

BAND = 64
"""Pixels that go through a unit at once, in whole rows."""


class Layered(NamedTuple):
    """What the layers of a group hold, flat over units, in the order of `Layers`."""

    weights: Sequence[Tensor | None]
    statistics: Sequence[Tensor | None]
    training: Sequence[bool]
    momentum: Sequence[float]


@dataclass(frozen=True)
class KernelOnMeta:
    """Stands for the compiled kernel, for groups in place of its shapes; `vector_bytes` is the size of its vectors."""

    vector_bytes: int
    State: ClassVar = Layered

    def forward(
        self, group: Group, state: Layered, x_nchw: Tensor, coefficients: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The output, what backward needs of each unit, and means and deviations."""
        units, lanes, images = units_of(group), self.vector_bytes // x_nchw.element_size(), len(x_nchw)
        made = units[-1].made
        kept = sum(images * blocks(one.made.channels, lanes) * pixels(one) * lanes for one in units)
        last = torch.channels_last
        out = torch.empty((images, *made.shape), dtype=x_nchw.dtype, device=x_nchw.device, memory_format=last)
        outputs = out, x_nchw.new_empty(kept), x_nchw.new_empty(2 * sum(one.made.channels for one in units))
        self._take(x_nchw, Buffers(group, images, lanes).forward())
        return outputs

    def backward(
        self,
        group: Group,
        state: Layered,
        x_nchw: Tensor,
        coefficients: Tensor,
        kept: Tensor,
        norms: Tensor,
        d_out: Tensor,
        to_source: bool,
        wanted: Sequence[bool],
    ) -> tuple[Tensor | None, Tensor, list[Tensor | None]]:
        """The gradients of source, coefficients and the weights that are `wanted`."""
        pairs = zip(state.weights, wanted, strict=True)
        d_weights = [torch.empty_like(one) if needed and one is not None else None for one, needed in pairs]
        d_source = torch.empty_like(x_nchw) if to_source else None
        buffers = Buffers(group, len(x_nchw), self.vector_bytes // x_nchw.element_size())
        self._take(x_nchw, buffers.backward(to_source, wanted))
        return d_source, torch.empty_like(coefficients), d_weights

    def _take(self, like: Tensor, vectors: int) -> None:
        """Holds so much for a moment."""
        like.new_empty(vectors * self.vector_bytes, dtype=torch.uint8)


@dataclass(frozen=True)
class Buffers:
    """How many vectors the kernel holds at most while a group runs; `lanes` are the numbers in a vector."""

    group: Group
    images: int
    lanes: int

    def forward(self) -> int:
        """Weights in vectors, sums of each image and four numbers of each norm; and the room of each thread."""
        units = units_of(self.group)
        products = sum(self._blocks(one.made.channels) * one.given.channels for one in units if one.product)
        return products + sum(self._of_any(one, 4) for one in units) + self._threads() * self._room()

    def backward(self, to_source: bool, wanted: Sequence[bool]) -> int:
        """As in forward; gradients of weights for each thread, and gradients of what lies between two levels."""
        units, threads = units_of(self.group), self._threads()
        total = sum(self._of_any(one, 6) for one in units) + self._between()
        for place, one in enumerate(units):
            inputs, (to_taps, to_product) = self._blocks(one.given.channels), wanted[4 * place : 4 * place + 2]
            total += inputs * one.made.channels if one.product else 0
            total += threads * inputs * taps(one) if to_taps else 0
            total += threads * inputs * self._blocks(one.made.channels) * self.lanes if to_product else 0
        return total + threads * (self._room() + self._room_back(to_source))

    def _threads(self) -> int:
        return max(1, min(self.images, torch.get_num_threads()))

    def _blocks(self, channels: int) -> int:
        return blocks(channels, self.lanes)

    def _of_any(self, unit: Unit, numbers: int) -> int:
        """Taps both ways, two sums of each image, and some numbers of the norm."""
        both = 2 * self._blocks(unit.given.channels) * taps(unit) if unit.kind == DEPTHWISE else 0
        return both + (2 * self.images + numbers) * self._blocks(unit.made.channels)

    def _room(self) -> int:
        """An image that is read, padded, with and without relu; one of a later unit; a band of its window."""
        first = [chain.units[0] for chain in self.group.chains if chain.units]
        later = [one for chain in self.group.chains for one in chain.units[1:]]
        rows, columns = (2 * max(one.window.padding[axis] for one in first) for axis in (0, 1))
        ways = len({one.relu is not None for one in first})
        source = ways * self._image(first[0], rows, columns)
        own = max((self._image(one, 2 * one.window.padding[0], 2 * one.window.padding[1]) for one in later), default=0)
        products = [one for one in units_of(self.group) if one.product]
        return source + own + max((self._blocks(one.given.channels) * band(one) for one in products), default=0)

    def _room_back(self, to_source: bool) -> int:
        """The gradient of an image, before and behind the window and in bands, and of the source."""
        units = units_of(self.group)
        first = [chain.units[0] for chain in self.group.chains if chain.units]
        given = self._blocks(units[-1].made.channels) * pixels(units[-1])
        bands = max(self._blocks(one.made.channels) * band(one) for one in units)
        behind = max(self._blocks(one.given.channels) * _behind(one) for one in units)
        ways = len({one.relu is not None for one in first}) if to_source else 0
        return given + bands + behind + ways * self._image(first[0], 0, 0)

    def _image(self, unit: Unit, rows: int, columns: int) -> int:
        channels, height, width = unit.given.shape
        return self._blocks(channels) * (height + rows) * (width + columns)

    def _between(self) -> int:
        """Gradients of what units give to units behind them: of two levels at once."""
        at: Counter[int] = Counter()
        for chain in self.group.chains:
            for level, one in enumerate(chain.units[:-1]):
                at[level] += self.images * self._blocks(one.made.channels) * pixels(one)
        return max((at[level] + at[level - 1] for level in range(len(at) + 1)), default=0)


def units_of(group: Group) -> list[Unit]:
    return [unit for chain in group.chains for unit in chain.units]


def blocks(channels: int, lanes: int) -> int:
    """Vectors that hold a number of each channel."""
    return -(-channels // lanes)


def pixels(unit: Unit) -> int:
    """Of what it gives."""
    return unit.made.shape[1] * unit.made.shape[2]


def taps(unit: Unit) -> int:
    return unit.window.kernel[0] * unit.window.kernel[1]


def band(unit: Unit) -> int:
    """Pixels of a few rows of what it gives."""
    columns = unit.made.shape[2]
    return max(1, BAND // columns) * columns


def _behind(unit: Unit) -> int:
    """Pixels of the gradient of what a window gives, padded where a window over it gives that of what it reads."""
    view, (_, rows, columns) = unit.window, unit.made.shape
    reach = [(size - 1) * view.dilation for size in view.kernel]
    gathers = unit.kind == DEPTHWISE and view.stride == (1, 1) and all(map(int.__ge__, reach, view.padding))
    above, before = (reach[axis] - view.padding[axis] if gathers else 0 for axis in (0, 1))
    return (rows + 2 * above) * (columns + 2 * before)


def kernel_on_meta(kernel: Any) -> KernelOnMeta:
    """What stands for a compiled kernel."""
    return KernelOnMeta(kernel.vector_bytes)
