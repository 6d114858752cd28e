"""Progressive narrowing: what a search is surest of is decided while it runs, and it goes on in the smaller space.

Every `narrow_every` epochs after the warm-up, the best architecture is selected, and of its parts (a choice at one
coordinate, a step of a cuboid, a `sum top`) the surest are decided, `narrow_share` of those open. `margin` (see
`graph.parts`) asks how far what is kept leads what would stand in its place, `certainty` for the entropy of the part.
The space is elaborated again with these decisions; weights, running statistics, architecture parameters and what the
optimizers remember of them go on by their names in the graph. The steps between are those of first order.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from hypercuboid.frontend.elaborated import Decided
from hypercuboid.frontend.made import by_name
from hypercuboid.graph.build import Graph
from hypercuboid.graph.decided_data import decided_data, read_decided
from hypercuboid.graph.decision import Decision
from hypercuboid.graph.parts import Part, certainty, margin, parts, with_kept
from hypercuboid.network.supernet import Supernet, alpha_name
from hypercuboid.runs.keeper import with_prefix, without_prefix
from hypercuboid.search.frozen import what_can_be_frozen
from hypercuboid.search.halves import Halves
from hypercuboid.search.recipe import Recipe
from hypercuboid.search.strategies.base import STRATEGIES, Batch, Found, Moment, Pair, Setting
from hypercuboid.search.strategies.bilevel import SCALES, Bilevel

SURENESS = {"margin": margin, "entropy": certainty}
"""By the names of `narrow_by`."""


class Narrowing:
    """First-order search in a space that becomes smaller."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.recipe = setting.recipe
        self.decisions = setting.graph.decisions
        self.decided: tuple[Decided, ...] = ()
        self.sites: dict[str, list[str]] = {}
        self.weights: dict[str, np.ndarray] = {}
        """Of the space searched, as they were when it was last narrowed; empty before."""
        self.search = Bilevel(setting.supernet, setting.recipe, setting.ranks)

    @property
    def supernet(self) -> Supernet:
        return self.search.supernet

    @property
    def halves(self) -> Halves:
        return self.search.halves

    def begin_epoch(self, epoch: int) -> None:
        self.search.begin_epoch(epoch)

    def step(self, training: Batch, validation: Batch, moment: Moment) -> Pair:
        return self.search.step(training, validation, moment)

    def end_epoch(self, epoch: int) -> Mapping[str, Any]:
        """Narrows where it is time; the sites that were decided, and how many decisions are open after it."""
        since = epoch - self.recipe.alpha_warmup
        due = since > 0 and since % self.recipe.narrow_every == 0 and epoch < self.recipe.epochs
        more = self.search.end_epoch(epoch)
        made = self.narrow() if due else {}
        return {**more, "decided": made, "open": sum(int(d.reaching().sum()) for d in self.supernet.graph.decisions)}

    def shared(self) -> Mapping[str, Tensor]:
        return self.search.shared()

    def found(self) -> Found:
        """The best architecture of the space that is left, as one of the space searched.

        Score, margin and entropy are those in the space that is left. Of what is decided the weight is 1 or 0; what
        fell away with it keeps the weights that it had.
        """
        found = self.search.found()
        picks = {**self.sites, **found.selection.picks}
        decided = tuple(by_name((*self.decided, *found.selection.decided)).values())
        return Found(replace(found.selection, picks=picks, decided=decided), self._all_weights(found.weights))

    # ------------------------------------------------------------ narrowing

    def narrow(self) -> Mapping[str, list[str]]:
        """Decides the surest parts and goes on in what is left; what was decided, by site.

        Nothing where that would leave no decision to search.
        """
        graph, found = self.supernet.graph, self.search.found()
        chosen = surest(graph, found, self.recipe)
        decided = (*self.decided, *(one for part in chosen for one in part.decided))
        smaller = self.setting.specialise(tuple(by_name(decided).values()))
        if not smaller.decisions:
            return {}
        made = {site: kept for part in chosen for site, kept in part.sites.items()}
        self.weights = self._all_weights(found.weights)
        for decision in self.decisions:
            for part in chosen:
                with_kept(decision, self.weights[decision.name], part)
        self.decided, self.sites = tuple(by_name(decided).values()), {**self.sites, **made}
        before, self.search = self.search, self._search(smaller)
        self.search.restore(carried(before, self.search), {})
        return made

    def _search(self, graph: Graph) -> Bilevel:
        """A search of a smaller space; what is to be frozen and was decided needs no freezing."""
        supernet = self.setting.build(graph)
        left = what_can_be_frozen(graph)
        freeze = tuple(name for name in self.recipe.freeze if name in left)
        return Bilevel(supernet, self.recipe.model_copy(update={"freeze": freeze}), self.setting.ranks)

    def _all_weights(self, weights: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Weights of the space that is left, in the arrays of the space searched."""
        if not self.weights:
            return {name: array.copy() for name, array in weights.items()}
        whole = {name: array.copy() for name, array in self.weights.items()}
        known = {one.name: one for one in self.decisions}
        for decision in self.supernet.graph.decisions:
            live = decision.reaching()
            place = places(decision, known[decision.name])
            whole[decision.name][place] = np.where(live, weights[decision.name], whole[decision.name][place])
        return whole

    # ------------------------------------------------------------ what a search goes on from

    def tensors(self) -> dict[str, Tensor]:
        kept = {name: torch.from_numpy(array.copy()) for name, array in self.weights.items()}
        return {**self.search.tensors(), **with_prefix("narrowed", kept)}

    def state(self) -> Mapping[str, Any]:
        return {"decided": decided_data(self.decided), "sites": self.sites}

    def restore(self, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        """Builds the space as it was narrowed, and puts back what `tensors` gave, bit for bit."""
        self.decided, self.sites = read_decided(state["decided"]), dict(state["sites"])
        self.weights = {name: one.numpy().copy() for name, one in without_prefix("narrowed", tensors).items()}
        if self.decided:
            self.search = self._search(self.setting.specialise(self.decided))
        self.search.restore(tensors, {})


def surest(graph: Graph, found: Found, recipe: Recipe) -> list[Part]:
    """The parts to decide: the surest first, the earlier in the source first where two are equally sure."""
    open_parts = parts(graph, found.selection.decided)
    count = math.ceil(recipe.narrow_share * len(open_parts))
    sureness = SURENESS[recipe.narrow_by]
    return sorted(open_parts, key=lambda part: -sureness(graph, found.weights, part))[:count]


def places(smaller: Decision, whole: Decision) -> tuple[np.ndarray, ...]:
    """Where the entries of a decision of a smaller space stand in its array of the larger one: by labels."""
    pairs = zip(smaller.axes, whole.axes, strict=True)
    return np.ix_(*([theirs.position(label) for label in own.labels] for own, theirs in pairs))


def carried(before: Bilevel, after: Bilevel) -> dict[str, Tensor]:
    """What a search in a smaller space goes on from: all that is its own, taken from the larger one by name and label.

    Where a width depends on what is decided (`unused`), a weight of another shape begins anew.
    """
    old, new = before.tensors(), after.tensors()
    ours, theirs = _decisions(after.supernet), _decisions(before.supernet)
    index = {
        name: tuple(torch.from_numpy(one) for one in places(decision, theirs[name])) for name, decision in ours.items()
    }

    def cut(name: str, value: Tensor) -> Tensor | None:
        if value.dim() == 0:
            return value  # how many steps an optimizer made
        if name in index:
            return value[index[name]]
        return value if value.shape == new[f"supernet/{name}"].shape else None

    found = {**new, **{name: old[name] for name in SCALES if name in old}}
    for name in without_prefix("supernet", new):
        value = cut(name, old[f"supernet/{name}"])
        found[f"supernet/{name}"] = new[f"supernet/{name}"] if value is None else value
    for prefix, parameters in (("weight-optimizer", _weights), ("alpha-optimizer", _decisions)):
        numbers = {name: number for number, name in enumerate(parameters(after.supernet))}
        names = list(parameters(before.supernet))
        for key, value in without_prefix(prefix, old).items():
            number, _, what = key.partition("/")
            name = names[int(number)]
            kept = cut(name, value) if name in numbers else None
            if kept is not None:
                found[f"{prefix}/{numbers[name]}/{what}"] = kept
    return found


def _weights(supernet: Supernet) -> dict[str, Tensor]:
    """The weights by name, in the order of their optimizer."""
    alphas = _decisions(supernet)
    return {name: one for name, one in supernet.named_parameters() if name not in alphas}


def _decisions(supernet: Supernet) -> dict[str, Decision]:
    """The decisions by the names of their parameters, in the order of their optimizer."""
    return {alpha_name(one.name): one for one in supernet.graph.decisions}


@STRATEGIES.entry("narrowing")
def narrowing(setting: Setting) -> Narrowing:
    """First order, in a space of which the surest parts are decided again and again."""
    return Narrowing(setting)
