"""A space with what was given for it: its graph, counts and supernet, and the architectures that are selected in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from hypercuboid.diagnostics import Source
from hypercuboid.frontend.elaborate import Request, elaborate, elaborate_costs
from hypercuboid.frontend.elaborated import Decided, Elaborated
from hypercuboid.frontend.points import points_of
from hypercuboid.frontend.written import written_arguments
from hypercuboid.requested import arch_request, companions, request_without, resolved, space_request

if TYPE_CHECKING:
    import numpy as np

    from hypercuboid.architecture import Architecture
    from hypercuboid.containment import Containment
    from hypercuboid.differences import Difference
    from hypercuboid.graph.build import Graph
    from hypercuboid.graph.counts import Counts
    from hypercuboid.graph.drawn_costs import Drawn
    from hypercuboid.graph.selection import Selection
    from hypercuboid.graph.selection.flow import Flowing
    from hypercuboid.network.supernet import Supernet


@dataclass(frozen=True)
class Space:
    """A space, a partly decided one, or an architecture: source text with what was given from outside.

    `elaborated` is the form a supernet is made of (`searching` true while decisions are open), `costs` the form
    that costs of architectures are read from (`searching` false). Both are made once, on demand.
    """

    request: Request

    @property
    def name(self) -> str:
        return self.request.name

    @cached_property
    def elaborated(self) -> Elaborated:
        return elaborate(self.request)

    @cached_property
    def costs(self) -> Elaborated:
        return elaborate_costs(self.request, self.elaborated)

    @cached_property
    def graph(self) -> Graph:
        """The graph with its decisions; `.to_networkx()` is its flat form."""
        from hypercuboid.graph.build import build_graph

        return build_graph(self.elaborated, self.costs)

    @property
    def is_open(self) -> bool:
        """Whether decisions are left."""
        return bool(points_of(self.elaborated.definition))

    def counts(self) -> Counts:
        """Weights, groups, architectures, parameters and costs, exact (see `graph.counts`)."""
        return self.graph.counts()

    def supernet(
        self, weighting: str = "scalar", seed: int = 0, max_ops: int = 100_000, max_weights: int = 1_000_000
    ) -> Supernet:
        """The differentiable network of all alternatives; HC4001 where it is too large to build."""
        from hypercuboid.network.supernet import Supernet

        return Supernet(self.graph, weighting, seed, max_ops, max_weights)

    def select(
        self, weights: Mapping[str, np.ndarray], rule: str = "max-score", keep_zero: bool = False, seed: int = 0
    ) -> Architecture:
        """The best architecture under `weights` (decision -> array in the order of its axes)."""
        return self.select_best(weights, rule, 1, keep_zero, seed)[0]

    def select_best(
        self,
        weights: Mapping[str, np.ndarray],
        rule: str = "max-score",
        top: int = 1,
        keep_zero: bool = False,
        seed: int = 0,
        budgets: Mapping[str, float] = MappingProxyType({}),
        limits: Mapping[str, int] = MappingProxyType({}),
        latencies: Path | None = None,
    ) -> list[Architecture]:
        """The `top` best architectures, best first; `keep_zero` lets a `sum top` keep alternatives that are zero.

        `seed` is that of a rule that draws. The exact rules keep within `budgets` of costs (params, macs, add_mult,
        activations, and latency in ms by `latencies`, a file of measured times) and within `limits` of how many
        alternatives with a label are kept.
        """
        from hypercuboid.graph.selection import Bounded, select

        bounded = Bounded(budgets, limits, latencies)
        return [self.decide(found) for found in select(self.graph, weights, rule, top, keep_zero, seed, bounded)]

    def front(
        self, weights: Mapping[str, np.ndarray], cost: str = "macs", latencies: Path | None = None
    ) -> list[tuple[float, float, Architecture]]:
        """Cost, score and architecture of all that no other beats in score at the same cost or less, cheapest first.

        The cost `latency`, in ms, is read from the file `latencies` of `profile`.
        """
        from hypercuboid.graph.selection.front import front
        from hypercuboid.graph.selection.result import record

        root, name = self.graph.forest.root, f"{self.elaborated.space}Front"
        found = enumerate(front(self.graph, weights, cost, latencies=latencies))
        return [(one.cost, one.score, self._decided(record(root, one.picks).decided, f"{name}{i}")) for i, one in found]

    def keep_paths(
        self,
        weights: Mapping[str, np.ndarray],
        paths: int,
        budgets: Mapping[str, float] = MappingProxyType({}),
        limits: Mapping[str, int] = MappingProxyType({}),
        latencies: Path | None = None,
    ) -> tuple[float, Architecture]:
        """At most `paths` paths through each cuboid whose kept weights have the highest sum, and that sum."""
        from hypercuboid.graph.selection import Bounded
        from hypercuboid.graph.selection.several import decided, several_paths

        score, kept = several_paths(self.graph, weights, paths, Bounded(budgets, limits, latencies))
        return score, self._decided(decided(self.graph, kept), f"{self.elaborated.space}Paths")

    def flow_paths(
        self, weights: Mapping[str, np.ndarray], paths: int, capacity: int | None = None
    ) -> tuple[Flowing, Architecture]:
        """Exactly `paths` paths through each cuboid of the highest total score, by network simplex: a weight counts as
        often as it is taken. `capacity` is how many of them may take one candidate; None: any number.
        """
        from hypercuboid.graph.selection.flow import flowing

        found = flowing(self.graph, weights, paths, capacity)
        return found, self._decided(found.decided, f"{self.elaborated.space}Paths")

    def sample(self, count: int, seed: int = 0) -> list[Architecture]:
        """`count` architectures, each drawn uniformly from all of them."""
        from random import Random

        from hypercuboid.graph.selection import draw

        drawn = enumerate(draw(self.graph, count, Random(seed)))
        return [self._decided(decided, f"{self.elaborated.space}Sample{number}") for number, decided in drawn]

    def draw(self, count: int, seed: int = 0) -> Drawn:
        """`count` architectures as arrays, each drawn uniformly from all of them; a million take about a second.

        Costs are params, macs, add_mult and activations; where `counts().additive` is false they are bounds.
        """
        import numpy as np

        from hypercuboid.graph.drawn_costs import draw_arrays
        from hypercuboid.graph.staging import laid_out
        from hypercuboid.graph.statistics import COSTS

        root = laid_out(self.graph.model_forest.settled, self.graph.decisions, COSTS)
        return draw_arrays(root, count, np.random.default_rng(seed))

    def decide(self, selection: Selection, name: str = "") -> Architecture:
        """The architecture that a selection decides: the same source elaborated again, nothing taken away."""
        return self._decided(selection.decided, name or f"{self.elaborated.space}Found", selection)

    def _decided(self, decided: tuple[Decided, ...], name: str, selection: Selection | None = None) -> Architecture:
        from hypercuboid.architecture import Architecture

        binding = (*self.request.binding, *decided)
        return Architecture(replace(self.request, binding=binding), selection, name)

    def architecture(self, text: str, path: str = "<arch>") -> Architecture:
        """The architecture that an `arch` item describes; it may name any space of the file."""
        from hypercuboid.architecture import Architecture

        return Architecture(arch_request(self.request, text, path))

    def read_notation(self, notation: str, text: str, path: str = "<text>") -> Architecture:
        """The architecture of this space that a text in another notation describes (see `graph.notations`)."""
        from hypercuboid.graph import notations

        source, points = Source(path, text), points_of(self.elaborated.definition)
        read = notations.notation(notation).read(source, points, lambda made: self._decided(made, "").elaborated)
        return self._decided(read.decided, read.name or f"{self.elaborated.space}Read")

    def contains(self, other: Space) -> Containment:
        """Whether this space contains an architecture, or all of another space, and if not, why."""
        from hypercuboid.containment import containment

        return containment(self, other)

    def difference(self, other: Space) -> Difference:
        """In what another space or architecture differs from this one."""
        from hypercuboid.differences import difference

        return difference(self, other)

    @property
    def text(self) -> str:
        """What is decided, as an `arch` item. Names of a file differ: that of its space is not taken."""
        return self.item(written_arguments(self.request))

    def item(self, written: Mapping[str, str]) -> str:
        """`text` with these texts of the arguments that are blocks; the others of them stay at their defaults."""
        from hypercuboid.graph.selection import arch_text

        made, partial = self._described()
        name = self.name if self.name != made.space else f"{made.space}Found"
        points = points_of(self.whole().definition)
        return arch_text(name, made, made.decided, points, written, partial)

    def _described(self) -> tuple[Elaborated, bool]:
        """The arguments and decisions that its text says, and whether others are left."""
        return self.elaborated, self.is_open

    def whole(self) -> Elaborated:
        """The space with nothing decided."""
        return elaborate(space_request(self.request))

    def resolved(self) -> str:
        """The file's text with parameters and input shapes as they were given."""
        return resolved(self.request, self.elaborated)

    def companions(self) -> dict[str, str]:
        """The other files that this one uses, by their path from its folder, with their text; the library left out."""
        return companions(self.request.module)

    def without(self, labels: Iterable[str]) -> Space:
        """The space with all alternatives of these labels left out of every choice; HC7064 for an unknown label.

        It is elaborated anew. A choice of which one alternative is left is decided.
        """
        return Space(request_without(self.request, points_of(self.elaborated.definition), labels, self.name))
