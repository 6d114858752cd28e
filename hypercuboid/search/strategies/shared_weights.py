"""The score of an architecture with the weights of a supernet, its batch-norm statistics taken anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from hypercuboid.graph.selection.uniform import architecture
from hypercuboid.network.kept import kept_masks
from hypercuboid.network.restrict import restrict
from hypercuboid.network.steps import RunOp
from hypercuboid.network.supernet import Supernet
from hypercuboid.network.weightings import Weighed
from hypercuboid.search.finite import FiniteCheck
from hypercuboid.search.objective import Objective
from hypercuboid.search.passes import logits_of
from hypercuboid.search.strategies.base import Batch, Measured


@dataclass(frozen=True)
class SharedWeights:
    """Scores architectures of a supernet as it is: its parameters and buffers are the same before and after.

    The running statistics of batch norms belong to the mixture of paths that the weights were trained in. For each
    architecture they are averaged anew over the batches of `recalibration` (SPOS, Guo et al. 2020), none: left as
    they are. `validation` are the batches that it is measured on.
    """

    supernet: Supernet
    recalibration: Sequence[Batch]
    validation: Sequence[Batch]
    objective: Objective = field(default_factory=Objective)

    def accuracy(self, number: int) -> float:
        """The share of search-validation that it gets right."""
        measured = self.measure(number)
        return measured.correct / measured.count

    def measure(self, number: int) -> Measured:
        """Mean loss and what is right on search-validation; HC7041 where a loss is not finite."""
        weighed = self._weighed(number)
        norms = self._norms(weighed)
        with torch.no_grad(), _restored(self.supernet, norms):
            self.supernet.eval()
            if self.recalibration and norms:
                _forget(norms)
                for x_nchw, _ in self.recalibration:
                    logits_of(self.supernet, x_nchw, weighed)
                for norm in norms:
                    norm.eval()
            return self._measured(weighed, number)

    def _weighed(self, number: int) -> Weighed:
        graph, alphas = self.supernet.graph, self.supernet.named_alphas()
        kept = kept_masks(graph.decisions, architecture(graph, number))
        return Weighed({name: torch.from_numpy(mask).to(alphas[name]) for name, mask in kept.items()}, kept)

    def _norms(self, weighed: Weighed) -> list[_BatchNorm]:
        """The batch norms with running statistics that the architecture runs."""
        assert weighed.kept is not None
        steps = restrict(self.supernet.plan, weighed.kept).every_step()
        names = dict.fromkeys(step.name for step in steps if isinstance(step, RunOp))
        modules = (one for name in names for one in self.supernet.instances[name].modules())
        return [one for one in modules if isinstance(one, _BatchNorm) and one.track_running_stats]

    def _measured(self, weighed: Weighed, number: int) -> Measured:
        finite, total, correct, count = FiniteCheck(self.supernet), 0.0, 0.0, 0
        for x_nchw, y in self.validation:
            logits = logits_of(self.supernet, x_nchw, weighed)
            loss = self.objective.loss(logits, y)
            finite.check_loss(loss, x_nchw, weighed, f"the score of architecture {number}")
            scores = self.objective.scores(logits, y)
            total += loss.item() * scores.numel()
            correct += scores.sum().item()
            count += scores.numel()
        return Measured(total / count, correct, count)


def _forget(norms: Sequence[_BatchNorm]) -> None:
    """Makes them average over all batches that come, each with the same weight; nothing else is set to training."""
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()


@contextmanager
def _restored(supernet: nn.Module, norms: Sequence[_BatchNorm]) -> Iterator[None]:
    """Puts back statistics, momenta and modes, whatever happens."""
    training = supernet.training
    kept = [(norm, norm.momentum, {name: one.clone() for name, one in norm.named_buffers()}) for norm in norms]
    try:
        yield
    finally:
        for norm, momentum, buffers in kept:
            norm.momentum = momentum
            for name, one in norm.named_buffers():
                one.copy_(buffers[name])
        supernet.train(training)
