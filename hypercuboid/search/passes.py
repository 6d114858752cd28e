"""One forward pass of a supernet in a search, and its loss: the same for every strategy, observer and score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor
from torch.func import functional_call
from torch.nn import functional as F

if TYPE_CHECKING:
    from hypercuboid.network.supernet import Supernet
    from hypercuboid.network.weightings import Weighed


def logits_of(supernet: Supernet, x: Tensor, weighed: Weighed, values: dict[str, Tensor] | None = None) -> Tensor:
    """The output under coefficients; with `values` that of parameters and buffers by name instead of its own."""
    given = {"coefficients": weighed.coefficients, "kept": weighed.kept}
    logits: Tensor = supernet(x, **given) if values is None else functional_call(supernet, values, (x,), given)
    return logits


def loss_of(logits: Tensor, y: Tensor, label_smoothing: float = 0.0) -> Tensor:
    """The mean cross entropy: of classes (B,), or of a class at each position (B, T)."""
    return F.cross_entropy(logits.flatten(0, -2), y.flatten(), label_smoothing=label_smoothing)


def copied_buffers(supernet: Supernet) -> dict[str, Tensor]:
    """As `values`, they make a pass that leaves the running statistics alone."""
    return {name: buffer.clone() for name, buffer in supernet.named_buffers()}
