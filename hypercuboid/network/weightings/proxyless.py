"""ProxylessNAS: two paths of each choice, one of which is switched on; gradients are those of the binary gates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from hypercuboid.network.weightings._sampling import binary, reaching, weights_of
from hypercuboid.network.weightings._two_paths import Pair, TwoPaths, two_paths
from hypercuboid.network.weightings.base import Weighed, from_groups, in_groups, sampled
from hypercuboid.network.weightings.draw import Draw
from hypercuboid.network.weightings.softmax import softmax

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph
    from hypercuboid.graph.decision import Decision

UNLIKELY = 1e-30
"""What the weights of the first architecture are multiplied by for the second: it keeps them only where it must."""


@sampled("proxyless")
def proxyless(graph: Graph, alphas: Mapping[str, Tensor], draw: Draw) -> Weighed:
    """Binarised paths (ProxylessNAS, Cai et al. 2019). In a step of the weights one architecture runs.

    In an architecture step two run, the second drawn without what the first keeps. Of the pair of each choice one has
    coefficient 1 and the other 0, by their weights alone (a softmax over the two), and dL/dalpha goes through both
    gates: dL/dg_j <dL/dout, op_j(x)>. In a cuboid the pair is two whole paths with one gate each. `settle` keeps
    exp(alpha) of a pair summed to what it was, so that the weights of all others stay.
    """
    weights = weights_of(graph, alphas)
    sampler, random = graph.sampler, draw.random()
    first = sampler.odds(weights).draw(random)
    kept = sampler.masks(first)
    if not draw.learns_alphas:
        return Weighed(binary(graph, kept, alphas), kept)
    other = {name: weight * np.where(kept[name], UNLIKELY, 1.0) for name, weight in weights.items()}
    second = sampler.odds(other).draw(random)
    masks = sampler.masks(second)
    both = {name: kept[name] | masks[name] for name in kept}
    pairs = [
        TwoPaths([pair], [pair]) for one in graph.decisions for pair in _pairs(one, kept[one.name], masks[one.name])
    ]
    pairs += two_paths(graph, first.picks, second.picks)
    return Weighed(_gated(graph, alphas, both, pairs, draw), both, _Settle(graph, alphas, both))


def _pairs(decision: Decision, first: np.ndarray, second: np.ndarray) -> list[Pair]:
    """The two entries of each competing group in which both architectures keep another; cuboids left out."""
    if decision.kind == "path":
        return []
    one_gn, other_gn = (in_groups(torch.from_numpy(mask), decision) for mask in (first & ~second, second & ~first))
    flat_gn = in_groups(torch.arange(first.size).view(decision.shape), decision)
    rows = torch.nonzero((one_gn.sum(-1) == 1) & (other_gn.sum(-1) == 1)).flatten().tolist()

    def entry(mask_gn: Tensor, row: int) -> tuple[str, tuple[int, ...]]:
        flat = int(flat_gn[row][mask_gn[row]])
        return decision.name, tuple(map(int, np.unravel_index(flat, decision.shape)))

    return [(entry(one_gn, row), entry(other_gn, row)) for row in rows]


def _gated(
    graph: Graph, alphas: Mapping[str, Tensor], both: Mapping[str, np.ndarray], pairs: list[TwoPaths], draw: Draw
) -> dict[str, Tensor]:
    """Coefficients: 1 for what runs whatever is switched, gates where two paths meet, 0 for what does not run."""
    logs = {one.name: _log_weights(one, alphas[one.name]) for one in graph.decisions}
    uniform = torch.rand(len(pairs), dtype=torch.float64, generator=draw.of("gates").generator()).tolist()
    gates: dict[str, dict[tuple[int, ...], Tensor]] = {}
    for pair, level in zip(pairs, uniform, strict=True):
        odds = torch.stack([logs[a][i] - logs[b][j] for (a, i), (b, j) in pair.steps]).sum()
        chance = torch.sigmoid(odds)
        slope, on = chance - chance.detach(), float(level < chance.item())
        for (a, i), (b, j) in pair.switches:
            gates.setdefault(a, {})[i] = on + slope
            gates.setdefault(b, {})[j] = 1 - on - slope
    found = binary(graph, both, alphas)
    return {**found, **{name: _put(found[name], own) for name, own in gates.items()}}


def _put(array: Tensor, values: Mapping[tuple[int, ...], Tensor]) -> Tensor:
    """The array with some entries replaced."""
    index = torch.tensor(list(values), device=array.device).unbind(-1)
    return array.index_put(index, torch.stack(list(values.values())))


def _log_weights(decision: Decision, alpha: Tensor) -> Tensor:
    """log w, of the array's shape; zero where nothing takes part."""
    mask_gn = in_groups(reaching(decision, alpha), decision)
    w_gn = softmax(in_groups(alpha, decision), mask_gn)
    return from_groups(torch.log(w_gn.masked_fill(~mask_gn, 1.0)), decision)


class _Settle:
    """Shifts the two alphas of each pair after a step, so that exp(alpha) of both sums to what it was."""

    def __init__(self, graph: Graph, alphas: Mapping[str, Tensor], both: Mapping[str, np.ndarray]) -> None:
        self.alphas = alphas
        self.decisions = {one.name: one for one in graph.decisions}
        self.pairs_gn = {name: self._pairs_gn(name, torch.from_numpy(mask)) for name, mask in both.items()}
        self.before_g1 = {name: self._sum_g1(name) for name in both}

    def _pairs_gn(self, name: str, mask: Tensor) -> Tensor:
        mask_gn = in_groups(mask, self.decisions[name]).to(self.alphas[name].device)
        return mask_gn & (mask_gn.sum(-1, keepdim=True) == 2)

    def _sum_g1(self, name: str) -> Tensor:
        """ln of the sum of exp(alpha) over each pair; zero where there is none."""
        pairs_gn = self.pairs_gn[name]
        low_gn = in_groups(self.alphas[name].detach(), self.decisions[name]).masked_fill(~pairs_gn, -torch.inf)
        return torch.logsumexp(low_gn, -1, keepdim=True).masked_fill(~pairs_gn.any(-1, keepdim=True), 0.0)

    def __call__(self) -> None:
        with torch.no_grad():
            for name, before_g1 in self.before_g1.items():
                shift_gn = (before_g1 - self._sum_g1(name)) * self.pairs_gn[name]
                self.alphas[name].add_(from_groups(shift_gn, self.decisions[name]))
