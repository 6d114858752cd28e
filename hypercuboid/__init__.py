"""hypercuboid: a declarative graph compiler for differentiable architecture search.

`load` reads a space from a file; its graph, counts, supernet, selection and generated source hang on what it returns.
Importing this package imports neither torch nor the compiler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from hypercuboid.diagnostics import HypercuboidError
    from hypercuboid.pipeline import Architecture, Space, load, load_from_text
    from hypercuboid.training.annealing import CosinePowerAnnealing

__all__ = ["Architecture", "CosinePowerAnnealing", "HypercuboidError", "Space", "__version__", "load", "load_from_text"]


def __getattr__(name: str) -> Any:
    if name == "HypercuboidError":
        from hypercuboid.diagnostics import HypercuboidError

        return HypercuboidError
    if name == "CosinePowerAnnealing":
        from hypercuboid.training.annealing import CosinePowerAnnealing

        return CosinePowerAnnealing
    if name in __all__:
        from hypercuboid import pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module 'hypercuboid' has no attribute {name!r}")
