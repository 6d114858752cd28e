"""A predictor of scores: what each alternative adds, with its uncertainty; the best under it is found exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from hypercuboid.graph.numbering import Picks
from hypercuboid.graph.selection.asked import Asked
from hypercuboid.graph.selection.max_product import max_product
from hypercuboid.network.kept import in_a_row, kept_row
from hypercuboid.search.blackbox.base import Optimiser
from hypercuboid.search.blackbox.good import shares

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph

FIRST = 10
"""Architectures that are drawn uniformly before there is a model."""

DRAWS = 40
"""Of the posterior, for the weights of a run."""


class Predictor(Optimiser):
    """Thompson sampling (1933) with a Bayesian linear model (MacKay 1992): the score of an architecture is a sum over
    what it keeps.

    An alternative adds an effect of its own, and one for each of its params and macs, where these are sums over
    alternatives: so sizes can explain much before single alternatives are known. It asks for the architecture
    that is the best under one draw of the effects from their posterior, of all that were not told before.
    """

    def __init__(self, graph: Graph, seed: int = 0) -> None:
        super().__init__(graph, seed)
        self.told: dict[int, float] = {}
        self._kept: dict[int, np.ndarray] = {}

    def propose(self, generator: Random) -> int:
        if len(self.told) < FIRST:
            return generator.randrange(self.count)
        found = [self.graph.numbering.number(one) for one in self._best(self._draw(generator), len(self.told) + 1)]
        return next((number for number in found if number not in self.told), found[0])

    def learn(self, number: int, score: float) -> None:
        self.told[number] = score
        self._forget()

    def best(self, scores: Mapping[int, float]) -> list[tuple[int, float]]:
        """Of all architectures, scored or not, with what the mean of the posterior says of them.

        Of one that was told, half of what the sum leaves unexplained counts too: it is in part its own, in part noise.
        """
        if len(self.told) < FIRST:
            return super().best(scores)
        numbers = [self.graph.numbering.number(picks) for picks in self._best(self._posterior.coef_, 2)]
        numbers += [number for number in self.told if number not in numbers]
        predicted = self._posterior.predict(self._rows(numbers) @ self._features).tolist()
        both = zip(numbers, predicted, strict=True)
        expected = {number: (one + self.told.get(number, one)) / 2 for number, one in both}
        return super().best(expected)

    def weights(self, scores: Mapping[int, float]) -> dict[str, np.ndarray]:
        """How probably the best architecture keeps an alternative, if it keeps one of that group: by `DRAWS` of it."""
        return super().weights(scores) if len(self.told) < FIRST else self._shares

    @cached_property
    def _shares(self) -> dict[str, np.ndarray]:
        generator = Random(f"{self.seed} weights")
        drawn = (self._best(self._draw(generator), 1) for _ in range(DRAWS))
        return shares(self.graph, (self.graph.numbering.number(picks) for (picks,) in drawn))

    def state(self) -> dict[str, Any]:
        return {**super().state(), "told": [list(one) for one in self.told.items()]}

    def restore(self, state: Mapping[str, Any]) -> None:
        super().restore(state)
        self.told = dict(state["told"])
        self._forget()

    def _forget(self) -> None:
        """What follows from all that was told."""
        for name in ("_posterior", "_root", "_shares"):
            self.__dict__.pop(name, None)

    @cached_property
    def _posterior(self) -> Any:
        """Of the coefficients, given all that was told; the strength of their prior and of the noise is fitted too."""
        from sklearn.linear_model import BayesianRidge

        rows = self._rows(self.told) @ self._features
        return BayesianRidge(max_iter=1000).fit(rows, np.array(list(self.told.values())))

    def _rows(self, numbers: Iterable[int]) -> np.ndarray:
        """What each architecture keeps (N, alternatives)."""
        asked = list(numbers)
        for number in asked:
            if number not in self._kept:
                self._kept[number] = kept_row(self.graph, number)
        return np.array([self._kept[number] for number in asked], dtype=np.float64)

    @cached_property
    def _features(self) -> np.ndarray:
        """What an alternative is to the model (alternatives, coefficients): itself, and its costs.

        Costs are scaled so that those of the first architectures deviate by 1.
        """
        first = self._rows(list(self.told)[:FIRST])
        alternatives = sum(int(np.prod(one.shape)) for one in self.graph.decisions)
        columns, costs = [np.eye(alternatives)], self.graph.candidate_costs
        if costs is None:
            return columns[0]
        for measure in ("params", "macs"):
            arrays = costs.of(measure)[1]
            flat = in_a_row(self.graph, arrays).astype(np.float64)
            deviation = float(np.std(first @ flat))
            columns += [flat[:, None] / deviation] if deviation else []
        return np.concatenate(columns, axis=1)

    def _draw(self, generator: Random) -> np.ndarray:
        """Coefficients, as likely as the posterior says.

        By the symmetric root of the covariance: eigenvectors of equal eigenvalues are what rounding makes of them, and
        it does not depend on which they are.
        """
        normal = np.random.default_rng(generator.getrandbits(64)).standard_normal(len(self._posterior.coef_))
        found: np.ndarray = self._posterior.coef_ + self._root @ normal
        return found

    @cached_property
    def _root(self) -> np.ndarray:
        values, vectors = np.linalg.eigh(self._posterior.sigma_)
        root: np.ndarray = vectors * np.sqrt(values.clip(0)) @ vectors.T
        return root

    def _best(self, coefficients: np.ndarray, count: int) -> list[Picks]:
        """The architectures whose alternatives add most, exactly: of the largest product of exponentials."""
        effects = self._features @ coefficients  # not centred: architectures keep different numbers of alternatives
        scaled = np.exp(effects / max(1.0, float(np.abs(effects).max())))
        weights, start = {}, 0
        for decision in self.graph.decisions:
            size = int(np.prod(decision.shape))
            weights[decision.name] = scaled[start : start + size].reshape(decision.shape)
            start += size
        return [picks for _, picks in max_product(self.graph, weights, Asked(top=count))]
