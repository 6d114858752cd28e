"""A network with the weights that a training left, and what it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hypercuboid.data.card import CARD, Card, read_card
from hypercuboid.diagnostics import error
from hypercuboid.runs.reading import Run, read_run
from hypercuboid.runs.weights_file import read_weights_file
from hypercuboid.training.model_file import load_network

if TYPE_CHECKING:
    import torch
    from torch import nn

WEIGHTS = "weights.safetensors"

_MOST = 5
"""Names that a message lists."""


@dataclass(frozen=True)
class Trained:
    """A network in eval mode on its device. `card` is None of a bare file, which says nothing of its data.

    `metric` is MODULE:FUNCTION where the training was scored by a function of the user's own.
    """

    network: nn.Module
    card: Card | None
    metric: str = ""


def open_trained(target: Path, weights: Path | None, device: torch.device) -> Trained:
    """The network of a training run, or of a file with the weights of another file.

    HC7702 where there are no weights, HC7703 where they are not those of the network, HC7701 for a damaged card.
    """
    metric = ""
    if target.is_dir():
        run = read_run(target)
        if run.config.get("kind") != "train" and weights is None:
            way = f"train what it found first: hypercuboid train {target} --data NAME --run DIR"
            raise error("HC7702", f"`{target}` is the run of a search, and has no trained weights", help=way)
        model, chosen = run.need("model.py"), weights or run.need(WEIGHTS)
        card = read_card(target / CARD) if (target / CARD).exists() else None
        metric = _metric(run)
    elif weights is None:
        raise error("HC7702", f"`{target}` has no weights of its own", help="give --weights FILE, or a run folder")
    else:
        model, chosen, card = target, weights, None
    network = load_network(model)
    load_weights(network, chosen)
    return Trained(network.to(device).eval(), card, metric)


def _metric(run: Run) -> str:
    recipe = run.config.get("recipe")
    named = recipe.get("metric", "") if isinstance(recipe, dict) else ""
    return named if isinstance(named, str) else ""


def need_card(trained: Trained, target: Path) -> Card:
    """The card of a run; HC7701 where it has none."""
    if trained.card is None:
        return read_card(target / CARD)
    return trained.card


def load_weights(network: nn.Module, path: Path) -> None:
    """Parameters and buffers of a safetensors file, by name; HC7703 where names or shapes are others."""
    take_weights(network, read_weights_file(path), str(path))


def take_weights(network: nn.Module, found: Mapping[str, torch.Tensor], name: str) -> None:
    """Parameters and buffers that are called `name` in messages; HC7703 where names or shapes are others."""
    notes = _differences(_shapes(network.state_dict()), _shapes(found))
    if notes:
        message = f"the weights of `{name}` are not those of the network"
        raise error("HC7703", message, notes=notes, help="give the weights that were written with this very file")
    network.load_state_dict(found)


def _shapes(tensors: Mapping[str, torch.Tensor]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(one.shape) for name, one in tensors.items()}


def _differences(mine: Mapping[str, tuple[int, ...]], theirs: Mapping[str, tuple[int, ...]]) -> tuple[str, ...]:
    missing = [f"it has no `{name}`" for name in mine if name not in theirs]
    more = [f"the network has no `{name}`" for name in theirs if name not in mine]
    shapes = [
        f"`{name}` is {theirs[name]}, not {shape}"
        for name, shape in mine.items()
        if name in theirs and theirs[name] != shape
    ]
    told = [*shapes, *missing, *more]
    return (*told[:_MOST], *([f"and {len(told) - _MOST} more"] if len(told) > _MOST else []))
