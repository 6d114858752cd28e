"""Observers: numbers of an epoch that a search logs beside losses, one file each.

Every module of this folder is imported for the entry that it makes.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from hypercuboid.search.observers.base import OBSERVERS, Observed, Observer, observe

for _path in sorted(Path(__file__).parent.glob("*.py")):
    import_module(f"{__name__}.{_path.stem}") if _path.stem != "__init__" else None

__all__ = ["OBSERVERS", "Observed", "Observer", "observe"]
