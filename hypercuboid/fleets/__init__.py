"""Fleets: where the searches of a sweep run, one file each.

Every module of this folder is imported for the entry that it makes; what makes none is shared by those that do.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from hypercuboid.fleets.base import FLEETS, Asked, Fleet, Job, Task, run_fleet

for _path in sorted(Path(__file__).parent.glob("*.py")):
    import_module(f"{__name__}.{_path.stem}") if _path.stem != "__init__" else None

__all__ = ["FLEETS", "Asked", "Fleet", "Job", "Task", "run_fleet"]
