"""The native plan: chains run in a kernel that was compiled for this machine, and nothing is done twice beside them."""

from __future__ import annotations

from hypercuboid.diagnostics import error
from hypercuboid.network.plans.base import PLANS, Circumstances, NamedPlan
from hypercuboid.network.plans.compiled import run  # noqa: F401  (registers how its steps run)
from hypercuboid.network.plans.compiled.build import compiler, loaded
from hypercuboid.network.plans.compiled.groups import Native, grouped
from hypercuboid.network.plans.shared import SHARING
from hypercuboid.words import counted

BUILD = "`hypercuboid doctor --build`"


def _chains(circumstances: Circumstances) -> int:
    """How many steps would run in the kernel: those of chains, on a CPU in float32."""
    if circumstances.device.type != "cpu" or circumstances.precision != "32":
        return 0
    return sum(isinstance(step, Native) for step in grouped(circumstances.plan).steps)


def _suits(circumstances: Circumstances) -> str:
    chains = 0 if loaded() is None else _chains(circumstances)
    return f"it is compiled for this CPU, and runs {counted(chains, 'step')} of the space" if chains else ""


def _hint(circumstances: Circumstances) -> str:
    if loaded() is not None or not _chains(circumstances):
        return ""
    if compiler() is None:
        return "the native plan takes less, but needs a C++ compiler, and there is none"
    return f"the native plan takes less, once {BUILD} has compiled it"


def _require() -> None:
    """HC7423 where it has not been compiled."""
    if loaded() is None:
        message = "the native plan has not been compiled for this machine"
        raise error("HC7423", message, help=f"{BUILD} compiles it; or name another plan")


PLANS.add(
    "native",
    NamedPlan(
        f"chains of ops as one compiled function each ({BUILD})",
        ("native", *SHARING),
        _suits,
        preference=20,
        hint=_hint,
        require=_require,
    ),
)
