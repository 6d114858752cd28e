"""The atomic ops, one file each: signature, shape rule, cost rule, torch layer, source. No torch at import."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from hypercuboid.ops.base import AtomicOp
from hypercuboid.registry import Registry

_NO_OPS = ("__init__", "base")


def _load() -> Registry[AtomicOp]:
    """Every `OP` of the files beside this one, in alphabetical order; files that begin with `_` hold none."""
    registry: Registry[AtomicOp] = Registry("op")
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem in _NO_OPS or path.stem.startswith("_"):
            continue
        op: AtomicOp = import_module(f"{__name__}.{path.stem}").OP
        registry.add(op.name, op)
    return registry


OPS: Registry[AtomicOp] = _load()

__all__ = ["OPS"]
