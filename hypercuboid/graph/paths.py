"""Cuboids of a body as paths: what lives only where a path enters or leaves in a state is put at that state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypercuboid.frontend.elaborated import Body, Candidate, OpNode, TrellisNode, full_name, instance_component
from hypercuboid.graph.changes import divided, weakened
from hypercuboid.graph.conditions import Condition, Port, unsupported
from hypercuboid.graph.forest import Built, Group, Layer, Move, Path, Segment, Template, Weights
from hypercuboid.graph.sharing import joined

if TYPE_CHECKING:
    from hypercuboid.graph.grow import Grower


def add_paths(
    grower: Grower,
    body: Body,
    nodes: dict[int, Group],
    available: list[Condition],
    live: Mapping[int, Condition],
    shared: bool,
) -> Group:
    """The group of a body from the groups of its nodes and the conditions under which they are there."""
    chains = _chains(body, available)
    links: dict[int, _Links] = {}
    for chain in chains:
        links |= dict.fromkeys(chain, _Links(body, chain, available))
    _check_exact(grower, body, available, live, links)
    parts: list[tuple[int, Group]] = []
    for position, group in nodes.items():
        condition = live[position]
        if group.is_empty:
            continue
        if condition.optional:
            group = weakened(group)
        if condition.impossible:
            _place_dead(group, links)
        elif not condition.ports and not condition.entangled:
            parts.append((position, group))
        else:
            _place(group, condition, links, body, position)
    parts += [(chain[0], Group(points=(links[chain[0]].path(grower, shared),))) for chain in chains]
    return joined([group for _, group in sorted(parts, key=lambda part: part[0])]) if parts else Group()


def _chains(body: Body, available: list[Condition]) -> list[list[int]]:
    """Cuboids in a row: each enters in states of the one before."""
    chains: dict[int, list[int]] = {}
    for position, node in enumerate(body.nodes):
        if not isinstance(node, TrellisNode):
            continue
        before = {port[1] for s in node.inputs[: len(node.state_labels)] if s >= 0 for port, _ in available[s].ports}
        if not before:
            chains[position] = [position]
            continue
        last = next(iter(before))
        if len(before) > 1 or last not in chains or chains[last][-1] != last:
            raise unsupported(node.span, "cuboids that branch or join")
        chains[position] = chains[last]
        chains[last].append(position)
    return [chain for first, chain in chains.items() if chain[0] == first]


def _check_exact(
    grower: Grower, body: Body, available: list[Condition], live: Mapping[int, Condition], links: dict[int, _Links]
) -> None:
    """Costs follow from the decisions unless a concat has fewer parts in a model, or a whole cuboid may be dead."""
    for position, node in enumerate(body.nodes):
        if isinstance(node, OpNode) and node.op == "concat" and any(available[i].ports for i in node.inputs):
            grower.exact = False
        if isinstance(node, TrellisNode) and not _always_read(live[position], links[position], position):
            grower.exact = False


def _always_read(condition: Condition, links: _Links, position: int) -> bool:
    """Whether whatever state the path ends in is read."""
    ends = links.exit if links.chain[-1] == position else {s: [] for s, _ in links.bridges[links.chain.index(position)]}
    ports = dict(condition.ports)
    states = ports.pop(("out", position), frozenset(ends))
    return not ports and not condition.optional and not condition.entangled and states >= set(ends)


class _Links:
    """What happens between the cuboids of a chain, at its two ends and in them."""

    def __init__(self, body: Body, chain: list[int], available: list[Condition]) -> None:
        self.body = body
        self.chain = chain
        self.built: list[Built] = []
        nodes = [self.node(position) for position in chain]
        count = [len(node.state_labels) for node in nodes]
        wanted = dict(available[body.output].ports)
        out = [
            [s for s in range(n) if node.steps[-1].types[s] is not None and s in wanted.get(("out", p), range(n))]
            for p, n, node in zip(chain, count, nodes, strict=True)
        ]
        self.entry: dict[int, list[Group]] = {s: [] for s in range(count[0]) if nodes[0].inputs[s] >= 0}
        self.exit: dict[int, list[Group]] = {s: [] for s in out[-1]}
        self.bridges: list[dict[tuple[int, int], list[Group]]] = []
        for i in range(len(chain) - 1):
            start = nodes[i + 1].inputs[: count[i + 1]]
            self.bridges.append(
                {
                    (s, t): []
                    for s in out[i]
                    for t in range(count[i + 1])
                    if start[t] >= 0 and s in dict(available[start[t]].ports).get(("out", chain[i]), (s,))
                }
            )

    def node(self, position: int) -> TrellisNode:
        node = self.body.nodes[position]
        assert isinstance(node, TrellisNode)
        return node

    def place(self, group: Group, ports: dict[Port, frozenset[int]]) -> bool:
        """Puts a group where the states are; False where they are not at one place of the chain."""
        gaps = {self.chain.index(p) + (kind == "out") for kind, p in ports}
        if len(gaps) != 1:
            return False
        gap = gaps.pop()
        before = ports.get(("out", self.chain[gap - 1])) if gap else None
        after = ports.get(("in", self.chain[gap])) if gap < len(self.chain) else None
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

    def path(self, grower: Grower, shared: bool) -> Path:
        segments = tuple(_segment(grower, self.node(position), shared) for position in self.chain)
        return Path(
            segments,
            {s: joined(groups) if groups else Group() for s, groups in self.entry.items()},
            tuple({pair: joined(g) if g else Group() for pair, g in bridge.items()} for bridge in self.bridges),
            {s: joined(groups) if groups else Group() for s, groups in self.exit.items()},
            tuple(self.built),
            segments[0].span,
        )


def _place(group: Group, condition: Condition, links: dict[int, _Links], body: Body, position: int) -> None:
    ports = dict(condition.ports)
    owners = {id(links[p]): links[p] for _, p in ports}
    if condition.entangled or len(owners) != 1 or not next(iter(owners.values())).place(group, ports):
        raise unsupported(body.nodes[position].span, "what lives here depends on states at several places")


def _place_dead(group: Group, links: dict[int, _Links]) -> None:
    if links:
        next(iter(links.values())).built.append(Built(0, frozenset(), group))


def _segment(grower: Grower, node: TrellisNode, shared: bool) -> Segment:
    memo: dict[int, Template] = {}
    layers = []
    for step in node.steps:
        key = id(step.candidates)
        if key not in memo:
            memo[key] = Template(
                tuple(Move(c.source, c.target, c.label, _inside(grower, node, c, shared)) for c in step.candidates)
            )
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


def _inside(grower: Grower, node: TrellisNode, candidate: Candidate, shared: bool) -> Group:
    """The group of a candidate, with what is its own in each step told from what all steps share."""
    group = divided(grower.body(candidate.body, shared=shared), node.owns)
    ends = (node.state_labels[candidate.source], node.state_labels[candidate.target])
    name = instance_component(node.name, (), *ends, candidate.label)

    def each_step(weights: Weights) -> Weights:
        if weights.instance is not None:
            return weights
        return replace(weights, part=full_name(name, weights.part), each_step=True)

    return grower.outside(group, each_step)
