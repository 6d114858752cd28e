"""Several paths as a flow of least cost through cuboids, by network simplex: the flow of the paper's future work.

Each of k units takes a path and gains the weights of the candidates that it goes through, each unit anew. Without a
capacity all of them take a path of maximum score; with capacity 1 no candidate is taken twice. In contrast to
`several_paths`, what two units share counts twice, and what is built between cuboids costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import networkx as nx

from hypercuboid.diagnostics import HypercuboidError, error
from hypercuboid.frontend.elaborated import Decided, KeptPath
from hypercuboid.graph.forest import Address, Path
from hypercuboid.graph.numbering import Picks
from hypercuboid.graph.selection.asked import Asked, Weights
from hypercuboid.graph.selection.max_score import kept_weight, max_score
from hypercuboid.graph.selection.result import record
from hypercuboid.records import dataclass

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph

STEPS = 10**12
"""Network simplex is exact in integers: a weight is rounded to one part in so many."""

Flow = Mapping[tuple[Address, KeptPath], int]
"""How many units go through each candidate that some go through."""


@dataclass(frozen=True)
class Flowing:
    """`units` paths through each cuboid. `score` is the sum of their weights, what several of them take as often as it
    is taken; `decided` keeps all that some take, and of other choices what has the highest weight.
    """

    score: float
    flow: Flow
    decided: tuple[Decided, ...]


def flowing(graph: Graph, weights: Weights, units: int, capacity: int | None = None) -> Flowing:
    """The flows of highest score through all cuboids. HC7205 where so many units do not fit through one, with how many
    do; HC7209 where paths decide more than candidates, or there is none."""
    ((_, picks),) = max_score(graph, weights, Asked(1))
    paths = [point for point in graph.forest.outcomes.points if isinstance(point, Path)]
    own = {address for path in paths for address in _addresses(path)}
    if not paths or any(isinstance(kept, KeptPath) and address not in own for address, kept in picks.items()):
        raise _no_flow(graph, "has no cuboid" if not paths else "has a cuboid inside of another choice")
    if any(_decides_more(path) for path in paths):
        raise _no_flow(graph, "has candidates, or parts between cuboids, in which more is decided")
    flow: dict[tuple[Address, KeptPath], int] = {}
    for path in paths:
        found = path_flow(graph, path, weights, units, capacity)
        if found is None:
            raise _too_narrow(graph, path, weights, units, capacity)
        flow |= found
    decisions = {one.name: one for one in graph.decisions}
    score = sum(amount * kept_weight(decisions, weights, *key) for key, amount in flow.items())
    return Flowing(score, flow, _decided(graph, picks, flow))


def _addresses(path: Path) -> set[Address]:
    return {segment.step_address(layer, ()) for segment in path.segments for layer in segment.layers}


def _decides_more(path: Path) -> bool:
    moves = (move for segment in path.segments for layer in segment.layers for move in layer.template.moves)
    told_apart = any(segment.numbers for segment in path.segments)
    groups = (*(move.group for move in moves), *(built.group for built in path.built))
    return told_apart or any(group.points for group in groups)


def _decided(graph: Graph, picks: Picks, flow: Flow) -> tuple[Decided, ...]:
    """One best architecture, and in its cuboids what the flow takes."""
    taken: dict[Address, list[KeptPath]] = {}
    for address, kept in flow:
        taken.setdefault(address, []).append(kept)
    several = {(name, tuple(label for _, label in where)): tuple(some) for (name, where), some in taken.items()}
    best = record(graph.forest.root, picks).decided
    return tuple(
        Decided(one.name, {labels: several.get((one.name, labels), kept) for labels, kept in one.kept.items()})
        for one in best
    )


def _no_flow(graph: Graph, why: str) -> HypercuboidError:
    message = f"paths through `{graph.space.name}` are no flow: it {why}"
    return error("HC7209", message, help="leave out `--flow`, or select one path")


def _too_narrow(graph: Graph, path: Path, weights: Weights, units: int, capacity: int | None) -> HypercuboidError:
    """How many fit, by halving: where some fit, fewer do."""
    fit, fail = 0, units
    while fail - fit > 1:
        middle = (fit + fail) // 2
        fits = path_flow(graph, path, weights, middle, capacity) is not None
        fit, fail = (middle, fail) if fits else (fit, middle)
    what = f"{units} paths do not fit through `{path.segments[0].name}` with {capacity} at most through a candidate"
    notes = (f"the most that fit are {fit}",)
    return error("HC7205", what, path.span, notes=notes, help="ask for fewer paths, or raise the number of `--flow`")


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
            for move in layer.template.moves:
                key = None if layer.decided else (address, segment.kept(move))
                weight = 0.0 if key is None else kept_weight(decisions, weights, *key)
                limits = {} if key is None or capacity is None else {"capacity": capacity}
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
