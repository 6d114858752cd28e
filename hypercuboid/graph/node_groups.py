"""The groups of the nodes of one body, as they are in a case: equal ones are one object."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from hypercuboid.diagnostics import error
from hypercuboid.frontend.elaborated import Body, Coordinates, OpNode, TopNode, label_text
from hypercuboid.graph.available import missing_inputs
from hypercuboid.graph.cases import Case
from hypercuboid.graph.changes import costless, weakened
from hypercuboid.graph.claims import Demand
from hypercuboid.graph.conditions import FOLDS, Condition, Entangled, Port, exclusive
from hypercuboid.graph.forest import Group, Top
from hypercuboid.graph.sharing import joined
from hypercuboid.graph.terms import deciders, has_own, members_of, readers_of
from hypercuboid.ops.base import TensorType
from hypercuboid.records import replace

if TYPE_CHECKING:
    from hypercuboid.graph.grow import Grower

Inside: TypeAlias = Callable[[int, set[int]], Mapping[int, Condition]]
"""Where the nodes of a term live, given the node that it ends in and its nodes."""


class NodeGroups:
    """Arguments as for `Grower.body`."""

    def __init__(self, grower: Grower, body: Body, nonzero: bool, shared: bool) -> None:
        self.grower, self.body, self.shared = grower, body, shared
        self.deciding = deciders(body, body.output) if nonzero else set()
        self.members: dict[tuple[int, int], set[int]] = {}
        self.claimed: dict[int, set[int]] = {}
        self._find_terms()
        self.inner = frozenset[int]().union(*self.claimed.values())
        """The nodes that stand in a term of a `sum top`."""
        self.memo: dict[tuple[object, ...], Group | None] = {}
        self._alive: list[Group] = []

    def _find_terms(self) -> None:
        """What belongs to each term of a `sum top`."""
        body = self.body
        tops = [(position, node) for position, node in enumerate(body.nodes) if isinstance(node, TopNode)]
        readers = readers_of(body) if tops else {}
        for position, node in tops:
            own: set[int] = set()
            for number, (where, source) in enumerate(zip(node.terms, node.inputs, strict=True)):
                found = members_of(body, readers, position, source, where, self.claimed)
                self.members[position, number] = found
                self.deciding |= deciders(body, source)
                own |= found
            self.claimed[position] = own

    def node(self, case: Case, position: int, types: Sequence[TensorType]) -> Group | None:
        """The group of a node as it is in a case, with the types of all up to it; None where it is missing."""
        node = self.body.nodes[position]
        if isinstance(node, OpNode):
            inputs = _read_together(node, case.available)
            read = tuple(types[i] for i in inputs)
            key = ("op", position, read, types[position])
            return self._once(key, lambda: self.grower.op(node, self.shared, read, types[position]))
        missing = missing_inputs(node, case.available)
        slots = ((slot, case.full.get(Port("reads", position, slot), ())) for slot in range(len(node.inputs)))
        demand = frozenset((slot, read == {1}) for slot, read in slots if len(read) == 1)
        return self.plain(position, missing, demand)

    def plain(self, position: int, missing: frozenset[int] = frozenset(), demand: Demand = frozenset()) -> Group | None:
        node, nonzero = self.body.nodes[position], position in self.deciding
        return self._once(
            (position, missing, demand), lambda: self.grower.node(node, nonzero, self.shared, missing, demand)
        )

    def _once(self, key: tuple[object, ...], make: Callable[[], Group | None]) -> Group | None:
        """Equal groups are one object, so that cases can be compared."""
        if key not in self.memo:
            self.memo[key] = make()
        return self.memo[key]

    def changed(self, how: str, group: Group, change: Callable[[Group], Group]) -> Group:
        found = self._once((how, id(group)), lambda: change(group))
        assert found is not None
        self._alive.append(group)  # an id is a key only while its object lives
        return found

    def weak(self, group: Group) -> Group:
        return self.changed("weak", group, weakened)

    def top(self, position: int, node: TopNode, own: Mapping[int, Group], inside: Inside | None) -> Group | None:
        """The terms that are there; all of them where it is not said where the nodes inside live."""
        terms = []
        for number, (where, source) in enumerate(zip(node.terms, node.inputs, strict=True)):
            lives = None if inside is None else inside(source, self.members[position, number])
            if lives is None or not lives[source].impossible:
                terms.append((where, joined(self._term(self.members[position, number], own, lives))))
        if not terms:
            return None
        alone = next((where for where, group in terms if not has_own(group, where)), None)
        if alone is not None and node.count < len(terms):
            raise _no_choice(node, alone)
        cost = self.grower.cost_of_top(node)
        return replace(cost, points=(Top(min(node.count, len(terms)), node.axes, tuple(terms), node.span),))

    def _term(self, term: set[int], own: Mapping[int, Group], lives: Mapping[int, Condition] | None) -> list[Group]:
        nested = frozenset[int]().union(*(self.claimed[i] for i in term if i in self.claimed))
        if lives is None:
            return [own[i] for i in sorted(term - nested) if i in own]
        for i in sorted(term):
            if lives[i].ports and not lives[i].impossible:
                raise Entangled(lives[i], self.body.nodes[i].span)
        left = (i for i in sorted(term - nested) if not lives[i].impossible)
        return [self.weak(own[i]) if lives[i].optional else own[i] for i in left]

    def costing(self, case: Case, position: int, group: Group) -> Group:
        """The group of a node with what it costs: nothing where nothing reads it, a bound where that is open."""
        built, live = case.built[position], case.live[position]
        if built.impossible:
            return self.changed("costless", group, costless)
        further = tuple(one for one in built.ports if one not in live.ports)
        if built.entangled or further:
            raise Entangled(Condition(further or built.ports), self.body.nodes[position].span)
        return self.weak(group) if built.optional else group


def _no_choice(node: TopNode, where: Coordinates) -> Exception:
    text = ", ".join(f"{name} = {label_text(label)}" for name, label in where)
    return error(
        "HC3108",
        f"each term of `sum top` needs a choice of its own; {text} has none",
        node.span,
        help="write a `choose` of two or more into each term, or leave `top` out: a plain `sum` keeps all",
    )


def _read_together(node: OpNode, available: list[Condition]) -> tuple[int, ...]:
    """The inputs that a fold has in one model: those that are there, and of states of which a path visits one, one."""
    there = [i for i in node.inputs if not available[i].impossible]
    perhaps = [i for i in there if available[i].ports]
    if node.op not in FOLDS or not exclusive([available[i] for i in perhaps]):
        return tuple(there)
    return tuple(i for i in there if i not in perhaps[1:])
