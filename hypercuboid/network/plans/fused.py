"""The plans for a CPU in plain PyTorch: nothing twice, chains and mixes that keep little and write little."""

from __future__ import annotations

from hypercuboid.network.plans.base import PLANS, Circumstances, NamedPlan
from hypercuboid.network.plans.shared import SHARING
from hypercuboid.network.steps import RunOp

FUSING = (*SHARING, "chains", "mixes")

SHARE = 0.5
"""The part of the available memory that all outputs of ops may take before recomputation begins."""


def _suits(circumstances: Circumstances) -> str:
    cpu = circumstances.device.type == "cpu" and circumstances.precision == "32"
    return "on a CPU it takes less time and memory than op by op" if cpu else ""


def _suits_little_memory(circumstances: Circumstances) -> str:
    available = circumstances.available
    if not _suits(circumstances) or available is None:
        return ""
    elements = sum(step.type.elements for step in circumstances.plan.steps if isinstance(step, RunOp))
    little = 4 * circumstances.batch * elements > SHARE * available
    return f"memory is short at batch {circumstances.batch}" if little else ""


PLANS.add(
    "fused",
    NamedPlan(
        "convolutions with what stands before them, and mixes with their batch norms, are one step each",
        FUSING,
        _suits,
        preference=10,
    ),
)
PLANS.add(
    "lean",
    NamedPlan(
        "as fused, and what is between two convolutions is computed again in backward",
        (*FUSING, "recompute"),
        _suits_little_memory,
        preference=15,
    ),
)
