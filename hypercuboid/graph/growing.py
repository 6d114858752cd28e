"""One body of a space as it becomes a group: what lives in it, case by case."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.frontend.elaborated import Body, Node, OpNode, TopNode, TrellisNode
from hypercuboid.graph.available import availability
from hypercuboid.graph.case_types import TELLABLE, CaseTypes
from hypercuboid.graph.cases import Case, Part, cases_of
from hypercuboid.graph.claims import Demand, claims_of, told_inputs
from hypercuboid.graph.conditions import Condition, Entangled, Port, Ports, full_ports
from hypercuboid.graph.forest import Group
from hypercuboid.graph.needs import Slot
from hypercuboid.graph.node_groups import NodeGroups
from hypercuboid.graph.paths import Paths
from hypercuboid.graph.readable import readable
from hypercuboid.records import replace

if TYPE_CHECKING:
    from hypercuboid.graph.grow import Grower


class Growing:
    """A body on the way to a group; arguments as for `Grower.body`."""

    def __init__(
        self,
        grower: Grower,
        body: Body,
        nonzero: bool,
        shared: bool,
        missing: frozenset[int] = frozenset(),
        demand: Demand = frozenset(),
    ) -> None:
        self.grower, self.body, self.shared, self.missing, self.demand = grower, body, shared, missing, demand
        self.groups = NodeGroups(grower, body, nonzero, shared)
        self.widths = any(map(_is_concat, body.nodes))
        """Whether widths that paths decide are told apart: as long as there are few enough."""

    # ------------------------------------------------------------ cases

    def cases(self) -> list[Case]:
        """Every case; what only some decision reads is told apart where cuboids hang on it."""
        asked = frozenset(slot for slot, _ in self.demand)
        told = told_inputs(self.grower.needs, self.body, asked) if asked else frozenset()
        found = self._told(told)
        if any(case.weak for case in found):
            more = told | told_inputs(self.grower.needs, self.body, self._states())
            found = self._told(more) if more != told else found
        self.grower.exact &= all(case.exact for case in found)
        return found

    def _states(self) -> frozenset[int]:
        return frozenset(i for i, node in enumerate(self.body.nodes) if isinstance(node, TrellisNode))

    def _told(self, told: frozenset[Slot]) -> list[Case]:
        ports = full_ports(self.body) | {Port("reads", *slot): frozenset((0, 1)) for slot in told}
        try:
            return cases_of(self.body, ports, partial(self._case, told))
        except HypercuboidError:
            if not self.widths:
                raise
            self.widths = False
            return cases_of(self.body, ports, partial(self._case, told))

    def _case(self, told: frozenset[Slot], full: Ports) -> Case | None:
        """The case for ports; None where it has no output, or does not read what is demanded. See `Entangled`."""
        found = self._lives(told, full)
        if found is None or not self._is_demanded(found) or not self._is_undecided(found, full):
            return None
        self._tell_apart(found)
        paths = Paths(self.body, found, self.shared)
        own: dict[int, Group] = {}
        types = CaseTypes(self.grower, self.body, found, self.shared)
        for position, node in enumerate(self.body.nodes):
            types.add(position, position in self.groups.deciding)
            inside = position in self.groups.inner and not found.available[position].impossible
            if found.live[position].impossible and not inside:
                continue
            if isinstance(node, TopNode):
                group = self.groups.top(position, node, own, partial(self._inside, found))
            else:
                group = self.groups.node(found, position, types.types)
            if group is not None:
                own[position] = group
            elif not inside:
                return None
        return self._placed(replace(found, types=tuple(types.types), exact=types.exact), paths, own)

    def _tell_apart(self, case: Case) -> None:
        """Raises Entangled where a path of few states may leave out parts of a `concat`: they decide its width."""
        for position, node in enumerate(self.body.nodes):
            if self.widths and _is_concat(node) and not case.live[position].impossible:
                for one in (case.available[i] for i in node.inputs):
                    few = one.ports and not one.impossible and len(case.full[one.ports[0][0]]) <= TELLABLE
                    if few and self.body.nodes[self.body.output].type.known:
                        raise Entangled(one, node.span)

    def _lives(self, told: frozenset[Slot], full: Ports) -> Case | None:
        """What lives, with no more states at the ends of cuboids than something reads there."""
        while True:
            available = availability(self.body, full, self.missing, self.grower.present)
            output = available[self.body.output]
            if output.impossible:
                return None
            if output.ports:
                raise Entangled(output, self.body.nodes[self.body.output].span)
            live = self.conditions(full, available, self.body.output)
            less = self._read_states(full, available, live)
            if less == full:
                built = self.conditions(full, available, self.body.output, told) if told else live
                return Case(full, available, live, built)
            full = less

    def conditions(
        self,
        full: Ports,
        available: list[Condition],
        root: int,
        told: Collection[Slot] = (),
        among: Collection[int] | None = None,
    ) -> dict[int, Condition]:
        reading = partial(claims_of, self.grower)
        return self.grower.needs.conditions(self.body, full, available, root, reading, told, among)

    def _inside(self, case: Case, source: int, term: set[int]) -> dict[int, Condition]:
        """Where the nodes of a term live that ends in a node."""
        return self.conditions(case.full, case.available, source, among=term)

    def _read_states(self, full: Ports, available: list[Condition], live: dict[int, Condition]) -> Ports:
        """The ports without ends of paths that nothing reads, and starts that are missing."""
        less = dict(full)
        for position, node in enumerate(self.body.nodes):
            if isinstance(node, TrellisNode):
                port = Port("in", position)
                less[port] = frozenset(s for s in full[port] if not available[node.inputs[s]].impossible)
            elif Port("out", node.inputs[0] if node.inputs else -1) in full and live[position].impossible:
                port = Port("out", node.inputs[0])
                less[port] -= {getattr(node, "state", -1)}
        return less

    def _is_demanded(self, case: Case) -> bool:
        """Whether the inputs that are spoken of are read or not as they are to be."""
        for position, read in sorted(self.demand):
            condition = case.built[position]
            if condition.ports and not condition.impossible:
                raise Entangled(condition, self.body.nodes[position].span)
            if condition.impossible == read:
                return False
        return True

    def _is_undecided(self, case: Case, full: Ports) -> bool:
        """Whether dead cuboids are dead wherever their own paths lead, and this is the one case for all of these."""
        nodes = enumerate(self.body.nodes)
        dead = [p for p, node in nodes if isinstance(node, TrellisNode) and case.live[p].impossible]
        ports = [Port(kind, p) for p in dead for kind in ("in", "out")]
        every = full_ports(self.body)
        if any(every[port] and min(every[port]) not in full[port] for port in ports):
            return False
        if not dead:
            return True
        opened = dict(case.full) | {port: every[port] for port in ports}
        reading = partial(claims_of, self.grower)
        return not readable(self.body, opened, self.missing, self.grower.present, reading) & set(dead)

    def _placed(self, case: Case, paths: Paths, own: dict[int, Group]) -> Case:
        """Every group at its place: independent of paths, or where they enter and leave cuboids."""
        parts: list[Part] = []
        for position, group in own.items():
            if position in self.groups.inner or group.is_empty:
                continue
            group = self.groups.costing(case, position, group)
            if not paths.placed(position, group):
                parts.append(((position,), group))
        parts += paths.parts(self.grower, self.groups.memo)
        exact = case.exact and all(self._is_exact(case, position) for position in own)
        return replace(case, parts=tuple(sorted(parts, key=lambda part: part[0])), weak=paths.weak, exact=exact)

    def _is_exact(self, case: Case, position: int) -> bool:
        """Whether costs follow from the decisions: in the case, a `concat` has the same parts in every model."""
        node = self.body.nodes[position]
        there = (case.available[i] for i in node.inputs if i >= 0)
        return not _is_concat(node) or all(not one.ports or one.impossible for one in there)


def _is_concat(node: Node) -> bool:
    return isinstance(node, OpNode) and node.op == "concat"
