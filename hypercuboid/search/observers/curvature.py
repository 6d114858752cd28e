"""How sharp the place is that the architecture parameters are at."""

from __future__ import annotations

from typing import Any

from hypercuboid.search.guards.curvature import dominant_eigenvalue
from hypercuboid.search.objective import objective_of
from hypercuboid.search.observers.base import OBSERVERS, Observed


@OBSERVERS.entry("curvature")
def curvature(observed: Observed) -> dict[str, Any]:
    """`curvature`: the dominant eigenvalue of the Hessian in the alphas on a validation batch, if asked for.

    Nothing where the search has no supernet.
    """
    steps, supernet = observed.recipe.curvature, observed.supernet
    if not steps or supernet is None:
        return {}
    loss = objective_of(observed.recipe).loss
    return {"curvature": dominant_eigenvalue(supernet, observed.batch(), steps, observed.recipe.seed, loss)}
