"""The accuracy of a trained network on test sets, those of its own data or others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from hypercuboid.data.base import DataSet, Split
from hypercuboid.data.card import Card, card_of
from hypercuboid.data.scale import Scale, normalised
from hypercuboid.diagnostics import error
from hypercuboid.registry import suggestion
from hypercuboid.search.objective import Objective, check_objective, objective_of
from hypercuboid.training.model_file import check_network
from hypercuboid.training.recipe import Recipe
from hypercuboid.training.train import Score, score
from hypercuboid.training.trained import Trained


def evaluate(
    trained: Trained,
    data: DataSet,
    splits: tuple[str, ...],
    device: torch.device,
    batch: int = 512,
    metric: str = "",
) -> dict[str, Score]:
    """Scores on test sets by name, of all that the data have where none is named; by `metric`, or as in training.

    The inputs are normalised as the network learnt them. HC7023 where shapes or the number of classes do not fit,
    HC7704 where the classes are others, HC7705 where there is no such split.
    """
    for name in splits:
        if name not in data.splits:
            raise error("HC7705", f"`{data.name}` has no split `{name}`", help=suggestion(name, list(data.splits)))
    check_network(trained.network, data, device)
    if trained.card is not None:
        check_classes(trained.card, data)
        data = as_learnt(data, trained.card)
    chosen = splits or ("test", *data.more_tests)
    objective = _objective(metric or trained.metric, data, device)
    name = objective.metric_name(data)
    scored = {one: score(trained.network, data.splits[one], device, batch, objective=objective) for one in chosen}
    return {one: replace(found, metric=name) for one, found in scored.items()}


def _objective(metric: str, data: DataSet, device: torch.device) -> Objective:
    """HC7620 and HC7622 where it is no function that gives scores."""
    objective = objective_of(Recipe(metric=metric))
    if metric:
        check_objective(objective, data, device)
    return objective


def check_classes(card: Card, data: DataSet) -> None:
    """HC7704 where the classes of the data have other names; names that are numbers say nothing."""
    ours, theirs = card.class_names, data.class_names
    if ours == theirs or (card.kind != "tokens" and (_numbered(ours) or _numbered(theirs))):
        return
    different = [
        f"{number}: `{a}`, and `{b}` here" for number, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b
    ]
    what = "tokens" if card.kind == "tokens" else "classes"
    message = f"the network knows the {what} of `{card.data}`, and those of `{data.name}` are others"
    raise error("HC7704", message, notes=different[:3], help=f"give data with the same {what} in the same order")


def _numbered(names: tuple[str, ...]) -> bool:
    return names == tuple(map(str, range(len(names))))


def as_learnt(data: DataSet, card: Card) -> DataSet:
    """The data normalised by mean and deviation of the card instead of their own."""
    own = card_of(data)
    if (own.mean, own.std, own.white) == (card.mean, card.std, card.white) or card.kind == "tokens":
        return data
    return replace(data, splits={name: _as_learnt(split, own, card) for name, split in data.splits.items()})


def _as_learnt(split: Split, own: Card, card: Card) -> Split:
    unit = card.white / own.white if card.white and own.white else 1.0
    mean, std = tuple(one / unit for one in card.mean), tuple(one / unit for one in card.std)
    if split.scale is not None:
        return _scaled(split, Scale(mean, std))
    shape = (1, -1, *([1] * (split.x.ndim - 2)))
    raw = split.x * np.asarray(own.std).reshape(shape) + np.asarray(own.mean).reshape(shape)
    return Split(normalised(raw, mean, std), split.y)


def _scaled(split: Split, scale: Scale) -> Split:
    """The same split, also one that reads its images from files, under another scale."""
    other = object.__new__(type(split))
    for name, value in vars(split).items():
        object.__setattr__(other, name, value)
    object.__setattr__(other, "scale", scale)
    return other
