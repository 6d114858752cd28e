"""How large the best architecture is, and what share of the weights stands on alternatives without parameters.

The small-op bias of weight-sharing searches (sharpDARTS, Sec. 4.3): parameter-free alternatives win early, and the
architecture that is found is small.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from hypercuboid.network.kept import kept_masks

if TYPE_CHECKING:
    from hypercuboid.frontend.elaborated import Decided
    from hypercuboid.graph.build import Graph


def capacity(graph: Graph, decided: tuple[Decided, ...], weights: Mapping[str, np.ndarray]) -> dict[str, float | None]:
    """What an architecture is by size, and where weights stand.

    `params` and `macs`; `params_deviations`, by how many standard deviations it is larger than the mean of all
    architectures; `free_score`, the share of its score that comes from alternatives without parameters; `free_mass`,
    the mean weight of those over all groups that hold such and others.

    Empty where costs are no sum over what is kept. What an alternative holds in decisions of its own is theirs.
    """
    costs = graph.candidate_costs
    if costs is None:
        return {}
    masks = kept_masks(graph.decisions, decided)
    found: dict[str, float | None] = {one: _total(costs.of(one), masks) for one in ("params", "macs")}
    _, params = costs.of("params")
    free = {one.name: (params[one.name] == 0) & one.reaching() for one in graph.decisions}
    found["params_deviations"] = _deviations(graph, found["params"])
    found["free_score"] = _free_score(free, masks, weights)
    found["free_mass"] = _free_mass(graph, free, weights)
    return found


def _total(costs: tuple[int, dict[str, np.ndarray]], masks: Mapping[str, np.ndarray]) -> int:
    fixed, arrays = costs
    return fixed + sum(int(arrays[name][mask].sum()) for name, mask in masks.items())


def _deviations(graph: Graph, params: float | None) -> float | None:
    """None where all architectures are of one size."""
    spread = None if graph.statistics is None else graph.statistics["params"]
    if params is None or spread is None or not spread.variance:
        return None
    return float((params - spread.mean) / spread.deviation)


def _free_score(
    free: Mapping[str, np.ndarray], masks: Mapping[str, np.ndarray], weights: Mapping[str, np.ndarray]
) -> float | None:
    kept = sum(float(weights[name][mask].sum()) for name, mask in masks.items())
    return sum(float(weights[name][mask & free[name]].sum()) for name, mask in masks.items()) / kept if kept else None


def _free_mass(graph: Graph, free: Mapping[str, np.ndarray], weights: Mapping[str, np.ndarray]) -> float | None:
    shares: list[np.ndarray] = []
    for one in graph.decisions:
        over = one.competing_axes
        some, all_free = free[one.name].any(axis=over), (free[one.name] | ~one.reaching()).all(axis=over)
        shares.append(np.where(free[one.name], weights[one.name], 0.0).sum(axis=over)[some & ~all_free].reshape(-1))
    mixed = np.concatenate(shares) if shares else np.zeros(0)
    return float(mixed.mean()) if mixed.size else None
