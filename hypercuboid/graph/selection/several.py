"""At most k paths through each cuboid, together of the highest score: an integer flow of k units, exactly.

A candidate is kept where some of the flow goes through it, and counts and costs once. A flow of k units is k paths, so
what it keeps is the union of at most k of them. What stands between cuboids is built once for all paths that read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from hypercuboid.diagnostics import HypercuboidError, error
from hypercuboid.frontend.elaborated import Decided, Label
from hypercuboid.graph.forest import Address, Environment, Group, OneOf, Path, Top, placed
from hypercuboid.graph.selection.asked import Bounded, Weights
from hypercuboid.graph.selection.budgets import caps, following, infeasible, timed
from hypercuboid.graph.selection.max_score import kept_weight
from hypercuboid.graph.selection.program import Builder
from hypercuboid.graph.selection.rows import Program, Row, Worth
from hypercuboid.graph.selection.solver import Solver
from hypercuboid.graph.selection.solver import value as value_of
from hypercuboid.ops.base import MEASURES
from hypercuboid.records import dataclass

if TYPE_CHECKING:
    from hypercuboid.graph.build import Graph

Several: TypeAlias = dict[Any, list[Any]]
"""What is kept at each address: one label, some paths of a step, nothing of a term of `sum top` that is dropped."""


def several_paths(graph: Graph, weights: Weights, paths: int, bounded: Bounded) -> tuple[float, Several]:
    """The score, the sum of all kept weights, and what is kept. HC7205 with the least that is feasible where nothing is
    within the bounds, HC7209 where a cuboid cannot keep several paths."""
    forest = timed(graph, bounded) if "latency" in bounded.budgets else graph.model_forest
    if forest.unfollowed is not None or (bounded.budgets and forest.shares):
        raise _shared(graph)
    if bounded.budgets:
        following(graph, forest)
    decisions = {decision.name: decision for decision in graph.decisions}
    made = Program(costs=[{} for _ in MEASURES])
    builder = _Flows(made, lambda address, kept: kept_weight(decisions, weights, address, kept), paths)
    builder.group(forest.outcomes, (), 0, 1.0)
    named = caps(graph, made, bounded)
    solver = Solver(made, tuple(named.values()))
    found = solver.best()
    if found is None:
        raise infeasible(graph, made, named, bounded)
    kept: Several = {}
    for leaf in made.leaves:
        if found[leaf.variable]:
            kept.setdefault(leaf.address, []).append(leaf.kept)
    if any(len({str(one) for one in some}) < len(some) for some in kept.values()):
        raise _shared(graph)  # a cell in parts of which one path takes one: several count it, and keep it, twice
    for term in builder.terms:
        if found[term.whole] and not found[term.variable]:
            kept.update({address: [] for address in term.addresses if address not in kept})
    return value_of(made.scores, found), kept


def _shared(graph: Graph) -> HypercuboidError:
    message = f"parts of `{graph.space.name}` share what several paths would use, and its score or cost is then no sum"
    return error("HC7209", message, help="select one path: leave out `--paths`")


def decided(graph: Graph, kept: Several) -> tuple[Decided, ...]:
    """The decisions that keep all of it."""
    found: dict[str, dict[tuple[Label, ...], tuple[Any, ...]]] = {}
    for (name, coordinates), some in kept.items():
        found.setdefault(name, {})[tuple(label for _, label in coordinates)] = tuple(some)
    return tuple(Decided(decision.name, found[decision.name]) for decision in graph.decisions if decision.name in found)


@dataclass(frozen=True)
class _Term:
    """A term of a `sum top`: its variable, that of what the sum stands in, and its own decisions."""

    variable: int
    whole: int
    addresses: tuple[Address, ...]


class _Flows(Builder):
    """A program in which a path is a flow: beside the variable of a way stands how many of the paths take it."""

    def __init__(self, made: Program, worth: Worth, paths: int) -> None:
        super().__init__(made, worth, means=True)
        self.paths = paths
        self.terms: list[_Term] = []

    def _top(self, point: Top, environment: Environment, whole: int, factor: float) -> list[int]:
        variables = super()._top(point, environment, whole, factor)
        for variable, (_, group) in zip(variables, point.terms, strict=True):
            own = (inner for inner in group.points if isinstance(inner, OneOf))
            addresses = tuple(placed(inner.address, environment, inner.levels) for inner in own)
            self.terms.append(_Term(variable, whole, addresses))
        return variables

    def _used(self) -> tuple[int, int]:
        """Whether a way is kept, and how many paths take it."""
        kept, flow = self.made.variable(), self.made.variable()
        self.made.upper[flow] = self.paths
        self.made.below += [{kept: 1.0, flow: -1.0}, {flow: 1.0, kept: -float(self.paths)}]
        return kept, flow

    def _path(self, point: Path, environment: Environment, whole: int, factor: float) -> None:
        if not point.built and any(group.points or any(group.cost.numbers) for group in _gaps(point)):
            raise error(
                "HC7209",
                f"several paths through `{point.segments[0].name}` would share decisions with other parts",
                point.span,
                help="select one path: leave out `--paths`",
            )
        inflow = self._gap(point, 0, point.entry, environment, factor)
        self.made.is_sum([flow for some in inflow.values() for flow in some], whole, self.paths)
        for position, segment in enumerate(point.segments):
            for layer in segment.layers:
                inflow = self._step(segment, layer, inflow, environment, factor)
            if position < len(point.bridges):
                bridge = point.bridges[position]
                pairs = self._gap(point, position + 1, bridge, environment, factor)
                self._flow(inflow, _by(pairs, 0))
                inflow = _by(pairs, 1)
        self._flow(inflow, self._gap(point, len(point.segments), point.exit, environment, factor))

    def _gap(
        self, point: Path, place: int, keys: Iterable[Any], environment: Environment, factor: float
    ) -> dict[Any, list[int]]:
        """The flow through each key of a gap; what is built there is there if one of its keys is used."""
        used = {key: self._used() for key in keys}
        for built in point.built:
            some = [used[key][0] for key in sorted(built.keys, key=str) if key in used]
            if built.place == place and some:
                variable = self.made.variable()
                self.made.below += [{one: 1.0, variable: -1.0} for one in some]
                row: Row = dict.fromkeys(some, -1.0)
                self.made.below.append({variable: 1.0, **row})
                self.group(built.group, environment, variable, factor)
        return {key: [flow] for key, (_, flow) in used.items()}


def _gaps(point: Path) -> Iterator[Group]:
    for place in range(len(point.segments) + 1):
        yield from point.gap(place).values()


def _by(pairs: Mapping[Any, list[int]], side: int) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for pair, flows in pairs.items():
        found.setdefault(pair[side], []).extend(flows)
    return found
