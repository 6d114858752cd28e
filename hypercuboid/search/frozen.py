"""Freezing: decisions or alternatives whose architecture parameters keep the values that they have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from hypercuboid.diagnostics import error
from hypercuboid.frontend.elaborated import label_text
from hypercuboid.registry import suggestion

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph
    from hypercuboid.graph.decision import Decision
    from hypercuboid.network.supernet import Supernet


class Frozen:
    """What of the architecture parameters of a supernet does not move: by decision, True in its array."""

    def __init__(self, supernet: Supernet, names: Iterable[str]) -> None:
        """`names` are decisions, or labels wherever they stand among the competing axes; HC7062 for another."""
        self.supernet = supernet
        self.masks = frozen_masks(supernet.graph, names)

    def values(self) -> dict[str, Tensor]:
        """The parameters of the decisions in which something is frozen, as they are."""
        alphas = self.supernet.named_alphas()
        return {name: alphas[name].detach().clone() for name in self.masks}

    def put_back(self, values: dict[str, Tensor]) -> None:
        """Gives what is frozen the values that it had."""
        alphas = self.supernet.named_alphas()
        with torch.no_grad():
            for name, mask in self.masks.items():
                alphas[name].copy_(torch.where(mask.to(values[name].device), values[name], alphas[name]))


def frozen_masks(graph: Graph, names: Iterable[str]) -> dict[str, Tensor]:
    """By decision, True where what `names` say is frozen; HC7062 for a name that nothing has."""
    masks: dict[str, Tensor] = {}
    for name in names:
        found = {one.name: mask for one in graph.decisions if (mask := _frozen(one, name)).any()}
        if not found:
            message = f"no decision and no alternative is called `{name}`"
            raise error("HC7062", message, help=suggestion(name, what_can_be_frozen(graph)))
        for decision, mask in found.items():
            before = masks.get(decision, torch.zeros(mask.shape, dtype=torch.bool))
            masks[decision] = before | torch.from_numpy(mask)
    return masks


def _frozen(decision: Decision, name: str) -> np.ndarray:
    """Entries of a decision of that name, or of the alternatives of that label."""
    mask = np.full(decision.shape, decision.name == name)
    for position in decision.competing_axes:
        labels = decision.axes[position].labels
        called = np.array([label_text(label) == name for label in labels])
        np.moveaxis(mask, position, -1)[..., called] = True
    return mask


def what_can_be_frozen(graph: Graph) -> list[str]:
    """The names of the decisions, and the labels of all competing axes."""
    axes = (one.axes[position] for one in graph.decisions for position in one.competing_axes)
    labels = dict.fromkeys(label_text(label) for axis in axes for label in axis.labels)
    return [*(one.name for one in graph.decisions), *labels]
