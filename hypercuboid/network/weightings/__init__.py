"""Weightings: how architecture parameters become the coefficients that multiply alternatives, one function each.

Every module of this folder is imported for the entries that it makes; what makes none is shared by those that do.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from hypercuboid.network.weightings.base import WEIGHTINGS, Dense, Weighed, Weighting, require_weighting, weigh
from hypercuboid.network.weightings.draw import Draw

for _path in sorted(Path(__file__).parent.glob("*.py")):
    import_module(f"{__name__}.{_path.stem}") if _path.stem != "__init__" else None

__all__ = ["WEIGHTINGS", "Dense", "Draw", "Weighed", "Weighting", "require_weighting", "weigh"]
