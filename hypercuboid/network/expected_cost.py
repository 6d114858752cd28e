"""The expected cost of an architecture under its space's parameters, exact and differentiable.

ProxylessNAS (Cai et al. 2019) puts the expected latency of a chain into the loss so; here it is that of any space.

An architecture is as likely as the product of softmax(alpha) over all that it keeps, decisions inside what it keeps
included, divided by the sum over all architectures: what `graph.selection.sampled` draws. So paths through cuboids are
connected, and of a `sum top` exactly as many terms are kept as it says, none of them zero.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import torch
from torch import Tensor

from hypercuboid.graph.stages import Chain, Part, Pick, Stage
from hypercuboid.graph.staging import laid_out
from hypercuboid.network.weightings.base import from_groups, in_groups

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph
    from hypercuboid.graph.decision import Decision
    from hypercuboid.graph.grown import Forest

Value: TypeAlias = tuple[Tensor, Tensor]
"""ln of the sum of what architectures weigh, and their mean cost."""


class ExpectedCost:
    """alphas by decision -> mean cost, a float64 scalar. `measure` is one of `MEASURES`.

    Where costs are no sum over what is kept (`Counts.additive` false), what may fall away counts as if it never did.
    `forest` is that of the graph's models with other prices.
    """

    def __init__(self, graph: Graph, measure: str, forest: Forest | None = None) -> None:
        self.decisions = graph.decisions
        self.root = laid_out((forest or graph.model_forest).settled, graph.decisions, (measure,))
        self._tensors: dict[tuple[int, torch.device], tuple[np.ndarray, Tensor]] = {}

    def __call__(self, alphas: Mapping[str, Tensor]) -> Tensor:
        logs = {one.name: log_weights(one, alphas[one.name].double()).reshape(-1) for one in self.decisions}
        device = next(iter(logs.values())).device if logs else torch.device("cpu")
        return self._part(self.root, logs, torch.zeros((), dtype=torch.float64, device=device))[1]

    def uniform(self) -> float:
        """The expected cost where all weights of a group are equal: what a search starts from."""
        return float(self({one.name: torch.zeros(one.shape) for one in self.decisions}))

    def _part(self, part: Part, logs: Mapping[str, Tensor], nothing: Tensor) -> Value:
        """Independent decisions: products of weights, sums of costs."""
        log, mean = nothing, nothing + part.cost[0]
        for point in part.inside:
            made = self._chain if isinstance(point, Chain) else self._pick
            more, cost = made(point, logs, nothing)  # type: ignore[arg-type]
            log, mean = log + more, mean + cost
        return log, mean

    def _chain(self, chain: Chain, logs: Mapping[str, Tensor], nothing: Tensor) -> Value:
        """Forward through the stages: per state the weight of all ways to it, and their mean cost."""
        log, mean = nothing[None], nothing[None]
        for stage in chain.stages:
            log, mean = self._stage(stage, log, mean, logs, nothing)
        return log[0], mean[0]

    def _stage(self, stage: Stage, log: Tensor, mean: Tensor, logs: Mapping[str, Tensor], nothing: Tensor) -> Value:
        sources, targets = self._tensor(stage.sources, nothing), self._tensor(stage.targets, nothing)
        own, cost = log[sources], mean[sources] + self._tensor(stage.costs, nothing)[:, 0]
        if stage.decision is not None and stage.entries is not None:
            own = own + logs[stage.decision][self._tensor(stage.entries, nothing) + stage.offset]
        if stage.open:
            places = torch.tensor(list(stage.open), device=nothing.device)
            inside = [self._part(part, logs, nothing) for part in stage.open.values()]
            sure = torch.stack([nothing + part.cost[0] for part in stage.open.values()])
            own = own.index_add(0, places, torch.stack([one for one, _ in inside]))
            cost = cost.index_add(0, places, torch.stack([one for _, one in inside]) - sure)
        return _gathered(own, cost, targets, stage.size)

    def _pick(self, point: Pick, logs: Mapping[str, Tensor], nothing: Tensor) -> Value:
        """The elementary symmetric polynomial: `chosen[k]` is that of k terms, None while there are less."""
        chosen: list[Value | None] = [(nothing, nothing), *[None] * point.count]
        for term in point.terms:
            log, mean = self._part(term, logs, nothing)
            for size in range(point.count, 0, -1):
                before, without = chosen[size - 1], chosen[size]
                if before is not None:
                    kept = before[0] + log, before[1] + mean
                    chosen[size] = kept if without is None else _either(kept, without)
        found = chosen[point.count]
        assert found is not None, "a `sum top` has as many terms as it keeps"
        return found

    def _tensor(self, array: np.ndarray, like: Tensor) -> Tensor:
        """An array on the device, made once."""
        key = id(array), like.device
        if key not in self._tensors:
            self._tensors[key] = array, torch.from_numpy(array).to(like.device)
        return self._tensors[key][1]


def log_weights(decision: Decision, alpha: Tensor) -> Tensor:
    """log softmax(alpha) per competing group, in the shape of the array; 0 where an entry takes no part."""
    mask_gn = in_groups(torch.from_numpy(decision.reaching()), decision).to(alpha.device)
    low = in_groups(alpha, decision).masked_fill(~mask_gn & mask_gn.any(dim=-1, keepdim=True), -math.inf)
    return from_groups(torch.log_softmax(low, dim=-1).masked_fill(~mask_gn, 0.0), decision)


def _either(first: Value, second: Value) -> Value:
    logs, means = torch.stack([first[0], second[0]]), torch.stack([first[1], second[1]])
    return torch.logsumexp(logs, 0), (torch.softmax(logs, 0) * means).sum()


def _gathered(log: Tensor, mean: Tensor, targets: Tensor, size: int) -> Value:
    """Alternatives by the state that they lead to: their weights added, and the mean of their costs."""
    most = log.new_full((size,), -math.inf).scatter_reduce(0, targets, log.detach(), "amax")
    missing = most.isinf()
    most = most.masked_fill(missing, 0.0)
    total = missing.to(log.dtype).index_add(0, targets, torch.exp(log - most[targets]))
    summed = most + torch.log(total)
    return summed, torch.zeros_like(summed).index_add(0, targets, torch.exp(log - summed[targets]) * mean)


__all__ = ["ExpectedCost", "log_weights"]
