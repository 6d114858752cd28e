"""A convolution and its backward as functions of tensors; on a CPU, dilated depthwise ones on phases of the image.

With dilation d, the pixels (i + d a, j + d b) see only each other: each of the d x d phases (i, j) of the image is an
ordinary convolution of its own. Phases stand beside each other in the batch. Where torch's backward of a dilated
depthwise convolution runs at a tenth of the speed of an ordinary one, that pays for the copies many times. One of 1x1
is a product of matrices, whose backward torch's convolution makes with copies that it does not need.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Geometry:
    """Of a convolution without bias."""

    stride: tuple[int, int]
    padding: tuple[int, int]
    dilation: tuple[int, int]
    groups: int
    kernel: tuple[int, int] = (0, 0)

    @cached_property
    def pointwise(self) -> bool:
        """Whether each pixel is mapped by itself."""
        return (self.kernel, self.stride, self.padding, self.groups) == ((1, 1), (1, 1), (0, 0), 1)

    @cached_property
    def phased(self) -> int:
        """How many phases an axis of the image has; 1 where the convolution runs as it is."""
        d = self.dilation[0]
        square = self.dilation == (d, d) and self.stride in ((1, 1), (d, d))
        return d if d > 1 and self.groups > 1 and square and all(one % d == 0 for one in self.padding) else 1

    @cached_property
    def of_a_phase(self) -> Geometry:
        """The convolution of a phase of the image."""
        rows, columns = (one // self.phased for one in self.padding)
        return Geometry((1, 1), (rows, columns), (1, 1), self.groups)


def geometry_of(convolution: nn.Conv2d) -> Geometry | None:
    """None where it is none of those that run here: it has a bias, or pads otherwise than with zeros."""
    plain = type(convolution) is nn.Conv2d and convolution.padding_mode == "zeros" and convolution.bias is None
    if not plain or isinstance(convolution.padding, str):
        return None
    (s, t), (p, q), (d, e), (k, m) = _of_images(convolution)
    return _geometry((s, t), (p, q), (d, e), convolution.groups, (k, m))


def _of_images(convolution: nn.Conv2d) -> tuple[tuple[int, ...], ...]:
    assert not isinstance(convolution.padding, str)
    return convolution.stride, convolution.padding, convolution.dilation, convolution.kernel_size


_geometry = lru_cache(maxsize=256)(Geometry)


def convolve(x_nchw: Tensor, weight: Tensor, of: Geometry) -> Tensor:
    """The output."""
    if not _on_phases(x_nchw, of):
        return torch.conv2d(x_nchw, weight, None, of.stride, of.padding, of.dilation, of.groups)
    inner, d = of.of_a_phase, of.phased
    made = torch.conv2d(_phases(x_nchw, of), weight, None, inner.stride, inner.padding, (1, 1), of.groups)
    return made if of.stride == (d, d) else _joined(made, d)


def convolve_backward(
    gradient: Tensor, x_nchw: Tensor, weight: Tensor, of: Geometry, wanted: tuple[bool, bool]
) -> tuple[Tensor | None, Tensor | None]:
    """The gradients of input and weight that are `wanted`; without the second, only the shape of x is used."""
    if of.pointwise and gradient.device.type != "cuda":
        return _pointwise_backward(gradient, x_nchw, weight, wanted)
    if not _on_phases(x_nchw, of):
        return _backward(gradient, x_nchw, weight, of, wanted)
    d = of.phased
    each = gradient if of.stride == (d, d) else _split(gradient, d)
    of_phases, of_weight = _backward(each, _phases(x_nchw, of), weight, of.of_a_phase, wanted)
    if of_phases is None or of.stride == (1, 1):
        return None if of_phases is None else _joined(of_phases, d), of_weight
    spread = torch.zeros_like(x_nchw)
    spread[:, :, ::d, ::d] = of_phases
    return spread, of_weight


def _backward(
    gradient: Tensor, x_nchw: Tensor, weight: Tensor, of: Geometry, wanted: tuple[bool, bool]
) -> tuple[Tensor | None, Tensor | None]:
    shape = (of.stride, of.padding, of.dilation, False, (0, 0), of.groups)
    found = torch.ops.aten.convolution_backward(gradient, x_nchw, weight, None, *shape, (*wanted, False))
    return found[0] if wanted[0] else None, found[1] if wanted[1] else None


def _pointwise_backward(
    gradient: Tensor, x_nchw: Tensor, weight: Tensor, wanted: tuple[bool, bool]
) -> tuple[Tensor | None, Tensor | None]:
    """Products of matrices with a row for each pixel."""
    n, _, h, w = gradient.shape
    of_rows, weight_oi = _rows(gradient), weight.flatten(1)
    of_x = (of_rows @ weight_oi).view(n, h, w, -1).permute(0, 3, 1, 2) if wanted[0] else None
    return of_x, (of_rows.t() @ _rows(x_nchw)).view_as(weight) if wanted[1] else None


def _rows(x_nchw: Tensor) -> Tensor:
    """(N H W, C): a view where channels stand last in memory."""
    return x_nchw.permute(0, 2, 3, 1).reshape(-1, x_nchw.shape[1])


def _on_phases(x_nchw: Tensor, of: Geometry) -> bool:
    """On a CPU, where the image is a whole number of phases."""
    d = of.phased
    return d > 1 and x_nchw.device.type != "cuda" and x_nchw.shape[2] % d == 0 and x_nchw.shape[3] % d == 0


def _phases(x_nchw: Tensor, of: Geometry) -> Tensor:
    """The phases that the convolution reads; a stride of the dilation reads the first alone."""
    d = of.phased
    if of.stride == (d, d):
        return x_nchw[:, :, ::d, ::d].contiguous(memory_format=torch.channels_last)
    return _split(x_nchw, d)


def _split(x_nchw: Tensor, d: int) -> Tensor:
    """(N, C, dH, dW) -> (N d d, C, H, W), channels last."""
    n, c, h, w = x_nchw.shape
    x_nhwc = x_nchw.permute(0, 2, 3, 1).reshape(n, h // d, d, w // d, d, c)
    return x_nhwc.permute(0, 2, 4, 1, 3, 5).reshape(n * d * d, h // d, w // d, c).permute(0, 3, 1, 2)


def _joined(phases: Tensor, d: int) -> Tensor:
    """The other way."""
    n, c, h, w = phases.shape
    x_nhwc = phases.permute(0, 2, 3, 1).reshape(n // (d * d), d, d, h, w, c)
    return x_nhwc.permute(0, 3, 1, 4, 2, 5).reshape(n // (d * d), h * d, w * d, c).permute(0, 3, 1, 2)
