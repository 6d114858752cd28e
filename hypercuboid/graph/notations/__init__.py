"""Notations in which people pass architectures around, other than the language's own: one file for each."""

from __future__ import annotations

from hypercuboid.diagnostics import error
from hypercuboid.graph.notations.base import Notation, Reading
from hypercuboid.graph.notations.digits import NAS_BENCH_MACRO
from hypercuboid.graph.notations.genotype import GENOTYPE
from hypercuboid.registry import Registry

NOTATIONS: Registry[Notation] = Registry("notation")
NOTATIONS.add("genotype", GENOTYPE)
NOTATIONS.add("nas-bench-macro", NAS_BENCH_MACRO)


def notation(name: str) -> Notation:
    """The notation of that name; HC7019 where there is none."""
    found = NOTATIONS.get(name)
    if found is None:
        raise error("HC7019", f"there is no notation `{name}`", help=NOTATIONS.suggest(name))
    return found


__all__ = ["NOTATIONS", "Notation", "Reading", "notation"]
