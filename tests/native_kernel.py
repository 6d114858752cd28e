"""The compiled kernel for tests: compiled once into the user's cache; without a compiler they are skipped."""

from __future__ import annotations

import pytest

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.network.plans.compiled.build import build, loaded


def need_kernel() -> None:
    """Skips the test that asks where there is no compiler."""
    try:
        build(announce=print)
    except HypercuboidError as problem:
        (found,) = problem.diagnostics
        if found.code != "HC7420":
            raise
        pytest.skip(found.message)
    loaded.cache_clear()
    assert loaded() is not None
