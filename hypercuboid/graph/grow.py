"""From an elaborated space to its decision forest; a definition used often is processed once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TypeAlias

from hypercuboid.diagnostics import HypercuboidError
from hypercuboid.frontend.elaborated import (
    Alternative,
    Body,
    ChoiceNode,
    Coordinates,
    Elaborated,
    OpNode,
    ScanNode,
    TopNode,
    UseNode,
    full_name,
)
from hypercuboid.graph.changes import renamed, repeated, reweighed, weakened
from hypercuboid.graph.conditions import FOLDS, Condition, availability, exclusive, full_ports, unsupported
from hypercuboid.graph.followed import Following
from hypercuboid.graph.forest import Address, Group, OneOf, Option, Rename, Top, Weights
from hypercuboid.graph.lifted import lifted
from hypercuboid.graph.needs import Needs
from hypercuboid.graph.paths import add_paths
from hypercuboid.graph.settled import settled
from hypercuboid.graph.sharing import joined
from hypercuboid.graph.terms import deciders, members_of, readers_of
from hypercuboid.ops import OPS
from hypercuboid.ops.base import Cost, TensorType, Value

Price: TypeAlias = Callable[[str, Mapping[str, Value], tuple[TensorType, ...], TensorType], Cost]
"""Op, arguments, input types and output type -> what one use costs."""


def price(op: str, values: Mapping[str, Value], inputs: tuple[TensorType, ...], output: TensorType) -> Cost:
    """What the op itself says."""
    return OPS[op].price(values, inputs, output)


def grow(elaborated: Elaborated, price: Price = price) -> Forest:
    """The decision forest of a space; HC3095, HC5021 or HC5022 where it cannot be expressed exactly."""
    grower, body = Grower(price), elaborated.definition.body
    root = grower.body(body)
    exact = grower.exact and elaborated.definition.bounded
    unfollowed = partial(Grower(price, follow=False).body, body) if grower.following.made else None
    return Forest(root, grower.known, exact, grower.shares, unfollowed)


@dataclass(frozen=True, eq=False)
class Forest:
    """A decision forest. `known`: all shapes are; `exact`: what lives is settled by the decisions it holds; `shares`:
    some parameters are shared."""

    root: Group
    known: bool
    exact: bool
    shares: bool
    unfollowed: Callable[[], Group] | None = None
    """Makes the root in which decisions that follow others stand in their places too (see `followed`)."""

    @cached_property
    def outcomes(self) -> Group:
        """The root as independent decisions: those that several parts share are made first (see `lifted`)."""
        return lifted(self.root)

    @cached_property
    def settled(self) -> Group:
        """The outcomes with shared parameters among the costs, as architectures have them (see `settled`)."""
        return settled(self._priced) if self.shares else self._priced

    @property
    def _priced(self) -> Group:
        """The outcomes with all costs at their places, where there are few enough; else some are bounds."""
        if self.unfollowed is None:
            return self.outcomes
        try:
            return lifted(self.unfollowed())
        except HypercuboidError:
            return self.outcomes


class Grower:
    """Turns bodies into groups, once each."""

    def __init__(self, price: Price = price, follow: bool = True) -> None:
        self._price = price
        self.needs = Needs()
        self.known = True
        self.exact = True
        self.shares = False
        """Whether any parameters were met that are shared."""
        self.following = Following(follow)
        self._groups: dict[tuple[int, bool, bool], Group] = {}

    def body(self, body: Body, nonzero: bool = False, shared: bool = False) -> Group:
        """The group of a body. `nonzero`: alternatives that make its output zero cannot be kept. `shared`: its
        parameters are those of a shared instance."""
        key = (id(body), nonzero, shared)
        if key not in self._groups:
            self._groups[key] = self._grown(body, nonzero, shared)
        return self._groups[key]

    def _grown(self, body: Body, nonzero: bool, shared: bool) -> Group:
        full = full_ports(body)
        available = availability(body, full)
        live = self.needs.conditions(body, full, available, body.output)
        deciding = deciders(body, body.output) if nonzero else set()
        tops = [i for i, node in enumerate(body.nodes) if isinstance(node, TopNode)]
        readers = readers_of(body) if tops else {}
        members: dict[tuple[int, int], set[int]] = {}
        claimed: dict[int, set[int]] = {}
        for position in tops:
            node = body.nodes[position]
            assert isinstance(node, TopNode)
            for number, (where, source) in enumerate(zip(node.terms, node.inputs, strict=True)):
                members[position, number] = members_of(body, readers, position, source, where, claimed)
                deciding |= deciders(body, source)
            claimed[position] = set().union(*(members[position, i] for i in range(len(node.inputs))))
        own: dict[int, Group] = {}
        for position, node in enumerate(body.nodes):
            if not isinstance(node, TopNode):
                own[position] = self._node(body, position, position in deciding, shared, available)
                continue
            terms = []
            for number, (where, source) in enumerate(zip(node.terms, node.inputs, strict=True)):
                term = members[position, number]
                inside = self.needs.conditions(body, full, available, source, term)
                nested = set().union(*(claimed[i] for i in term if i in claimed))
                parts = [_weakened(own[i], inside[i], body, i) for i in sorted(term - nested)]
                terms.append((where, joined(parts)))
            cost = self._cost_of_top(node)
            own[position] = replace(cost, points=(Top(node.count, node.axes, tuple(terms), node.span),))
        inner = set().union(*claimed.values()) if claimed else set()
        nodes = {i: group for i, group in own.items() if i not in inner}
        return self.following.group(add_paths(self, body, nodes, available, live, shared))

    def _node(self, body: Body, position: int, nonzero: bool, shared: bool, available: list[Condition]) -> Group:
        node = body.nodes[position]
        if isinstance(node, OpNode):
            return self._op(node, body, shared, _read_together(node, available))
        if isinstance(node, UseNode):
            inner = self.body(node.definition.body, nonzero, shared or node.instance is not None)
            return self.outside(renamed(inner, _renaming(node)), partial(of_use, node))
        if isinstance(node, ChoiceNode):
            options = tuple(
                Option(a.label, nonzero and a.zero, self._alternative(node, a, nonzero, shared))
                for a in node.alternatives
            )
            return Group(points=(OneOf(node.decision, node.coordinates, node.axes, options, node.span),))
        if isinstance(node, ScanNode):
            group = self.outside(self.body(node.body, nonzero, shared), partial(below, node.name))
            self.known &= node.length is not None
            return repeated(group, node.length or 0)
        return Group()

    def _op(self, node: OpNode, body: Body, shared: bool, inputs: tuple[int, ...]) -> Group:
        types = [*(body.nodes[i].type for i in inputs), node.type]
        if node.op in ("sum", "mean") and len(inputs) == 1:
            self.known &= node.type.known
            return Group()
        values = {name: argument.value for name, argument in node.arguments.items()}
        least, most = (self._cost(node.op, values, types, narrow) for narrow in (True, False))
        if not shared or not most.params:
            return Group(least, most - least)
        self.shares = True
        weights = Weights(None, node.name, least.params, most.params)
        least, most = replace(least, params=0), replace(most, params=0)
        return Group(least, most - least, shared=frozenset((weights,)))

    def _alternative(self, node: ChoiceNode, one: Alternative, nonzero: bool, shared: bool) -> Group:
        group = self.body(one.body, nonzero and not one.zero, shared)
        return self.outside(group, partial(below, node.name))

    def outside(self, group: Group, change: Callable[[Weights], Weights]) -> Group:
        """The group of an inner body as the body around it has it: `change` says how shared parameters are called."""
        return reweighed(group, change) if self.shares else group

    def _cost_of_top(self, node: TopNode) -> Group:
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


def _read_together(node: OpNode, available: list[Condition]) -> tuple[int, ...]:
    """The inputs that a fold has in one model: of states of which a path visits one, one."""
    perhaps = [i for i in node.inputs if available[i].ports]
    if node.op not in FOLDS or not exclusive([available[i] for i in perhaps]):
        return tuple(node.inputs)
    return tuple(i for i in node.inputs if i not in perhaps[1:])


def _weakened(group: Group, condition: Condition, body: Body, position: int) -> Group:
    """The group of a node that lives only where some decision reads it: its costs are bounds."""
    if condition.ports or condition.entangled:
        raise unsupported(body.nodes[position].span, "a term of `sum top` reads a state that may be missing")
    return weakened(group) if condition.optional else group


def below(name: str, weights: Weights) -> Weights:
    """Shared parameters as they are called outside of what is called `name`."""
    return weights if weights.instance is not None else replace(weights, part=full_name(name, weights.part))


def of_use(node: UseNode, weights: Weights) -> Weights:
    """Shared parameters inside a use as they are called outside: an instance of the definition stays inside."""
    instance, part = weights.instance, weights.part
    if instance is not None and instance.startswith("^"):
        return replace(weights, instance=node.instances[instance])
    part = part if instance is None else full_name(instance, part)
    if node.instance is not None:
        return replace(weights, instance=node.instance, part=part)
    return replace(weights, instance=None, part=full_name(node.name, part))


def _renaming(node: UseNode) -> Rename:
    def rename(name: str, coordinates: Coordinates) -> Address:
        front = () if name.startswith("^") else node.coordinates
        return node.decisions.get(name, name), (*front, *coordinates)

    return rename
