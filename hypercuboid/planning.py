"""What a search would take, before any of it: the size of the space, the spread of costs, memory, time, batch."""

from __future__ import annotations

import statistics as plain
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypercuboid.graph.statistics import COSTS, Spread

if TYPE_CHECKING:
    import numpy as np
    import torch

    from hypercuboid.data.base import DataSet
    from hypercuboid.graph.counts import Counts
    from hypercuboid.network.supernet import Supernet
    from hypercuboid.pipeline import Space
    from hypercuboid.search.footprint import Footprint
    from hypercuboid.search.recipe import Recipe

ELABORATED = 30
"""Architectures that are elaborated one by one where costs do not follow from decisions."""

PROBES = 3

PROBE_SECONDS = 20.0
"""After so much time no further step is made; where the first alone takes longer, it is the one that counts."""


@dataclass(frozen=True)
class Costs:
    """What architectures cost: exact spreads, or None where ranges are bounds, and costs (drawn, len(COSTS)) of
    architectures drawn uniformly; `elaborated` where each of those was elaborated.
    """

    spreads: Mapping[str, Spread] | None
    drawn: np.ndarray
    elaborated: bool


@dataclass(frozen=True)
class Plan:
    """What `hypercuboid plan` says. `seconds` are of one pair of steps, `steps` of them make an epoch; `runs_by` is the
    name of the plan that the supernet runs by, `because` why.
    """

    counts: Counts
    costs: Costs
    footprint: Footprint
    largest_batch: int | None
    available: int | None
    seconds: float | None
    steps: int
    runs_by: str
    because: str


def make_plan(
    space: Space, data: DataSet, recipe: Recipe, device: torch.device, samples: int = 100_000, probe: bool = True
) -> Plan:
    """Plans a first-order search of a space on data. Nothing of it is kept, and no step is made unless `probe`."""
    from hypercuboid.network.available import available_bytes
    from hypercuboid.search.footprint import StepOnMeta, largest_batch
    from hypercuboid.search.loop import steps_per_epoch
    from hypercuboid.search.planned import planned

    supernet = space.supernet(seed=recipe.seed)
    chosen = planned(supernet, recipe, device)
    supernet.run_by(chosen.name)
    seconds = seconds_of_a_step(supernet, data, recipe, device) if probe else None
    step, available = StepOnMeta(supernet, recipe, device), available_bytes(device)
    found = {batch: step.footprint(batch) for batch in (recipe.batch, recipe.batch + 2)}
    largest = None if available is None else largest_batch(step.peaks(found), available, recipe.batch)
    costs = costs_of_architectures(space, samples, recipe.seed)
    steps = steps_per_epoch(data, recipe)
    return Plan(space.counts(), costs, found[recipe.batch], largest, available, seconds, steps, chosen.name, chosen.why)


def costs_of_architectures(space: Space, samples: int, seed: int) -> Costs:
    """Spreads and drawn costs; where costs do not follow from decisions, of at most 30 architectures elaborated."""
    import numpy as np

    from hypercuboid.graph.drawn_costs import draw_costs
    from hypercuboid.graph.staging import laid_out

    graph = space.graph
    if graph.statistics is None:
        counts = [one.counts() for one in space.sample(min(samples, ELABORATED), seed)]
        drawn = np.array([[getattr(one, measure) for measure in COSTS] for one in counts], dtype=float)
        return Costs(None, drawn, True)
    root = laid_out(graph.model_forest.settled, graph.decisions, COSTS)
    return Costs(graph.statistics, draw_costs(root, samples, np.random.default_rng(seed)), False)


def seconds_of_a_step(supernet: Supernet, data: DataSet, recipe: Recipe, device: torch.device) -> float:
    """The median of a few pairs of steps of a search, after one that is not counted; the supernet is changed."""
    from hypercuboid.search.footprint import example
    from hypercuboid.search.layout import laid_out, lay_out
    from hypercuboid.search.strategies.base import Moment
    from hypercuboid.search.strategies.bilevel import Bilevel

    supernet.to(device).train()
    lay_out(supernet)
    bilevel = Bilevel(supernet, recipe)
    x, y = example(supernet, recipe.batch, device)
    batch = laid_out(x), y
    taken = []
    for _ in range(PROBES + 1):
        begun = time.perf_counter()
        bilevel.step(batch, batch, Moment())
        _finish(device)
        taken.append(time.perf_counter() - begun)
        if sum(taken) > PROBE_SECONDS:
            break
    return plain.median(taken[1:] or taken)


def _finish(device: torch.device) -> None:
    """Waits until a GPU has done what it was given."""
    import torch

    if device.type == "cuda":
        torch.cuda.synchronize(device)


def described(plan: Plan) -> dict[str, Any]:
    """The object that `plan --json` prints."""
    counts, footprint = plan.counts, plan.footprint
    return {
        "weights": counts.weights,
        "groups": counts.groups,
        "architectures": counts.architectures,
        "architectures_log10": counts.architectures_log10,
        "costs": {measure: _cost(plan.costs, i) for i, measure in enumerate(COSTS)},
        "elaborated": plan.costs.elaborated,
        "drawn": len(plan.costs.drawn),
        "memory": {
            "weights": footprint.weights,
            "gradients": footprint.gradients,
            "optimizers": footprint.optimizers,
            "activations": footprint.activations,
            "peak": footprint.peak,
            "available": plan.available,
        },
        "plan": {"name": plan.runs_by, "why": plan.because},
        "largest_batch": plan.largest_batch,
        "seconds_per_step": plan.seconds,
        "steps_per_epoch": plan.steps,
        "seconds_per_epoch": None if plan.seconds is None else plan.seconds * plan.steps,
    }


def _cost(costs: Costs, position: int) -> dict[str, Any]:
    import numpy as np

    spread = None if costs.spreads is None else costs.spreads[COSTS[position]]
    drawn = costs.drawn[:, position]
    counts, edges = np.histogram(drawn, bins=min(20, len(np.unique(drawn))))
    return {
        "least": int(drawn.min()) if spread is None else spread.least,
        "greatest": int(drawn.max()) if spread is None else spread.greatest,
        "mean": float(drawn.mean() if spread is None else spread.mean),
        "variance": float(drawn.var() if spread is None else spread.variance),
        "histogram": {"edges": edges.tolist(), "counts": counts.tolist()},
    }
