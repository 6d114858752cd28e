"""Cuboids of a body as paths: what lives only where a path enters or leaves in a state is put at that state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from hypercuboid.frontend.elaborated import Body, Candidate, StateNode, TrellisNode, full_name, instance_component
from hypercuboid.graph.available import missing_inputs
from hypercuboid.graph.cases import Case, Part
from hypercuboid.graph.changes import costless, divided, weakened
from hypercuboid.graph.conditions import Entangled, Port, at
from hypercuboid.graph.forest import Built, Group, Layer, Move, Path, Segment, Template, Weights
from hypercuboid.graph.needs import without
from hypercuboid.graph.sharing import joined
from hypercuboid.records import replace

if TYPE_CHECKING:
    from hypercuboid.graph.grow import Grower


class Paths:
    """The cuboids of a body in one case, in rows: each enters in states of the one before."""

    def __init__(self, body: Body, case: Case, shared: bool) -> None:
        """Raises Entangled where cuboids branch or join, or what is read of one depends on another."""
        self.body, self.full, self.available, self.shared = body, case.full, case.available, shared
        self.live, self.built = case.live, case.built
        self.chains = self._chains()
        self.links = {p: links for chain in self.chains for links in (_Links(self, chain),) for p in chain}
        self.weak = any(self.live[state].optional for p in self.links for state in self._states(p))
        """Whether only some decision reads a cuboid."""

    def _cuboids(self) -> list[int]:
        """Those that live, in source order."""
        nodes = enumerate(self.body.nodes)
        return [p for p, node in nodes if isinstance(node, TrellisNode) and not self.live[p].impossible]

    def _chains(self) -> list[list[int]]:
        chains: dict[int, list[int]] = {}
        for position in self._cuboids():
            node = self.body.nodes[position]
            assert isinstance(node, TrellisNode)
            if self.live[position].ports:
                raise Entangled(self.live[position], node.span)
            starts = [self.available[s] for s in node.inputs[: len(node.state_labels)] if s >= 0]
            open_starts = [one for one in starts if one.ports and not one.impossible]
            if not open_starts:
                chains[position] = [position]
                continue
            ((last_port, _), *_) = open_starts[0].ports
            before = {port for one in open_starts for port, _ in one.ports}
            chain = chains.get(last_port.position, [])
            mixed = len(open_starts) < sum(not one.impossible for one in starts)
            if before != {Port("out", last_port.position)} or not chain or chain[-1] != last_port.position or mixed:
                raise Entangled(open_starts[0], node.span)
            chains[position] = chain
            chain.append(position)
        return [chain for first, chain in chains.items() if chain[0] == first]

    def placed(self, position: int, group: Group) -> bool:
        """Puts what lives only where a path is in some states there; False for what is independent of paths."""
        condition = self.live[position]
        if not condition.ports and not condition.entangled:
            return False
        span = self.body.nodes[position].span
        owners = [None if port.kind == "reads" else self.links.get(port.position) for port, _ in condition.ports]
        links = owners[0]
        if condition.entangled or links is None or any(one is not links for one in owners):
            raise Entangled(condition, span)
        if not links.place(group, dict(condition.ports)):
            raise Entangled(condition, span)
        return True

    def _states(self, cuboid: int) -> list[int]:
        """The nodes of the states in which a path may end."""
        nodes = enumerate(self.body.nodes)
        states = [p for p, node in nodes if isinstance(node, StateNode) and node.inputs == (cuboid,)]
        return [p for p in states if not self.live[p].impossible]

    def cost(self, cuboid: int) -> Callable[[Group], Group] | None:
        """What a cuboid costs in this case: nothing, or a bound, where decisions do not read it; None: all.

        Raises Entangled where that depends on another cuboid, or on its own end.
        """
        states = self._states(cuboid)
        chain = self.links[cuboid].chain
        inside = (Port("out", cuboid), *(Port("in", p) for p in chain))
        read = [without(self.built[p], *inside) for p in states]
        for position, one in zip(states, read, strict=True):
            if (one.ports and not one.impossible) or one.entangled:
                raise Entangled(one, self.body.nodes[position].span)
        silent = [p for p, one in zip(states, read, strict=True) if one.impossible]
        if 0 < len(silent) < len(states):
            ends = (self.body.nodes[p] for p in silent)
            numbers = frozenset(node.state for node in ends if isinstance(node, StateNode))
            raise Entangled(at(Port("out", cuboid), numbers), self.body.nodes[cuboid].span)
        if silent:
            return costless
        return weakened if any(one.optional for one in read) else None

    def parts(self, grower: Grower, memo: dict[tuple[object, ...], Group | None]) -> list[Part]:
        """A path for each row; equal ones are one object."""
        found: list[Part] = []
        for chain in self.chains:
            path = self.links[chain[0]].path(grower)
            key = ("path", *(part for part in _signature(path)))
            group = memo.setdefault(key, Group(points=(path,)))
            assert group is not None
            found.append((tuple(chain), group))
        return found


class _Links:
    """What happens between the cuboids of a chain, at its two ends and in them."""

    def __init__(self, paths: Paths, chain: list[int]) -> None:
        self.paths = paths
        self.chain = chain
        self.built: list[Built] = []
        full, available = paths.full, paths.available
        out = [sorted(full[Port("out", p)]) for p in chain]
        self.entry: dict[int, list[Group]] = {s: [] for s in sorted(full[Port("in", chain[0])])}
        self.exit: dict[int, list[Group]] = {s: [] for s in out[-1]}
        self.bridges: list[dict[tuple[int, int], list[Group]]] = []
        for i, position in enumerate(chain[1:]):
            start = self.node(position).inputs
            entered = sorted(full[Port("in", position)])
            leaving = Port("out", chain[i])
            self.bridges.append(
                {(s, t): [] for s in out[i] for t in entered if s in dict(available[start[t]].ports).get(leaving, (s,))}
            )

    def node(self, position: int) -> TrellisNode:
        node = self.paths.body.nodes[position]
        assert isinstance(node, TrellisNode)
        return node

    def place(self, group: Group, ports: dict[Port, frozenset[int]]) -> bool:
        """Puts a group where the states are; False where they are not at one place of the chain."""
        gaps = {self.chain.index(port.position) + (port.kind == "out") for port in ports}
        if len(gaps) != 1:
            return False
        gap = gaps.pop()
        before = ports.get(Port("out", self.chain[gap - 1])) if gap else None
        after = ports.get(Port("in", self.chain[gap])) if gap < len(self.chain) else None
        keys = []
        for key, groups in self.gaps[gap].items():
            s, t = key if isinstance(key, tuple) else (key, key)
            if (before is None or s in before) and (after is None or t in after):
                groups.append(group)
                keys.append(key)
        self.built.append(Built(gap, frozenset(keys), group))
        return True

    @property
    def gaps(self) -> list[dict[Any, list[Group]]]:
        return [self.entry, *self.bridges, self.exit]

    def segment(self, grower: Grower, position: int) -> Segment:
        node, change = self.node(position), self.paths.cost(position)
        return grower.segment(node, self.paths.shared, missing_inputs(node, self.paths.available), change)

    def path(self, grower: Grower) -> Path:
        segments = tuple(map(partial(self.segment, grower), self.chain))
        return Path(
            segments,
            {s: joined(groups) if groups else Group() for s, groups in self.entry.items()},
            tuple({pair: joined(g) if g else Group() for pair, g in bridge.items()} for bridge in self.bridges),
            {s: joined(groups) if groups else Group() for s, groups in self.exit.items()},
            tuple(self.built),
            segments[0].span,
        )


def _signature(path: Path) -> Iterator[object]:
    yield from map(id, path.segments)
    for built in path.built:
        yield built.place, built.keys, id(built.group)
    for place in range(len(path.segments) + 1):
        yield frozenset(path.gap(place))


def whole_path(grower: Grower, node: TrellisNode, shared: bool, entry: frozenset[int], exit: frozenset[int]) -> Path:
    """A cuboid as it is built for all cases: by all states that it is entered and left in."""
    segment = grower.segment(node, shared, frozenset(), None)
    none = Group()
    return Path((segment,), dict.fromkeys(sorted(entry), none), (), dict.fromkeys(sorted(exit), none), (), node.span)


def segment_of(grower: Grower, node: TrellisNode, shared: bool, missing: frozenset[int]) -> Segment:
    """The steps of a cuboid without candidates that are missing, as what they read is; `missing` are its inputs."""
    memo: dict[int, Template] = {}
    layers = []
    for step in node.steps:
        key = id(step.candidates)
        if key not in memo:
            made = ((c, _inside(grower, node, c, shared, missing)) for c in step.candidates)
            memo[key] = Template(tuple(Move(c.source, c.target, c.label, g) for c, g in made if g is not None))
            for candidate in step.candidates:
                read = grower.needs.inputs_read(candidate.body)
                if not any(r and s == candidate.source for r, s in zip(read, candidate.inputs, strict=True)):
                    grower.exact = False
        layers.append(Layer(step.coordinates, memo[key], step.decided, step.dead))
    return Segment(
        node.decision,
        node.coordinates,
        node.depth,
        node.states,
        node.choices,
        node.depth_labels,
        node.state_labels,
        node.choice_labels,
        node.compete,
        node.axis_order,
        tuple(layers),
        node.span,
    )


def missing_of(node: TrellisNode, candidate: Candidate, missing: frozenset[int]) -> frozenset[int]:
    """The inputs of a candidate's body that are missing where those of the cuboid are; its states are never."""
    states = len(node.state_labels)
    return frozenset(i for i, slot in enumerate(candidate.inputs) if slot >= states and slot in missing)


def _inside(
    grower: Grower, node: TrellisNode, candidate: Candidate, shared: bool, missing: frozenset[int]
) -> Group | None:
    """The group of a candidate, with what is its own in each step told from what all steps share."""
    gone = missing_of(node, candidate, missing)
    inner = grower.body(candidate.body, shared=shared, missing=gone)
    if inner is None:
        return None
    if grower.types(candidate.body, False, shared, gone) != {candidate.body.type}:
        grower.exact = False
    group = divided(inner, node.owns)
    ends = (node.state_labels[candidate.source], node.state_labels[candidate.target])
    name = instance_component(node.name, (), *ends, candidate.label)

    def each_step(weights: Weights) -> Weights:
        if weights.instance is not None:
            return weights
        return replace(weights, part=full_name(name, weights.part), each_step=True)

    return grower.outside(group, each_step)
