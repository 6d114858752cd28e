"""Uniform single path (SPOS, Guo et al. 2020): one architecture, each equally likely; no alpha is learnt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from torch import Tensor

from hypercuboid.graph.selection.uniform import draw as draw_uniform
from hypercuboid.network.kept import kept_masks
from hypercuboid.network.weightings._sampling import binary
from hypercuboid.network.weightings.base import Weighed, sampled
from hypercuboid.network.weightings.draw import Draw

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph


@sampled("uniform", learns=False)
def uniform(graph: Graph, alphas: Mapping[str, Tensor], draw: Draw) -> Weighed:
    """Coefficients 1 for what the architecture keeps and 0 for the rest, which is not run."""
    (decided,) = draw_uniform(graph, 1, draw.random())
    kept = kept_masks(graph.decisions, decided)
    return Weighed(binary(graph, kept, alphas), kept)
