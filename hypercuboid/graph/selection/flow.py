"""Several paths as a flow of least cost through cuboids, by network simplex: the flow of the paper's future work.

Each of k units takes a path and gains the weights of the candidates that it goes through, each unit anew. Without a
capacity all of them take a path of maximum score; with capacity 1 no candidate is taken twice. In contrast to
`several_paths`, what two units share counts twice, and what is built between cuboids costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import networkx as nx

from hypercuboid.frontend.elaborated import KeptPath
from hypercuboid.graph.forest import Address, Path
from hypercuboid.graph.selection.asked import Weights
from hypercuboid.graph.selection.max_score import kept_weight

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph

STEPS = 10**12
"""Network simplex is exact in integers: a weight is rounded to one part in so many."""

Flow = Mapping[tuple[Address, KeptPath], int]
"""How many units go through each candidate that some go through."""


def path_flow(graph: Graph, path: Path, weights: Weights, units: int, capacity: int | None = None) -> Flow | None:
    """The flow of highest total score through a path of the graph; None where so many units do not fit."""
    network: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    network.add_node("in", demand=-units)
    network.add_node("out", demand=units)
    decisions = {decision.name: decision for decision in graph.decisions}
    for state in path.entry:
        network.add_edge("in", (0, state), weight=0)
    stage = 0
    for position, segment in enumerate(path.segments):
        for layer in segment.layers:
            address = segment.step_address(layer, ())
            limits = {} if capacity is None else {"capacity": capacity}
            for move in layer.template.moves:
                key = None if layer.decided else (address, segment.kept(move))
                weight = 0.0 if key is None else kept_weight(decisions, weights, *key)
                ends = (stage, move.source), (stage + 1, move.target)
                network.add_edge(*ends, key=key, weight=-round(weight * STEPS), **limits)
            stage += 1
        for source, target in path.bridges[position] if position < len(path.bridges) else ():
            network.add_edge((stage, source), (stage + 1, target), weight=0)
        stage += position < len(path.bridges)
    for state in path.exit:
        network.add_edge((stage, state), "out", weight=0)
    try:
        _, flow = nx.network_simplex(network)
    except nx.NetworkXUnfeasible:
        return None
    taken = (pair for ends in flow.values() for ways in ends.values() for pair in ways.items())
    return {key: int(amount) for key, amount in taken if amount and isinstance(key, tuple)}
