"""One forward pass of a supernet in a search: the same for every strategy, observer and score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.attention import SDPBackend, sdpa_kernel

if TYPE_CHECKING:
    from hypercuboid.network.supernet import Supernet
    from hypercuboid.network.weightings import Weighed


def logits_of(
    supernet: Supernet, x: Tensor, weighed: Weighed, values: dict[str, Tensor] | None = None, twice: bool = False
) -> Tensor:
    """The output under coefficients; with `values` that of parameters and buffers by name instead of its own.

    `twice`: second derivatives are taken of it, which only the plain plan and the unfused attention have, and not in
    fp16: torch's of batch norm divide by the third power of the deviation, which overflows whatever the scale.
    """
    given = {"coefficients": weighed.coefficients, "kept": weighed.kept, "plain": twice}
    with _for_second_derivatives(supernet) if twice else nullcontext():
        logits: Tensor = supernet(x, **given) if values is None else functional_call(supernet, values, (x,), given)
    return logits


@contextmanager
def _for_second_derivatives(supernet: Supernet) -> Iterator[None]:
    precision = supernet.precision
    supernet.precision = "32" if precision == "fp16" else precision
    try:
        with sdpa_kernel(SDPBackend.MATH):
            yield
    finally:
        supernet.precision = precision


def copied_buffers(supernet: Supernet) -> dict[str, Tensor]:
    """As `values`, they make a pass that leaves the running statistics alone."""
    return {name: buffer.clone() for name, buffer in supernet.named_buffers()}


@contextmanager
def constant(weights: Sequence[nn.Parameter]) -> Iterator[None]:
    """What runs inside has no gradients of the weights, not even later."""
    for weight in weights:
        weight.requires_grad_(False)
    try:
        yield
    finally:
        for weight in weights:
            weight.requires_grad_(True)
