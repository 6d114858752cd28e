"""The native plan: chains run in a kernel that was compiled for this machine, and nothing is done twice beside them."""

from __future__ import annotations

from hypercuboid.network.plans.base import PLANS, Circumstances, NamedPlan
from hypercuboid.network.plans.compiled import run  # noqa: F401  (registers how its steps run)
from hypercuboid.network.plans.compiled.build import loaded
from hypercuboid.network.plans.compiled.groups import Native, grouped
from hypercuboid.network.plans.shared import SHARING


def suits(circumstances: Circumstances) -> str:
    """On a CPU in float32, where it has been compiled and the space has chains."""
    if circumstances.device.type != "cpu" or circumstances.precision != "32" or loaded() is None:
        return ""
    chains = sum(isinstance(step, Native) for step in grouped(circumstances.plan).steps)
    return f"it is compiled for this CPU, and {chains} steps of the space run in it" if chains else ""


PLANS.add(
    "native",
    NamedPlan("compiled for this CPU (`hypercuboid doctor --build`)", ("native", *SHARING), suits, preference=20),
)
