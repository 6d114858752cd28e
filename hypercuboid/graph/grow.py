"""From an elaborated space to its decision forest; a definition used often is processed once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias

from hypercuboid.frontend.elaborated import (
    Alternative,
    Body,
    ChoiceNode,
    Elaborated,
    Node,
    OpNode,
    ScanNode,
    TopNode,
    TrellisNode,
    UseNode,
)
from hypercuboid.frontend.opened import is_open
from hypercuboid.graph.cases import Case
from hypercuboid.graph.changes import of_candidates, renamed, repeated, reweighed
from hypercuboid.graph.claims import Demand
from hypercuboid.graph.conditions import FOLDS
from hypercuboid.graph.followed import Following
from hypercuboid.graph.forest import NOTHING, Cases, Group, OneOf, Option, Segment, Weights
from hypercuboid.graph.growing import Growing
from hypercuboid.graph.grown import Forest
from hypercuboid.graph.naming import below, of_use, renaming
from hypercuboid.graph.needs import Needs
from hypercuboid.graph.node_groups import NodeGroups
from hypercuboid.graph.paths import segment_of
from hypercuboid.graph.plain import is_plain, plain_group
from hypercuboid.graph.sharing import joined
from hypercuboid.graph.whole import alone, lacks_alternatives, whole
from hypercuboid.ops import OPS
from hypercuboid.ops.base import Cost, TensorType, Value
from hypercuboid.records import replace

Price: TypeAlias = Callable[[str, Mapping[str, Value], tuple[TensorType, ...], TensorType], Cost]
"""Op, arguments, input types and output type -> what one use costs."""


def price(op: str, values: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> Cost:
    """What the op itself says."""
    return OPS[op].price(values, inputs, output)


def grow(elaborated: Elaborated, price: Price = price) -> Forest:
    """The decision forest of a space; HC3095, HC5021 or HC5022 where it cannot be expressed exactly."""
    grower, body = Grower(price), elaborated.definition.body
    root = grower.root(body)
    exact = grower.exact and elaborated.definition.bounded
    unfollowed = partial(Grower(price, follow=False).root, body) if grower.following.made else None
    return Forest(root, grower.known, exact, grower.shares, unfollowed)


Key: TypeAlias = tuple[int, bool, bool, frozenset[int], Demand]


UNDECIDED = Group()


class Grower:
    """Turns bodies into groups, once each."""

    def __init__(self, price: Price = price, follow: bool = True, free: bool = False) -> None:
        """`free`: costs do not matter, so parts without decisions are not looked at."""
        self._price = price
        self._free = free
        self.needs = Needs()
        self.known = True
        self.exact = True
        self.shares = False
        """Whether any parameters were met that are shared."""
        self.following = Following(follow)
        self._groups: dict[Key, Group | None] = {}
        self._cases: dict[Key, list[Case]] = {}
        self._segments: dict[tuple[object, ...], Segment] = {}

    def root(self, body: Body) -> Group:
        """The group of a space; one without any way to decide it where no architecture has an output."""
        found = self.body(body)
        return Group(points=(Cases((), Group(), body.nodes[body.output].span),)) if found is None else found

    def body(
        self,
        body: Body,
        nonzero: bool = False,
        shared: bool = False,
        missing: frozenset[int] = frozenset(),
        demand: Demand = frozenset(),
    ) -> Group | None:
        """The group of a body; None where its output is missing. `nonzero`: alternatives that make its output zero
        cannot be kept. `shared`: its parameters are those of a shared instance. `missing` are the inputs that are,
        `demand` says of some others whether they are read."""
        if self._free and not missing and not demand and not is_open(body):
            return UNDECIDED
        plain = not missing and not demand and is_plain(body)
        key = (id(body), nonzero and not plain, shared, missing, demand)
        if key not in self._groups and plain:
            self._groups[key] = plain_group(self, body, shared)
        if key not in self._groups:
            found = self.cases(body, nonzero, shared, missing, demand)
            self._groups[key] = None if not found else self._joined(body, found, nonzero, shared)
        return self._groups[key]

    def cases(
        self, body: Body, nonzero: bool, shared: bool, missing: frozenset[int], demand: Demand = frozenset()
    ) -> list[Case]:
        """The cases of a body, as for `body`."""
        key = (id(body), nonzero, shared, missing, demand)
        if key not in self._cases:
            self._cases[key] = Growing(self, body, nonzero, shared, missing, demand).cases()
        return self._cases[key]

    def types(self, body: Body, nonzero: bool, shared: bool, missing: frozenset[int]) -> set[TensorType]:
        """The types that the output of a body has in its cases."""
        if not missing and (is_plain(body) or (self._free and not is_open(body))):
            return {body.type}
        return {case.types[body.output] for case in self.cases(body, nonzero, shared, missing)}

    def _joined(self, body: Body, cases: list[Case], nonzero: bool, shared: bool) -> Group:
        """One case as it is; several with what is the same in all of them outside."""
        if len(cases) == 1 and not lacks_alternatives(body, cases[0]):
            return self.following.group(alone(NodeGroups(self, body, nonzero, shared), cases[0]))
        same = set.intersection(*({(at, id(group)) for at, group in case.parts} for case in cases))
        same = same if len(cases) > 1 else set()
        outside = [part for part in cases[0].parts if (part[0], id(part[1])) in same]
        options = tuple(
            self.following.group(joined([group for at, group in case.parts if (at, id(group)) not in same]))
            for case in cases
        )
        every = whole(
            NodeGroups(self, body, nonzero, shared), cases, {position for at, _ in outside for position in at}
        )
        inside = Cases(options, every, body.nodes[body.output].span)
        return self.following.group(joined([*(group for _, group in outside), Group(points=(inside,))]))

    def segment(
        self, node: TrellisNode, shared: bool, missing: frozenset[int], change: Callable[[Group], Group] | None
    ) -> Segment:
        """The steps of a cuboid, `change` made to its candidates; equal ones are one object, so that passes memoise."""
        key = (id(node), shared, missing, change)
        if key not in self._segments:
            made = segment_of(self, node, shared, missing)
            self._segments[key] = made if change is None else of_candidates(made, change)
        return self._segments[key]

    def present(self, node: Node, missing: frozenset[int]) -> bool:
        """Whether a node can be there without some of its inputs."""
        return self.node(node, False, False, missing) is not None

    def node(
        self, node: Node, nonzero: bool, shared: bool, missing: frozenset[int], demand: Demand = frozenset()
    ) -> Group | None:
        """The group of a use, a choice or a scan; None where it is missing."""
        if isinstance(node, UseNode):
            body, own = node.definition.body, shared or node.instance is not None
            inner = self.body(body, nonzero, own, missing, demand)
            return None if inner is None else self.outside(renamed(inner, renaming(node)), partial(of_use, node))
        if isinstance(node, ChoiceNode):
            made = ((a, self._alternative(node, a, nonzero, shared, missing, demand)) for a in node.alternatives)
            options = tuple(Option(a.label, nonzero and a.zero, group) for a, group in made if group is not None)
            point = OneOf(node.decision, node.coordinates, node.axes, options, node.span)
            return Group(points=(point,)) if options else None
        if isinstance(node, ScanNode):
            inner = None if missing & {0, 1} else self.body(node.body, nonzero, shared, missing, demand)
            self.known &= node.length is not None
            if inner is None:
                return None
            return repeated(self.outside(inner, partial(below, node.name)), node.length or 0)
        return Group()

    def op(self, node: OpNode, shared: bool, inputs: tuple[TensorType, ...], output: TensorType) -> Group:
        """The group of an op on tensors of these types."""
        types = [*inputs, output]
        if node.op in FOLDS and len(inputs) == 1:
            self.known &= output.known
            return Group()
        values = {name: argument.value for name, argument in node.arguments.items()}
        most = self._cost(node.op, values, types, False)
        least = most if all(type.settled for type in types) else self._cost(node.op, values, types, True)
        if not shared or not most.params:
            return Group(least, NOTHING if least is most else most - least)
        self.shares = True
        weights = Weights(None, node.name, least.params, most.params)
        optional = NOTHING if least is most else replace(most - least, params=0)
        return Group(replace(least, params=0), optional, shared=frozenset((weights,)))

    def _alternative(
        self,
        node: ChoiceNode,
        one: Alternative,
        nonzero: bool,
        shared: bool,
        missing: frozenset[int],
        demand: Demand,
    ) -> Group | None:
        if any(read and slot not in one.inputs for slot, read in demand):
            return None
        gone = frozenset(i for i, slot in enumerate(one.inputs) if slot in missing)
        wanted = frozenset((i, read) for i, slot in enumerate(one.inputs) for wanted, read in demand if slot == wanted)
        group = self.body(one.body, nonzero and not one.zero, shared, gone, wanted)
        return None if group is None else self.outside(group, partial(below, node.name))

    def outside(self, group: Group, change: Callable[[Weights], Weights]) -> Group:
        """The group of an inner body as the body around it has it: `change` says how shared parameters are called."""
        return reweighed(group, change) if self.shares else group

    def cost_of_top(self, node: TopNode) -> Group:
        """The sum of the terms that are kept."""
        if node.count < 2:
            return Group()
        least, most = (self._cost("sum", {}, [node.type] * (node.count + 1), narrow) for narrow in (True, False))
        return Group(least, most - least)

    def _cost(self, op: str, values: Mapping[str, Value], types: list[TensorType], narrow: bool) -> Cost:
        """The cost at the widest tensors, or at the narrowest that decisions may leave; the output's type is last."""
        if not all(type.known for type in types):
            self.known = False
            return Cost()
        *inputs, output = (type.narrowest if narrow else type.widest for type in types)
        return self._price(op, values, tuple(inputs), output)
