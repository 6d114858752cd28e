"""The tree-structured Parzen estimator of optuna, an extra: each choice is a parameter, nested ones are conditional."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING, Any

from hypercuboid.diagnostics import error
from hypercuboid.search.blackbox.base import Optimiser
from hypercuboid.search.blackbox.choices import choices_of, choose_all

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph


class Tpe(Optimiser):
    """Bergstra et al. 2011, with optuna's defaults: univariate, the first ten drawn at random.

    A step of a cuboid is a parameter for each state that it may start from. HC7081 where optuna is missing.
    """

    def __init__(self, graph: Graph, seed: int = 0) -> None:
        super().__init__(graph, seed)
        try:
            import optuna
        except ModuleNotFoundError:
            help = "pip install 'hypercuboid[tpe]', or take random, evolution or reinforce"
            raise error("HC7081", "`tpe` needs the package `optuna`", help=help) from None
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._optuna: Any = optuna
        self._study: Any = optuna.create_study(direction="maximize")
        self.told: list[tuple[int, float]] = []

    def propose(self, generator: Random) -> int:
        """A trial of the study that is closed at once: its score may come late, or never."""
        self._study.sampler = self._optuna.samplers.TPESampler(seed=generator.randrange(2**32))
        trial = self._study.ask()
        picks = choose_all(
            self.graph.numbering, lambda name, ways: int(trial.suggest_categorical(name, range(len(ways))))
        )
        self._study.tell(trial, state=self._optuna.trial.TrialState.FAIL)
        return self.graph.numbering.number(picks)

    def learn(self, number: int, score: float) -> None:
        numbering = self.graph.numbering
        choices = choices_of(numbering, numbering.picks(number))
        made = self._optuna.trial.create_trial(
            params={name: position for name, (position, _) in choices.items()},
            distributions={
                name: self._optuna.distributions.CategoricalDistribution(tuple(range(ways)))
                for name, (_, ways) in choices.items()
            },
            value=score,
        )
        self._study.add_trial(made)
        self.told.append((number, score))

    def state(self) -> dict[str, Any]:
        return {**super().state(), "told": [list(one) for one in self.told]}

    def restore(self, state: Mapping[str, Any]) -> None:
        super().restore(state)
        self._study = self._optuna.create_study(direction="maximize")
        self.told = []
        for number, score in state["told"]:
            self.learn(number, score)
