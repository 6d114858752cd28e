"""The plan that does nothing twice: every step is one of torch's own, so it runs under every precision."""

from __future__ import annotations

from hypercuboid.network.plans.base import PLANS, Circumstances, NamedPlan

SHARING = ("same", "norms", "same", "zeros")


def _suits(circumstances: Circumstances) -> str:
    return "it does nothing twice, on any device"


PLANS.add(
    "shared", NamedPlan("work that several alternatives have in common is done once", SHARING, _suits, preference=5)
)
