"""The k best architectures by the product of all kept weights, exactly; scores are logarithms.

The weights of decisions inside a kept alternative are factors like any other: the best is what sampling by weights
draws most often. What keeps an alternative of weight 0 is left out.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from hypercuboid.diagnostics import error
from hypercuboid.frontend.elaborated import KeptPath, Label
from hypercuboid.graph.forest import Address, Environment, Layer, Segment
from hypercuboid.graph.selection.asked import Asked, Found, Weights
from hypercuboid.graph.selection.max_score import Best, Entry, KBest, Kept, k_best

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph


def max_product(graph: Graph, weights: Weights, asked: Asked) -> Found:
    """ln of the products, and picks; HC7201 where every product is 0."""
    found = k_best(graph, Products(graph.decisions, weights, asked.top))
    if not found and graph.counts().architectures != 0:
        raise error(
            "HC7201",
            "no architecture has a positive probability: each keeps an alternative of weight 0",
            help="take the rule `max-score`, which adds weights",
        )
    return found


class Products(KBest):
    """The `top` best by the sum of the logarithms of what is kept, inside and outside alike."""

    def weight(self, address: Address, kept: tuple[Label, ...] | KeptPath) -> float:
        own = super().weight(address, kept)
        return math.log(own) if own > 0 else -math.inf

    def layer_weights(self, segment: Segment, layer: Layer, environment: Environment) -> np.ndarray:
        with np.errstate(divide="ignore"):
            found: np.ndarray = np.log(super().layer_weights(segment, layer, environment))
        return found

    def keep_again(self, address: Address, kept: tuple[Label, ...], inside: Best) -> Best:
        """A factor once."""
        return inside

    def scored(self, weight: float, address: Address, kept: Any, inside: Best) -> list[Entry]:
        if weight == -math.inf:
            return []
        leaf = Kept(address, kept)
        if inside is self.one:
            return [(weight, leaf)]
        return self.best((weight + score, (leaf, picks)) for n in sorted(inside) for score, picks in inside[n])
