"""Transforms of torchvision draw from torch's generator: here a number decides what, and nothing else moves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def drawing_from(u: float) -> Iterator[None]:
    """Inside, torch's generator of the CPU is seeded from a uniform number; afterwards it stands where it stood."""
    import torch

    before = torch.get_rng_state()
    torch.default_generator.manual_seed(int(u * 2**53))
    try:
        yield
    finally:
        torch.set_rng_state(before)
