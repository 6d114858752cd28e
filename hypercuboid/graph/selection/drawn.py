"""Rules that draw: uniformly from all architectures, or by the product of the kept weights. Scores are those of
`max-score`."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from hypercuboid.graph.selection.asked import Asked, Found, Weights
from hypercuboid.graph.selection.score import scorer
from hypercuboid.graph.selection.uniform import number_of_architectures

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph


def sampled(graph: Graph, weights: Weights, asked: Asked) -> Found:
    """Each drawn with a chance proportional to the product of its weights; one may come more than once."""
    odds, generator = graph.sampler.odds(weights), Random(asked.seed)
    drawn = [odds.draw(generator).picks for _ in range(asked.top)]
    score = scorer(graph, weights)
    return [(score(picks), picks) for picks in drawn]


def random(graph: Graph, weights: Weights, asked: Asked) -> Found:
    """Each equally likely; one may come more than once."""
    score = scorer(graph, weights)
    architectures, generator = number_of_architectures(graph), Random(asked.seed)
    drawn = [graph.numbering.picks(generator.randrange(architectures)) for _ in range(asked.top)]
    return [(score(picks), picks) for picks in drawn]
