"""What hurts most when it is taken away: alternatives weighed by the loss of the supernet without them (DARTS-PT).

Wang et al. 2021, "Rethinking architecture selection in differentiable NAS": an alternative is worth what the
supernet loses without it, not its softmax(alpha). There one edge after the other is decided, with training between;
here all are weighed by one supernet, and the weights go where any weights go: every rule, budget and front is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from hypercuboid.graph.decision import Decision
from hypercuboid.graph.groups import groups
from hypercuboid.network.supernet import Supernet
from hypercuboid.network.weightings import WEIGHTINGS, Draw, Weighed
from hypercuboid.search.objective import OfBatch, default_loss
from hypercuboid.search.passes import copied_buffers, logits_of
from hypercuboid.search.strategies.base import Batch

GONE = -1e9
"""The alpha of what is taken away: softmax gives it 0 and the others of its group the rest."""


@dataclass(frozen=True)
class Removals:
    """The loss of the whole supernet, and by decision what more is lost without each alternative than without the least
    missed one of its group (NaN: not tried).

    Not tried is what stands alone in its group, and what cannot reach the output.
    """

    loss: float
    without: Mapping[str, np.ndarray]

    def weights(self) -> dict[str, np.ndarray]:
        """Weights for selection, none negative; of what was not tried 0."""
        return {name: np.nan_to_num(array) for name, array in self.without.items()}


def removals(
    supernet: Supernet,
    batches: Sequence[Batch],
    loss: OfBatch = default_loss,
    watch: Callable[[int, int], None] = lambda done, total: None,
) -> Removals:
    """Measured on `batches`, whose statistics batch norm uses; running statistics and weights stay as they are."""
    was_training = supernet.training
    supernet.train()
    tried = [(one, index) for one in supernet.graph.decisions for index in _tried(one)]
    found = {one.name: np.full(one.shape, np.nan) for one in supernet.graph.decisions}
    try:
        whole = _loss(supernet, batches, loss, None)
        for number, (decision, index) in enumerate(tried):
            found[decision.name][index] = _loss(supernet, batches, loss, (decision, index)) - whole
            watch(number + 1, len(tried))
    finally:
        supernet.train(was_training)
    return Removals(whole, {one.name: _above_the_least(one, found[one.name]) for one in supernet.graph.decisions})


def _tried(decision: Decision) -> Iterator[tuple[int, ...]]:
    """The entries of groups in which more than one reaches the output."""
    live = decision.reaching()
    several = np.zeros(decision.shape, dtype=bool)
    for _, index in groups(decision):
        several[index] = live[index].sum() > 1
    yield from map(tuple, np.argwhere(live & several).tolist())


def _above_the_least(decision: Decision, array: np.ndarray) -> np.ndarray:
    found = array.copy()
    for _, index in groups(decision):
        if np.isfinite(found[index]).any():
            found[index] -= np.nanmin(found[index])
    return found


def _loss(
    supernet: Supernet, batches: Sequence[Batch], loss: OfBatch, removed: tuple[Decision, tuple[int, ...]] | None
) -> float:
    """The mean over all inputs, without what is removed."""
    total = count = 0.0
    with torch.no_grad(), torch.random.fork_rng(devices=[]):
        weighed = _weighed(supernet, removed)
        for x, y in batches:
            torch.manual_seed(0)  # dropout is the same with and without
            total += float(loss(logits_of(supernet, x, weighed, copied_buffers(supernet)), y)) * len(y)
            count += len(y)
    return total / count


def _weighed(supernet: Supernet, removed: tuple[Decision, tuple[int, ...]] | None) -> Weighed:
    """The supernet's own weighting without what is removed; softmax(alpha) where it draws single paths."""
    alphas: dict[str, Tensor] = {name: alpha.clone() for name, alpha in supernet.named_alphas().items()}
    kept = {one.name: one.declared().copy() for one in supernet.graph.decisions}
    if removed is not None:
        decision, index = removed
        alphas[decision.name][index] = GONE
        kept[decision.name][index] = False
    weighed = supernet.weigh(Draw(), alphas)
    if weighed.kept is not None:
        weighed = WEIGHTINGS["scalar"](supernet.graph, alphas, Draw())
    return replace(weighed, kept=kept if removed is not None else None)
