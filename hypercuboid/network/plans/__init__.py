"""Plans: passes over the steps of a supernet, and the named plans that are made of them, one file each.

Every module of this folder is imported for the passes, the kinds of steps and the plans that it registers.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from hypercuboid.network.plans.base import (
    AUTO,
    PASSES,
    PLANS,
    Circumstances,
    NamedPlan,
    Pass,
    choose_plan,
    make_executor,
    require_plan,
)

for _path in sorted(Path(__file__).parent.glob("*.py")):
    import_module(f"{__name__}.{_path.stem}") if _path.stem != "__init__" else None

__all__ = [
    "AUTO",
    "PASSES",
    "PLANS",
    "Circumstances",
    "NamedPlan",
    "Pass",
    "choose_plan",
    "make_executor",
    "require_plan",
]
