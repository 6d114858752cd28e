"""torchvision, an extra: imported here alone, and only for what needs it."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from hypercuboid.diagnostics import error


def vision(part: str) -> ModuleType:
    """A module of torchvision, such as `datasets`. ModuleNotFoundError without it; HC7051 where it does not load."""
    try:
        return import_module(f"torchvision.{part}")
    except ModuleNotFoundError:
        raise
    except (ImportError, OSError, RuntimeError) as problem:
        told = f"{type(problem).__name__}: {' '.join(str(problem).split())[:200]}"
        message = "the package `torchvision` does not load with the installed torch"
        raise error("HC7051", message, notes=(told,), help="pip install --upgrade torch torchvision") from problem
