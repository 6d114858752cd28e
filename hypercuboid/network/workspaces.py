"""What kernels take for themselves while they run, as far as it is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import torch

Workspace: TypeAlias = Callable[[Any, tuple[Any, ...]], int]
"""An op of torch and its arguments -> bytes that it holds while it runs, beside what it gives."""

_BLOCKS = {"AVX512": 16, "AVX2": 8}


def none(func: Any, args: tuple[Any, ...]) -> int:
    """Nothing."""
    return 0


def of_cpu(func: Any, args: tuple[Any, ...]) -> int:
    """oneDNN, channels last as a search lays images out: gradients of weights of grouped convolutions come in blocks.

    The channels of each group, in and out, are filled up to a whole block: a depthwise one takes 16 x 16 times its
    weights with AVX-512, whatever the batch.
    """
    if func is not torch.ops.aten.convolution_backward.default:
        return 0
    _, _, weight, *_, groups, mask = args
    if groups == 1 or not mask[1]:
        return 0
    block = _BLOCKS.get(torch.backends.cpu.get_cpu_capability(), 1)
    outputs, inputs, *kernel = weight.shape
    size = groups * _filled(outputs // groups, block) * _filled(inputs, block) * weight.element_size()
    for extent in kernel:
        size *= extent
    return int(size)


def workspace_of(device: torch.device) -> Workspace:
    """What is known of a device: nothing but of the CPU."""
    return of_cpu if device.type == "cpu" else none


def _filled(channels: int, block: int) -> int:
    return -(-channels // block) * block
