"""Whether architecture steps follow a signal: the correlation of their gradients between two halves of the batches."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from hypercuboid.search.halves import Halves
from hypercuboid.search.observers.base import OBSERVERS, Observed

FILE = "alpha-gradient.safetensors"
"""In the run folder: the mean gradient of the last epoch by decision."""


@runtime_checkable
class HasHalves(Protocol):
    """A strategy that steps along gradients of architecture parameters."""

    @property
    def halves(self) -> Halves: ...


@OBSERVERS.entry("alpha_gradient")
def alpha_gradient(observed: Observed) -> dict[str, Any]:
    """`alpha_gradient`: 1 where both halves agree, near 0 where the gradient is noise; null where none was taken."""
    strategy = observed.strategy
    if not isinstance(strategy, HasHalves):
        return {}
    mean = strategy.halves.mean()
    if mean:
        observed.run.write_tensors(FILE, mean)
    return {"alpha_gradient": strategy.halves.correlation()}
