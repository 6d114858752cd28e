"""What sampled weightings share: weights as the graph's sampler reads them, and architectures drawn by them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from hypercuboid.network.weightings.base import weigh
from hypercuboid.network.weightings.draw import Draw
from hypercuboid.network.weightings.softmax import softmax

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph
    from hypercuboid.graph.decision import Decision


def weights_of(graph: Graph, alphas: Mapping[str, Tensor]) -> dict[str, np.ndarray]:
    """softmax(alpha) per competing group as numbers, by decision."""
    with torch.no_grad():
        return {one.name: weigh(_weights, one, alphas[one.name].double()).cpu().numpy() for one in graph.decisions}


def _weights(alpha_gn: Tensor, mask_gn: Tensor, draw: Draw) -> Tensor:
    return softmax(alpha_gn, mask_gn)


def binary(graph: Graph, kept: Mapping[str, np.ndarray], alphas: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Coefficients 1 for what is kept and 0 for the rest, in the type and on the device of the alphas."""
    return {one.name: torch.from_numpy(kept[one.name]).to(alphas[one.name]) for one in graph.decisions}


def reaching(decision: Decision, like: Tensor) -> Tensor:
    """What takes part in a decision, as a mask on the device of `like`."""
    return torch.from_numpy(decision.reaching()).to(like.device)
