"""How large the best architecture is, and what share of the weights stands on alternatives without parameters.

The small-op bias of weight-sharing searches (sharpDARTS, Sec. 4.3): parameter-free alternatives win early, and the
architecture that is found is small.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hypercuboid.network.kept import kept_masks

if TYPE_CHECKING:
    from hypercuboid.frontend.elaborated import Decided
    from hypercuboid.graph.build import Graph
    from hypercuboid.graph.decision import Decision


def capacity(graph: Graph, decided: tuple[Decided, ...], weights: Mapping[str, np.ndarray]) -> dict[str, float | None]:
    """What an architecture is by size, and where weights stand.

    `params` and `macs`; `params_deviations`, by how many standard deviations it is larger than the mean of all
    architectures; over the groups that hold alternatives with and without parameters, `free_score` is the
    share of its score that comes from those without, and `free_mass` their mean weight. `params_lean`: by how many
    standard deviations of a group's alternatives their mean params under the weights are above those under uniform
    ones, in the mean over groups; below 0 the weights lean to small alternatives.
    Empty where costs are no sum over what is kept. What an alternative holds in decisions of its own is theirs.
    """
    costs = graph.candidate_costs
    if costs is None:
        return {}
    masks = kept_masks(graph.decisions, decided)
    found: dict[str, float | None] = {one: _total(costs.of(one), masks) for one in ("params", "macs")}
    own = costs.of_own("params")
    free = _free(graph, own)
    found["params_deviations"] = _deviations(graph, found["params"])
    found["free_score"] = _free_score(free, masks, weights)
    found["free_mass"] = _free_mass(graph, free, weights)
    found["params_lean"] = _lean(graph, own, weights)
    return found


@dataclass(frozen=True, eq=False)
class _Free:
    """Masks by decision: alternatives without parameters, and all entries of the groups that hold such and others."""

    without: Mapping[str, np.ndarray]
    mixed: Mapping[str, np.ndarray]


def _free(graph: Graph, params: Mapping[str, np.ndarray]) -> _Free:
    without, mixed = {}, {}
    for one in graph.decisions:
        reaching, over = one.reaching(), one.competing_axes
        some = (params[one.name] == 0) & reaching
        others = reaching & ~some
        without[one.name] = some
        mixed[one.name] = reaching & some.any(axis=over, keepdims=True) & others.any(axis=over, keepdims=True)
    return _Free(without, mixed)


def _total(costs: tuple[int, dict[str, np.ndarray]], masks: Mapping[str, np.ndarray]) -> int:
    fixed, arrays = costs
    return fixed + sum(int(arrays[name][mask].sum()) for name, mask in masks.items())


def _deviations(graph: Graph, params: float | None) -> float | None:
    """None where all architectures are of one size."""
    spread = None if graph.statistics is None else graph.statistics["params"]
    if params is None or spread is None or not spread.variance:
        return None
    return float((params - spread.mean) / spread.deviation)


def _free_score(free: _Free, masks: Mapping[str, np.ndarray], weights: Mapping[str, np.ndarray]) -> float | None:
    """None where no kept alternative had a rival of the other kind."""
    of_all = {name: mask & free.mixed[name] for name, mask in masks.items()}
    kept = sum(float(weights[name][mask].sum()) for name, mask in of_all.items())
    without = sum(float(weights[name][mask & free.without[name]].sum()) for name, mask in of_all.items())
    return without / kept if kept else None


def _free_mass(graph: Graph, free: _Free, weights: Mapping[str, np.ndarray]) -> float | None:
    shares = []
    for one in graph.decisions:
        name, over = one.name, one.competing_axes
        mass = np.where(free.without[name], weights[name], 0.0).sum(axis=over)
        shares.append(mass[free.mixed[name].any(axis=over)].reshape(-1))
    together = np.concatenate(shares) if shares else np.zeros(0)
    return float(together.mean()) if together.size else None


def _lean(graph: Graph, params: Mapping[str, np.ndarray], weights: Mapping[str, np.ndarray]) -> float | None:
    """None where no group has alternatives of different sizes."""
    leans = [_leans(one, params[one.name], weights[one.name]) for one in graph.decisions]
    together = np.concatenate(leans) if leans else np.zeros(0)
    return float(together.mean()) if together.size else None


def _leans(decision: Decision, params: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Of each group with alternatives of different sizes, in one row."""
    live, over = decision.reaching(), decision.competing_axes
    count = np.maximum(live.sum(axis=over, keepdims=True), 1)
    beside = np.where(live, params - np.where(live, params, 0).sum(axis=over, keepdims=True) / count, 0.0)
    deviation = np.sqrt((beside**2).sum(axis=over) / count.sum(axis=over))
    weight = np.where(live, weights, 0.0)
    moved, total = (weight * beside).sum(axis=over), weight.sum(axis=over)
    said = (deviation > 0) & (total > 0)
    found: np.ndarray = moved[said] / total[said] / deviation[said]
    return found.reshape(-1)
