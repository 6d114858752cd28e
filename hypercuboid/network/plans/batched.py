"""The plan for GPUs: as few kernels as it can, each of them large."""

from __future__ import annotations

from hypercuboid.network.plans.base import PLANS, Circumstances, NamedPlan
from hypercuboid.network.plans.batching import emit, run  # noqa: F401  (register the pass and how its steps run)
from hypercuboid.network.plans.shared import SHARING


def _suits(circumstances: Circumstances) -> str:
    gpu = circumstances.device.type == "cuda" and circumstances.precision == "32"
    return "it launches the fewest kernels, chosen by their number and not by time" if gpu else ""


PLANS.add(
    "batched",
    NamedPlan(
        "equal ops on different values run as one, and weighted sums as products of matrices",
        (*SHARING, "batched"),
        _suits,
        preference=12,
    ),
)
