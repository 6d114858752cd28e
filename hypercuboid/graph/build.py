"""The graph of a space: what later stages read of it, made once on demand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hypercuboid.frontend.agree import require_agreement
from hypercuboid.frontend.elaborated import Elaborated
from hypercuboid.graph.countable import no_architecture
from hypercuboid.graph.counts import Counts, count
from hypercuboid.graph.decision import Decision
from hypercuboid.graph.decisions import collect
from hypercuboid.graph.digest import digest
from hypercuboid.graph.dynamic import evaluate
from hypercuboid.graph.grow import grow
from hypercuboid.graph.grown import Forest
from hypercuboid.graph.numbering import Numbering
from hypercuboid.graph.possible import Possible
from hypercuboid.records import dataclass

if TYPE_CHECKING:
    import networkx as nx

    from hypercuboid.graph.candidate_costs import CandidateCosts
    from hypercuboid.graph.selection.sampled import Sampler
    from hypercuboid.graph.statistics import Spread


@dataclass(frozen=True, eq=False)
class Graph:
    """A space elaborated twice: `space` is what a supernet is made of, `costs` what architectures cost."""

    space: Elaborated
    costs: Elaborated

    @cached_property
    def forest(self) -> Forest:
        """The decisions of the supernet and its costs."""
        return grow(self.space)

    @cached_property
    def model_forest(self) -> Forest:
        """The same decisions with the costs of architectures."""
        return self.forest if self.costs.definition is self.space.definition else grow(self.costs)

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """Every open decision, in the order of the source."""
        return collect(self.forest.root)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the space as text: equal for equal networks with equal decisions, however they are spelled."""
        return digest(self.space)

    @cached_property
    def _counts(self) -> Counts:
        return count(self.forest, self.model_forest)

    @cached_property
    def numbering(self) -> Numbering:
        """A number for each architecture; its tables grow with the number of digits of their count."""
        return Numbering(self.forest.outcomes)

    @cached_property
    def sampler(self) -> Sampler:
        """Draws architectures under weights; made ready once."""
        from hypercuboid.graph.selection.sampled import Sampler

        return Sampler(self.forest.outcomes, self.decisions)

    @cached_property
    def candidate_costs(self) -> CandidateCosts | None:
        """What an architecture costs as a sum over what it keeps; None where it is none."""
        from hypercuboid.graph.candidate_costs import candidate_costs

        return candidate_costs(self)

    @cached_property
    def statistics(self) -> Mapping[str, Spread] | None:
        """Least, greatest, mean and variance of costs over all architectures; None where ranges are bounds."""
        from hypercuboid.graph.statistics import statistics

        return statistics(self.model_forest, exact=self.counts().architectures is not None)

    def counts(self) -> Counts:
        """Weights, groups, architectures and costs, exact."""
        return self._counts

    def decision(self, name: str) -> Decision:
        """The decision of that name; KeyError where there is none."""
        for decision in self.decisions:
            if decision.name == name:
                return decision
        raise KeyError(f"no decision `{name}`")

    def to_networkx(self, max_ops: int = 100_000) -> nx.MultiDiGraph[int]:
        """The flat DAG of atomic ops (see `graph.flatten`); HC4001 above `max_ops`."""
        from hypercuboid.graph.flatten import flatten

        return flatten(self.space, max_ops)

    def to_node_link(self, max_ops: int = 100_000) -> dict[str, Any]:
        """The flat DAG as networkx' node-link data, JSON-ready."""
        from hypercuboid.graph.flatten import node_link

        return node_link(self.to_networkx(max_ops))


def build_graph(searching: Elaborated, model: Elaborated) -> Graph:
    """The graph of a space from its elaborations with `searching` true and false; verified.

    Raises HC3113 where the two differ in what they decide, HC5004 where no architecture has an output.
    """
    from hypercuboid.graph.verify import verify

    verify(searching)
    if model.definition is not searching.definition:
        require_agreement(searching, model)
        verify(model)
    graph = Graph(searching, model)
    if not evaluate(graph.forest.outcomes, Possible()):
        raise no_architecture(searching)
    return graph
