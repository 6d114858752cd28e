"""Where a kept alternative stands in the array of its decision."""

from __future__ import annotations

from typing import Any

from hypercuboid.frontend.elaborated import KeptPath
from hypercuboid.graph.decision import Decision
from hypercuboid.graph.forest import Address


def position(decision: Decision, address: Address, kept: Any) -> tuple[int, ...]:
    """The index of what is kept (a label or a `KeptPath`) at an address."""
    own = (kept.source, kept.target, *kept.label) if isinstance(kept, KeptPath) else kept
    labels = (*(label for _, label in address[1]), *own)
    return tuple(axis.position(label) for axis, label in zip(decision.axes, labels, strict=True))
